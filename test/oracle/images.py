"""
Networks of images, residual blocks and the family of normalizations in PyTorch and float64, gradients by autograd.

As in network.py nothing is shared with src/engine but the names of the specification's properties. PyTorch's own
functions (conv2d, group_norm, layer_norm, instance_norm) and, where it has none, the papers' formulas are used.
Values are [B, C, H, W] here and, as the engine has them, rows of positions by channels in the fixtures.
"""

import math

import torch
import torch.nn.functional as F
from network import activate, tensor


def rows(x):
    """[B, C, H, W] or [B, C] as [B·H·W × C]."""
    return x.permute(0, 2, 3, 1).reshape(-1, x.shape[1]) if x.dim() == 4 else x


def per_channel(v, x):
    return v.reshape([1, -1] + [1] * (x.dim() - 2))


class Normalization:
    def __init__(self, n, channels):
        self.n = n
        self.running_mean = torch.zeros(channels, dtype=torch.float64)
        self.running_variance = torch.ones(channels, dtype=torch.float64)
        self.running_std = torch.ones(channels, dtype=torch.float64)  # only for batch renormalization

    def spread(self):
        return self.running_std if self.n["kind"] == "batch-renorm" else self.running_variance

    def __call__(self, x, scale, shift, training, step):
        kind = self.n["kind"]
        eps = self.n["epsilon"]
        if kind in ("layer", "group", "instance"):
            groups = {"layer": 1, "instance": x.shape[1]}.get(kind) or self.n["groups"]
            if kind == "layer" and x.dim() == 2:
                return F.layer_norm(x, x.shape[1:], scale, shift, eps)
            if kind == "instance":
                y = F.instance_norm(x, eps=eps)
                return y * per_channel(scale, x) + per_channel(shift, x)
            return F.group_norm(x, groups, scale, shift, eps)
        if kind == "rms":
            dims = tuple(range(1, x.dim()))
            return x / torch.sqrt((x * x).mean(dims, keepdim=True) + eps) * per_channel(scale, x)
        frozen = self.n.get("freezeAt") is not None and step >= self.n["freezeAt"]
        if not training or frozen:
            if kind == "batch-renorm":
                normal = (x - per_channel(self.running_mean, x)) / per_channel(self.running_std, x)
                return normal * per_channel(scale, x) + per_channel(shift, x)
            return F.batch_norm(x, self.running_mean, self.running_variance, scale, shift, False, 0, eps)
        if kind == "batch-l1":
            return self.l1(x, scale, shift)
        if kind == "batch-renorm":
            return self.renorm(x, scale, shift, step)
        parts = x.split(self.n["ghostBatchSize"]) if self.n.get("ghostBatchSize") else [x]
        # PyTorch's own momentum is the engine's; each ghost batch updates the running statistics in turn.
        out = [
            F.batch_norm(p, self.running_mean, self.running_variance, scale, shift, True, self.n["momentum"], eps)
            for p in parts
        ]
        return torch.cat(out)

    def keep(self, mean, variance):
        m = self.n["momentum"]
        with torch.no_grad():
            self.running_mean.mul_(1 - m).add_(m * mean)
            self.running_variance.mul_(1 - m).add_(m * variance)

    def l1(self, x, scale, shift):
        """Hoffer et al. 2018, §4.1: the mean absolute deviation times √(π/2) is a normal distribution's std."""
        dims = [0] + list(range(2, x.dim()))
        mean = x.mean(dims, keepdim=True)
        deviation = math.sqrt(math.pi / 2) * (x - mean).abs().mean(dims, keepdim=True)
        count = x.numel() / x.shape[1]
        self.keep(mean.flatten(), deviation.flatten() ** 2 * count / (count - 1))
        y = (x - mean) / torch.sqrt(deviation ** 2 + self.n["epsilon"])
        return y * per_channel(scale, x) + per_channel(shift, x)

    def renorm(self, x, scale, shift, step):
        """Ioffe 2017, algorithm 1."""
        n = self.n
        dims = [0] + list(range(2, x.dim()))
        mean = x.mean(dims)
        std = torch.sqrt(x.var(dims, unbiased=False) + n["epsilon"])
        opened = lambda end: min(1, max(0, (step - n["relaxFrom"]) / max(1e-12, end - n["relaxFrom"])))
        r_max = 1 + (n["rMax"] - 1) * opened(n["rMaxAt"])
        d_max = n["dMax"] * opened(n["dMaxAt"])
        r = (std / self.running_std).clamp(1 / r_max, r_max).detach()
        d = ((mean - self.running_mean) / self.running_std).clamp(-d_max, d_max).detach()
        normal = (x - per_channel(mean, x)) / per_channel(std, x) * per_channel(r, x) + per_channel(d, x)
        with torch.no_grad():
            self.running_mean.add_(n["momentum"] * (mean - self.running_mean))
            self.running_std.add_(n["momentum"] * (std - self.running_std))
        return normal * per_channel(scale, x) + per_channel(shift, x)


