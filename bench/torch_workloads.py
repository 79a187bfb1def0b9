"""The reference workloads in idiomatic PyTorch: the same networks as workloads.ts."""
from torch import nn


def dense(*units):
    return [("dense", count) for count in units]


HUNDREDS = dict(inputs=784, hidden=dense(100, 100, 100), outputs=10, activation=nn.Sigmoid, batch=60)
WORKLOADS = {
    "W1a": dict(HUNDREDS, norm=False),
    "W1b": dict(HUNDREDS, norm=True),
    "W2": dict(inputs=784, hidden=dense(512, 512, 512), outputs=10, activation=nn.ReLU, batch=256, norm=True),
    "W3": dict(inputs=2, hidden=dense(*[32] * 30), outputs=3, activation=nn.ReLU, batch=64, norm=True),
    "W4": dict(
        inputs=784,
        image=28,
        hidden=[("conv", 16), ("pool", 2), ("conv", 32), ("pool", 2)],
        outputs=10,
        activation=nn.ReLU,
        batch=64,
        norm=True,
    ),
}
LEARNING_RATE = 0.1


def build(w):
    """The network. A Linear that reads an image has the image's shape (channels, height, width) as `reads`."""
    layers, side = [], w.get("image")
    width = 1 if side else w["inputs"]
    if side:
        layers.append(nn.Unflatten(1, (1, side, side)))
    for kind, size in w["hidden"]:
        if kind == "pool":
            layers.append(nn.MaxPool2d(size))
            side //= size
            continue
        if kind == "conv":
            layers.append(nn.Conv2d(width, size, 3, padding=1, bias=not w["norm"]))
        else:
            layers.append(nn.Linear(width, size, bias=not w["norm"]))
        if w["norm"]:
            layers.append(nn.BatchNorm2d(size) if kind == "conv" else nn.BatchNorm1d(size))
        layers.append(w["activation"]())
        width = size
    if side:
        layers.append(nn.Flatten())
    last = nn.Linear(width * (side or 1) ** 2, w["outputs"])
    if side:
        last.reads = (width, side, side)
    return nn.Sequential(*layers, last)
