"""Trains a tiny BERT with Hugging Face's Trainer, watched by BatchNorm Lab: python huggingface_callback.py [FOLDER]"""
import sys

import torch
from batchnorm_lab import watch
from torch import nn
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainerCallback, TrainingArguments


class WatchNetwork(TrainerCallback):
    def __init__(self, folder, every=50):
        self.folder, self.every = folder, every

    def on_train_begin(self, args, state, control, model=None, optimizer=None, **others):
        self.lab = watch(model, self.folder, every=self.every, optimizers=optimizer, start=state.global_step)
        self.loss = None
        # The Trainer gives the loss of a minibatch to no callback: the model returns it.
        self.hook = model.register_forward_hook(self.remember)

    def remember(self, model, inputs, outputs):
        if model.training:
            self.loss = outputs["loss"] if isinstance(outputs, dict) else outputs[0]

    def on_optimizer_step(self, args, state, control, **others):
        # Between the update and the reset of the gradients.
        self.lab.step(loss=self.loss)

    def on_evaluate(self, args, state, control, metrics=None, **others):
        self.lab.test(loss=metrics["eval_loss"])

    def on_train_end(self, args, state, control, **others):
        self.hook.remove()
        self.lab.close()


def main(folder):
    torch.manual_seed(1)
    size = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, vocab_size=50)
    model = BertForSequenceClassification(BertConfig(**size))
    tokens = torch.randint(0, 50, (128, 12))
    data = [{"input_ids": row, "labels": int(row[0] > 25)} for row in tokens]
    arguments = TrainingArguments(
        output_dir=folder, max_steps=20, per_device_train_batch_size=16, report_to=[], save_strategy="no", use_cpu=True,
        disable_tqdm=True, eval_strategy="steps", eval_steps=10,
    )
    trainer = Trainer(model, arguments, train_dataset=data, eval_dataset=data[:32], callbacks=[WatchNetwork(folder, every=5)])
    trainer.train()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs/bert")
