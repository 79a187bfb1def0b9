"""Trains a small network on random spirals with PyTorch, watched by BatchNorm Lab: python pytorch.py [FOLDER]"""
import math
import sys

import torch
from batchnorm_lab import watch
from torch import nn

folder = sys.argv[1] if len(sys.argv) > 1 else "runs/spirals"
torch.manual_seed(1)

# Three spirals of 200 points.
t = torch.linspace(0.2, 1, 200).repeat(3)
y = torch.arange(3).repeat_interleave(200)
angle = 5 * t + y * 2 * math.pi / 3 + 0.1 * torch.randn(600)
x = torch.stack([t * angle.cos(), t * angle.sin()], 1)

model = nn.Sequential(
    nn.Linear(2, 64), nn.BatchNorm1d(64), nn.ReLU(),
    nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(),
    nn.Linear(64, 3),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
criterion = nn.CrossEntropyLoss()

with watch(model, folder, every=10) as lab:
    for step in range(200):
        rows = torch.randint(0, 600, (60,))
        outputs = model(x[rows])
        loss = criterion(outputs, y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lab.step(loss=loss, accuracy=(outputs.argmax(1) == y[rows]).float().mean())
