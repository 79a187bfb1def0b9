#!/usr/bin/python3
"""
Makes a file of weights in test/fixtures/models as a program that uses PyTorch would, and what its network computes in evaluation:

    /usr/bin/python3 test/oracle/make_start.py

Needs PyTorch (Debian's python3-torch).
"""

import json
import pathlib
import struct
from collections import OrderedDict

import torch
from torch import nn

folder = pathlib.Path(__file__).parents[1] / "fixtures/models"


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


def network():
    return nn.Sequential(OrderedDict(
        conv1=nn.Conv2d(1, 2, 5, stride=9, bias=False),
        conv1_norm=nn.BatchNorm2d(2),
        conv1_activation=nn.ReLU(),
        residual1=Residual(OrderedDict(
            conv2=nn.Conv2d(2, 2, 3, padding=1),
            conv2_norm=nn.GroupNorm(1, 2),
        )),
        hidden1_flatten=nn.Flatten(),
        hidden1=nn.Linear(18, 4),
        hidden1_norm=nn.BatchNorm1d(4),
        hidden1_activation=nn.Tanh(),
        output=nn.Linear(4, 10),
    ))


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        kind = "I64" if tensor.dtype == torch.int64 else "F32"
        values = struct.pack(f"<{tensor.numel()}{'q' if kind == 'I64' else 'f'}", *tensor.flatten().tolist())
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


torch.manual_seed(1)
model = network()
for _ in range(5):
    model(torch.rand(16, 1, 28, 28))
write_safetensors(folder / "start.safetensors", model.state_dict())
# Images whose pixels can be computed again: pixel k of image i is ((37 i + 11 k) mod 64) / 64.
pixels = torch.tensor([[(37 * i + 11 * k) % 64 / 64 for k in range(784)] for i in range(4)])
outputs = model.eval()(pixels.view(4, 1, 28, 28))
(folder / "start.json").write_text(json.dumps({"outputs": outputs.tolist()}) + "\n")
