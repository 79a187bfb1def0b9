"""Trains a small network with fastai, watched by BatchNorm Lab: python fastai_callback.py [FOLDER]"""
import sys

import torch
from batchnorm_lab import watch
from fastai.callback.core import Callback
from fastai.data.core import DataLoaders
from fastai.learner import Learner
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class WatchNetwork(Callback):
    def __init__(self, folder, every=50):
        self.folder, self.every = folder, every

    def before_fit(self):
        self.lab = watch(self.learn.model, self.folder, every=self.every, optimizers=self.learn.opt)

    def after_step(self):
        # Between the update and the reset of the gradients.
        self.lab.step(loss=self.learn.loss)

    def after_fit(self):
        self.lab.close()


def main(folder):
    torch.manual_seed(1)
    x = torch.randn(512, 8)
    data = TensorDataset(x, (x.sum(1) > 0).long())
    loaders = DataLoaders(DataLoader(data, batch_size=32, shuffle=True), DataLoader(data, batch_size=64))
    model = nn.Sequential(nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 2))
    learner = Learner(loaders, model, loss_func=nn.CrossEntropyLoss(), cbs=[WatchNetwork(folder, every=5)])
    learner.fit(3, lr=0.01)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "runs/fastai")
