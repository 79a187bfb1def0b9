"""The reference workloads in PyTorch: the same networks as workloads.ts, as a person would write them."""
from torch import nn

HUNDREDS = dict(inputs=784, hidden=[100] * 3, outputs=10, activation=nn.Sigmoid, batch=60)
WORKLOADS = {
    "W1a": dict(HUNDREDS, norm=False),
    "W1b": dict(HUNDREDS, norm=True),
    "W3": dict(inputs=2, hidden=[32] * 30, outputs=3, activation=nn.ReLU, batch=64, norm=True),
}
LEARNING_RATE = 0.1


def build(w):
    layers, width = [], w["inputs"]
    for units in w["hidden"]:
        layers.append(nn.Linear(width, units, bias=not w["norm"]))
        if w["norm"]:
            layers.append(nn.BatchNorm1d(units))
        layers.append(w["activation"]())
        width = units
    return nn.Sequential(*layers, nn.Linear(width, w["outputs"]))
