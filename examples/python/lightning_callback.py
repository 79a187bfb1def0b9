"""Trains a small network with Lightning, watched by BatchNorm Lab: python lightning_callback.py [FOLDER]"""
import sys

import lightning
import torch
from batchnorm_lab import watch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class WatchNetwork(lightning.Callback):
    def __init__(self, folder, every=50):
        self.folder, self.every = folder, every

    def on_train_start(self, trainer, module):
        self.lab = watch(module, self.folder, every=self.every)
        self.updates = 0

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        # With accumulate_grad_batches, not every batch ends with an update.
        if trainer.global_step > self.updates:
            self.updates = trainer.global_step
            self.lab.step(loss=outputs["loss"])

    def on_validation_end(self, trainer, module):
        if not trainer.sanity_checking and "val_loss" in trainer.callback_metrics:
            self.lab.test(loss=trainer.callback_metrics["val_loss"])

    def on_train_end(self, trainer, module):
        self.lab.close()


class Classifier(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2))

    def loss(self, batch):
        x, y = batch
        return nn.functional.cross_entropy(self.net(x), y)

    def training_step(self, batch, batch_idx):
        return self.loss(batch)

    def validation_step(self, batch, batch_idx):
        self.log("val_loss", self.loss(batch))

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.01)


def main(folder):
    torch.manual_seed(1)
    x = torch.randn(512, 8)
    data = TensorDataset(x, (x.sum(1) > 0).long())
    trainer = lightning.Trainer(
        max_epochs=3, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
        callbacks=[WatchNetwork(folder, every=5)],
    )
    trainer.fit(Classifier(), DataLoader(data, batch_size=32, shuffle=True), DataLoader(data, batch_size=64))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs/lightning")