class Learning:
    """A dense layer or a convolution, with its activation and normalization."""

    def __init__(self, l, parameters):
        self.l, self.name = l, l["name"]
        self.parameters = {name: tensor(values).requires_grad_() for name, values in parameters.items()}
        channels = len(parameters["weights"])
        n = l["normalization"]
        self.normalization = Normalization(n, channels) if n["kind"] not in ("none", "weight") else None
        self.taps = {}

    def weights(self):
        w = self.parameters["weights"]
        if self.l["normalization"]["kind"] == "weight":
            w = torch._weight_norm(w, self.parameters["scale"].reshape(-1, 1), 0)
        return w

    def linear(self, x):
        bias = self.parameters.get("bias")
        if self.l["kind"] == "dense":
            # The engine reads images position by position.
            flat = x.permute(0, 2, 3, 1).reshape(len(x), -1) if x.dim() == 4 else x
            return F.linear(flat, self.weights(), bias)
        k = self.l["kernel"]
        w = self.weights().reshape(self.l["channels"], k, k, -1).permute(0, 3, 1, 2)
        return F.conv2d(x, w, bias, self.l["stride"], self.l["padding"])

    def __call__(self, x, training, step):
        self.taps = {"linear": self.linear(x)}
        y = self.taps["linear"]
        after = self.normalization and self.normalization.n["placement"] == "after-activation"
        for what in ["activation", "normalization"] if after else ["normalization", "activation"]:
            if what == "activation":
                y = activate(self.l["activation"], y).clone()
            elif self.normalization:
                p = self.parameters
                ones = torch.ones(y.shape[1], dtype=torch.float64)
                y = self.normalization(y, p.get("scale", ones), p.get("shift", 0 * ones), training, step)
                self.taps["normalized"] = y
        self.taps["activated"] = y
        for t in self.taps.values():
            if t.requires_grad:
                t.retain_grad()
        return y


class Images:
    """A network of any layers. `layers` holds those that learn and the residual blocks, in the engine's order."""

    def __init__(self, layers, initial):
        self.specification = layers
        self.layers = []
        self.made = {}
        self.make(layers, initial)

    def make(self, layers, initial):
        for l in layers:
            if l["kind"] == "residual":
                self.make(l["layers"], initial)
            elif l["kind"] in ("dense", "convolution"):
                self.made[l["name"]] = Learning(l, initial[l["name"]])
                self.layers.append(self.made[l["name"]])

    def __call__(self, x, training=True, step=0):
        self.sums = {}
        return self.through(self.specification, x, training, step)

    def through(self, layers, x, training, step):
        for l in layers:
            kind = l["kind"]
            if kind in ("dense", "convolution"):
                x = self.made[l["name"]](x, training, step)
            elif kind == "max-pool":
                x = F.max_pool2d(x, l["size"] or x.shape[2:], l["stride"])
            elif kind == "average-pool":
                x = F.avg_pool2d(x, l["size"] or x.shape[2:], l["stride"])
            elif kind == "flatten":
                x = x.permute(0, 2, 3, 1).reshape(len(x), -1)
            else:
                x = activate(l["activation"], x + self.through(l["layers"], x, training, step)).clone()
                x.retain_grad() if x.requires_grad else None
                self.sums[l["name"]] = x
        return x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters.values()]
