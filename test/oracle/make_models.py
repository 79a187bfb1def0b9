#!/usr/bin/python3
"""
Makes the model files in test/fixtures/models, and what they contain as PyTorch itself computes it:

    /usr/bin/python3 test/oracle/make_models.py

Needs PyTorch (Debian's python3-torch). The ONNX file is PyTorch's own export; the safetensors file is written here, by the published format.
"""

import json
import pathlib
import struct

import torch
from torch import nn

folder = pathlib.Path(__file__).parents[1] / "fixtures/models"


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3, bias=False)
        self.bn = nn.BatchNorm2d(3, eps=1e-3)
        self.grouped = nn.GroupNorm(1, 3)
        self.fc = nn.Linear(3 * 4, 10)
        self.bn10 = nn.BatchNorm1d(10)
        self.ln2 = nn.LayerNorm(10)
        self.prelu = nn.PReLU(10)

    def forward(self, x):
        x = torch.relu(self.bn(self.conv(x)))
        x = self.bn10(self.fc(self.grouped(x).flatten(1)))
        return self.prelu(self.ln2(x))


def trained():
    torch.manual_seed(0)
    model = Net()
    for _ in range(3):
        model(torch.randn(8, 1, 4, 4))
    with torch.no_grad():
        model.bn.weight.copy_(torch.tensor([1.5, 0.0005, -2.0]))
        model.bn.running_var[2] = 1e-9
        model.ln2.weight[3] = float("nan")
    # As if it had never seen a batch.
    model.bn10.reset_running_stats()
    return model.eval()


def write_safetensors(path, tensors):
    header, data = {}, b""
    names = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64"}
    for name, tensor in tensors.items():
        values = bytes(tensor.contiguous().view(-1).view(torch.uint8).tolist()) if tensor.dim() else struct.pack("<q", int(tensor))
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


model = trained()
state = model.state_dict()
state["bn.bias"] = state["bn.bias"].to(torch.bfloat16)
state["bn.running_mean"] = state["bn.running_mean"].half()
write_safetensors(folder / "net.safetensors", state)
torch.onnx.export(
    model,
    torch.zeros(1, 1, 4, 4),
    folder / "net.onnx",
    opset_version=13,
    training=torch.onnx.TrainingMode.PRESERVE,
    do_constant_folding=False,
)


def factor(bn):
    return (bn.weight.double().abs() / (bn.running_var.double() + bn.eps).sqrt()).tolist()


expected = {
    "bn": {
        "scale": model.bn.weight.double().tolist(),
        "mean": model.bn.running_mean.double().tolist(),
        "meanAsHalf": state["bn.running_mean"].double().tolist(),
        "variance": model.bn.running_var.double().tolist(),
        "factor": factor(model.bn),
    },
    "bn10": {"factor": factor(model.bn10)},
}
(folder / "net.json").write_text(json.dumps(expected, indent=2) + "\n")
