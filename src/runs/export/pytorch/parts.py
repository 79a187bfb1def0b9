"""
Parts of the scripts that `bnexp export pytorch` writes. A script contains the
classes and functions that its experiment needs, and no others.
"""

import gzip
import json
import math
import os
import struct
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn


class Residual(nn.Sequential):
    """Adds its input to the output of its layers."""

    def forward(self, x):
        return x + super().forward(x)


def per_channel(values, x):
    """Shapes values of the channels, the second axis, for x."""
    return values.view(1, -1, *[1] * (x.dim() - 2))


def scale_and_shift(x, weight, bias):
    """Scales and shifts each channel; None leaves it as it is."""
    if weight is not None:
        x = x * per_channel(weight, x)
    if bias is not None:
        x = x + per_channel(bias, x)
    return x


class RMSNorm(nn.Module):
    """
    Divides each example by its root mean square (Zhang & Sennrich 2019).
    nn.RMSNorm has no parameters per channel of an image, and no shift.
    """

    def __init__(self, channels, eps, scale=True, shift=False):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(channels)) if scale else None
        self.bias = nn.Parameter(torch.zeros(channels)) if shift else None

    def forward(self, x):
        axes = tuple(range(1, x.dim()))
        square = x.square().mean(axes, keepdim=True)
        x = x / torch.sqrt(square + self.eps)
        return scale_and_shift(x, self.weight, self.bias)


def standardized(weight):
    """Mean 0 and variance 1 over the inputs of each output."""
    axes = tuple(range(1, weight.dim()))
    centred = weight - weight.mean(axes, keepdim=True)
    variance = centred.square().mean(axes, keepdim=True)
    return centred / torch.sqrt(variance + 1e-5)


class StandardizedLinear(nn.Linear):
    """A dense layer with standardized weights (Qiao et al. 2019)."""

    def forward(self, x):
        return nn.functional.linear(x, standardized(self.weight), self.bias)


class StandardizedConv2d(nn.Conv2d):
    """A convolution with standardized weights (Qiao et al. 2019)."""

    def forward(self, x):
        return self._conv_forward(x, standardized(self.weight), self.bias)


class VariantBatchNorm(nn.Module):
    """
    Batch normalization with choices that nn.BatchNorm2d does not have.

    whole_batch  one mean and variance over all values of the layer
    unbiased     the variance of the minibatch is divided by m - 1, not m
    detached     no gradient flows through mean and variance
    ghost        number of examples with a mean and variance of their own
    absolute     the mean absolute deviation replaces the standard deviation
    """

    def __init__(self, channels, eps, momentum, scale=True, shift=True,
                 whole_batch=False, unbiased=False, detached=False,
                 ghost=None, absolute=False):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.whole_batch, self.unbiased = whole_batch, unbiased
        self.detached, self.ghost, self.absolute = detached, ghost, absolute
        self.weight = nn.Parameter(torch.ones(channels)) if scale else None
        self.bias = nn.Parameter(torch.zeros(channels)) if shift else None
        statistics = 1 if whole_batch else channels
        self.register_buffer("running_mean", torch.zeros(statistics))
        self.register_buffer("running_var", torch.ones(statistics))

    def forward(self, x):
        if self.training:
            normalized = self.by_batch(x)
        else:
            mean = per_channel(self.running_mean, x)
            var = per_channel(self.running_var, x)
            normalized = (x - mean) / torch.sqrt(var + self.eps)
        return scale_and_shift(normalized, self.weight, self.bias)

    def by_batch(self, x):
        # One group of examples for each mean and variance.
        groups = 1 if self.ghost is None else len(x) // self.ghost
        z = x.reshape(groups, -1, *x.shape[1:])
        axes = tuple(k for k in range(1, z.dim()) if k != 2)
        if self.whole_batch:
            axes = tuple(range(1, z.dim()))
        mean = z.mean(axes, keepdim=True)
        if self.absolute:
            deviation = (z - mean).abs().mean(axes, keepdim=True)
            var = deviation.square() * (math.pi / 2)
        else:
            var = (z - mean).square().mean(axes, keepdim=True)
        if self.detached:
            mean, var = mean.detach(), var.detach()
        together = z.numel() // mean.numel()
        unbiased_var = var * (together / max(1, together - 1))
        with torch.no_grad():
            for group in range(groups):
                self.running_mean.lerp_(mean[group].flatten(), self.momentum)
                self.running_var.lerp_(
                    unbiased_var[group].flatten(), self.momentum)
        if self.unbiased:
            var = unbiased_var
        return ((z - mean) / torch.sqrt(var + self.eps)).reshape(x.shape)


class BatchRenorm(nn.Module):
    """
    Batch renormalization (Ioffe 2017). The limits of r and d open linearly
    from 1 and 0 at step relax_from to r_max at r_max_at and d_max at
    d_max_at. The training loop sets `step`.
    """

    def __init__(self, channels, eps, momentum, r_max, d_max, relax_from,
                 r_max_at, d_max_at, scale=True, shift=True):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.r_max, self.d_max = r_max, d_max
        self.relax_from = relax_from
        self.r_max_at, self.d_max_at = r_max_at, d_max_at
        self.step = 0
        self.weight = nn.Parameter(torch.ones(channels)) if scale else None
        self.bias = nn.Parameter(torch.zeros(channels)) if shift else None
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_std", torch.ones(channels))

    def opened(self, end):
        """Share of a limit that is open, from 0 to 1."""
        if self.step >= end:
            return 1
        start = self.relax_from
        return max(0, self.step - start) / max(1, end - start)

    def forward(self, x):
        if not self.training:
            mean = per_channel(self.running_mean, x)
            x = (x - mean) / per_channel(self.running_std, x)
            return scale_and_shift(x, self.weight, self.bias)
        axes = (0, *range(2, x.dim()))
        mean = x.mean(axes)
        std = torch.sqrt(x.var(axes, unbiased=False) + self.eps)
        with torch.no_grad():
            most_r = 1 + (self.r_max - 1) * self.opened(self.r_max_at)
            most_d = self.d_max * self.opened(self.d_max_at)
            r = (std / self.running_std).clamp(1 / most_r, most_r)
            d = (mean - self.running_mean) / self.running_std
            d = d.clamp(-most_d, most_d)
            self.running_mean.lerp_(mean, self.momentum)
            self.running_std.lerp_(std, self.momentum)
        x = (x - per_channel(mean, x)) / per_channel(std, x)
        x = x * per_channel(r, x) + per_channel(d, x)
        return scale_and_shift(x, self.weight, self.bias)


class UnitNoise(nn.Module):
    """
    Noise after a normalization (Santurkar et al. 2018, 2.1): each unit gets a
    factor and an offset in each training step, each example one near it.
    """

    def __init__(self, mean_range, std_range, jitter):
        super().__init__()
        self.mean_range, self.std_range = mean_range, std_range
        self.jitter = jitter

    def forward(self, x):
        if not self.training:
            return x * ((1 + self.std_range) / 2)
        units = x.new_empty(1, x.shape[1], *[1] * (x.dim() - 2))
        mean = units.uniform_(-self.mean_range, self.mean_range)
        std = torch.empty_like(units).uniform_(1, self.std_range)
        factor = std + self.jitter * torch.randn_like(x)
        offset = torch.empty_like(x).uniform_(-self.jitter, self.jitter)
        return x * factor + mean + offset


def spiral(sizes, generator, classes, turns, noise):
    """Interleaved spiral arms in the plane, one per class."""
    def draw(count):
        labels = torch.arange(count) % classes
        along = torch.rand(count, generator=generator)
        radius = 0.1 + 0.9 * along
        angle = 2 * math.pi * (turns * along + labels / classes)
        x = torch.stack([radius * angle.cos(), radius * angle.sin()], 1)
        x += noise * torch.randn(x.shape, generator=generator)
        return x, labels
    return [draw(count) for count in sizes]


def circles(sizes, generator, classes, noise):
    """Concentric rings in the plane, one per class."""
    def draw(count):
        labels = torch.arange(count) % classes
        radius = (labels + 1) / classes
        angle = 2 * math.pi * torch.rand(count, generator=generator)
        x = torch.stack([radius * angle.cos(), radius * angle.sin()], 1)
        x += noise * torch.randn(x.shape, generator=generator)
        return x, labels
    return [draw(count) for count in sizes]


def moons(sizes, generator, noise):
    """Two interleaved half circles in the plane, one per class."""
    def draw(count):
        labels = torch.arange(count) % 2
        side = 1 - 2 * labels
        angle = math.pi * torch.rand(count, generator=generator)
        x = torch.stack([angle.cos() - 0.5, angle.sin() - 0.25], 1)
        x *= side.unsqueeze(1)
        x += noise * torch.randn(x.shape, generator=generator)
        return x, labels
    return [draw(count) for count in sizes]


def xor(sizes, generator, dimensions, noise):
    """The class is the parity of the number of negative coordinates."""
    def draw(count):
        labels = torch.arange(count) % 2
        shape = (count, dimensions)
        negative = torch.randint(0, 2, shape, generator=generator)
        # All signs but the last are free.
        negative[:, -1] = (labels + negative[:, :-1].sum(1)) % 2
        x = torch.rand(shape, generator=generator) * (1 - 2 * negative)
        x += noise * torch.randn(x.shape, generator=generator)
        return x, labels
    return [draw(count) for count in sizes]


def gaussians(sizes, generator, classes, dimensions, separation):
    """A normal cluster per class, their centres on a sphere."""
    if dimensions == 1:
        centres = torch.tensor([[-1.0], [1.0]])[:classes]
    elif dimensions == 2:
        turns = torch.rand(1, generator=generator) + (
            torch.arange(classes) / classes)
        angle = 2 * math.pi * turns
        centres = torch.stack([angle.cos(), angle.sin()], 1)
    else:
        # Of 16 random directions, the one farthest from earlier centres.
        centres = torch.zeros(0, dimensions)
        for _ in range(classes):
            tried = torch.randn(16, dimensions, generator=generator)
            tried /= tried.norm(dim=1, keepdim=True)
            if len(centres) > 0:
                nearest = (tried @ centres.T).amax(1)
                tried = tried[nearest.argmin()].unsqueeze(0)
            centres = torch.cat([centres, tried[:1]])

    def draw(count):
        labels = torch.arange(count) % classes
        x = separation * centres[labels]
        return x + torch.randn(x.shape, generator=generator), labels
    return [draw(count) for count in sizes]


def digits(sizes, generator, noise):
    """Greyscale digits of 28 x 28 pixels, drawn from strokes."""
    def between(low, high):
        return low + (high - low) * torch.rand(1, generator=generator).item()

    def draw(count):
        labels = torch.arange(count) % 10
        x = torch.stack([digit(label, between, generator)
                         for label in labels.tolist()])
        x += noise * torch.randn(x.shape, generator=generator)
        return x, labels
    return [draw(count) for count in sizes]


def digit(label, between, generator):
    """Draws a digit in a random style and handwriting, [784]."""
    styles = GLYPHS[label]
    glyph = styles[min(int(between(0, len(styles))), len(styles) - 1)]
    size = torch.tensor([between(9, 16), between(15, 21)])
    slant, turn = between(-0.15, 0.4), between(-0.15, 0.15)
    middle = torch.tensor([between(-2.5, 2.5), between(-2.5, 2.5)]) + 13.5
    radius, ink = between(0.7, 1.5), between(0.7, 1)
    across, down = math.cos(turn), math.sin(turn)
    # Slants, then turns, rows of x and y.
    place = torch.tensor([[1, 0], [-slant, 1]]) @ torch.tensor(
        [[across, down], [-down, across]])
    pixels = torch.cartesian_prod(torch.arange(28.0), torch.arange(28.0))
    pixels = pixels.flip(1).unsqueeze(1)
    image = torch.zeros(784)
    for stroke in glyph.split(" | "):
        words = stroke.split()
        corners = torch.tensor([[word.endswith("!")] for word in words])
        knots = torch.tensor([
            [float(part) for part in word.strip("!").split(",")]
            for word in words]) / 100 - 0.5
        knots += 0.025 * torch.randn(knots.shape, generator=generator)
        path = curve(size * knots @ place + middle, corners)
        # Distance of each pixel to the nearest piece of the path.
        piece = path[1:] - path[:-1]
        offset = pixels - path[:-1]
        along = (offset * piece).sum(2) / piece.square().sum(1).clamp(1e-12)
        nearest = offset - along.clamp(0, 1).unsqueeze(2) * piece
        distance = nearest.square().sum(2).amin(1).sqrt()
        grey = ink * (radius + 0.5 - distance).clamp(0, 1)
        image = torch.maximum(image, grey)
    return image


def curve(knots, corners):
    """Points of a Catmull-Rom spline through the knots, with corners."""
    start, end = knots[:-1], knots[1:]
    before = torch.cat([start[:1], start[:-1]])
    before = torch.where(corners[:-1], start, before)
    after = torch.where(corners[1:], end, torch.cat([end[1:], end[-1:]]))
    t = torch.arange(1, 6).view(5, 1, 1) / 5
    points = start + 0.5 * t * (
        end - before
        + t * (2 * before - 5 * start + 4 * end - after
               + t * (3 * (start - end) + after - before)))
    return torch.cat([knots[:1], points.transpose(0, 1).flatten(0, 1)])


def idx_images(sizes, generator, paths, classes=None, transpose=False,
               binarize=None, standardize=False):
    """Images and labels in MNIST's file format, as they are or gzipped."""
    def read(path):
        content = (Path(__file__).parent / path).read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        axes = content[3]
        shape = struct.unpack_from(f">{axes}I", content, 4)
        values = bytearray(content[4 + 4 * axes:])
        return torch.frombuffer(values, dtype=torch.uint8).reshape(shape)

    images, labels = [read(path) for path in paths[::2]], [
        read(path).long() for path in paths[1::2]]
    if transpose:
        images = [x.transpose(1, 2) for x in images]
    # Unless they are known, classes are the labels that occur, in order.
    known = torch.cat(labels).unique() if classes is None else torch.arange(
        classes)
    return image_inputs(
        [(x[:count].unsqueeze(1), torch.searchsorted(known, y[:count]))
         for x, y, count in zip(images, labels, sizes)], binarize, standardize)


def cifar10(sizes, generator, folder, binarize=None, standardize=False,
            pixelwise=False):
    """CIFAR-10, the binary version."""
    def read(names, count):
        records = b"".join((Path(__file__).parent / folder / name).read_bytes()
                           for name in names)
        records = torch.frombuffer(bytearray(records), dtype=torch.uint8)
        records = records.reshape(-1, 1 + 3 * 32 * 32)[:count]
        return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0].long()

    names = [f"data_batch_{k}.bin" for k in range(1, 6)]
    parts = [read(names, sizes[0]), read(["test_batch.bin"], sizes[1])]
    return image_inputs(parts, binarize, standardize, pixelwise)


def image_inputs(parts, binarize, standardize, pixelwise=False):
    """Bytes [images, channels, height, width] as inputs of a network."""
    inputs = [x / 255 for x, _ in parts]
    if binarize is not None:
        inputs = [(x.double() / 255 >= binarize).float() for x, _ in parts]
    if standardize:
        channels = inputs[0].double().transpose(0, 1).flatten(1)
        mean, std = channels.mean(1), channels.std(1, unbiased=False)
        std[std == 0] = 1
        mean, std = [v.reshape(1, -1, 1, 1) for v in (mean, std)]
        inputs = [((x.double() - mean) / std).float() for x in inputs]
    if pixelwise:  # as dense layers of BatchNorm Lab read them
        inputs = [x.permute(0, 2, 3, 1) for x in inputs]
    return [(x.flatten(1), y) for x, (_, y) in zip(inputs, parts)]


def noisy_labels(data, share, generator):
    """Replaces a share of the training labels by different classes."""
    (x, y), test = data
    classes = int(y.max()) + 1
    other = torch.randint(classes - 1, y.shape, generator=generator)
    other += other >= y
    drawn = torch.rand(y.shape, generator=generator) < share
    return (x, torch.where(drawn, other, y)), test


def load_safetensors(path):
    """Reads a safetensors file, as safetensors.torch.load_file does."""
    types = {"F32": torch.float32, "I32": torch.int32, "I64": torch.int64,
             "U8": torch.uint8}
    with open(path, "rb") as file:
        content = bytearray(file.read())
    start = 8 + struct.unpack_from("<Q", content)[0]
    header = json.loads(content[8:start])
    header.pop("__metadata__", None)
    tensors = {}
    for name, field in header.items():
        dtype, shape = types[field["dtype"]], field["shape"]
        begin, end = field["data_offsets"]
        if begin == end:
            tensors[name] = torch.zeros(shape, dtype=dtype)
            continue
        tensors[name] = torch.frombuffer(
            content, dtype=dtype, count=math.prod(shape),
            offset=start + begin).reshape(shape)
    return tensors


def load_layers(network, path, layers):
    """Loads parameters and running statistics of layers from a file."""
    modules = {layer + end for layer in layers for end in ("", "_norm")}
    weights = load_safetensors(Path(__file__).parent / path)
    own = {name: value for name, value in weights.items()
           if name.rpartition(".")[0] in modules}
    network.load_state_dict(own, strict=False)


class Minibatches:
    """
    Draws minibatches: each epoch is in a new random order, and its
    incomplete last minibatch is left out.
    """

    def __init__(self, count, generator):
        self.count, self.generator = count, generator
        self.order = torch.empty(0, dtype=torch.long)

    def draw(self, size):
        if len(self.order) < size:
            self.order = torch.randperm(self.count, generator=self.generator)
        drawn, self.order = self.order[:size], self.order[size:]
        return drawn


def decay_groups(network, decayed):
    """Groups of parameters for an optimizer: with weight decay, without."""
    groups = [], []
    for module in network.modules():
        linear = isinstance(module, (nn.Linear, nn.Conv2d))
        names = {"weight": "weights" if linear else "scale",
                 "bias": "bias" if linear else "shift",
                 # Weight normalization, before PyTorch 2.1 and since.
                 "weight_g": "scale", "weight_v": "weights",
                 "original0": "scale", "original1": "weights"}
        for name, parameter in module.named_parameters(recurse=False):
            groups[names[name] not in decayed].append(parameter)
    return [{"params": groups[0]}, {"params": groups[1], "weight_decay": 0.0}]


def set_options(optimizer, options):
    """Changes options of all parameters; only the first group decays."""
    for k, group in enumerate(optimizer.param_groups):
        group.update({name: value for name, value in options.items()
                      if k == 0 or name != "weight_decay"})


def start_processes():
    """Joins the processes of torchrun. Returns rank, processes, device."""
    has_cuda = torch.cuda.is_available()
    if "RANK" not in os.environ:
        return 0, 1, torch.device("cuda" if has_cuda else "cpu")
    dist.init_process_group("nccl" if has_cuda else "gloo")
    device = torch.device("cpu")
    if has_cuda:
        device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
        torch.cuda.set_device(device)
    return dist.get_rank(), dist.get_world_size(), device


def constant_rate(step, steps, warm_up):
    """Factor of the learning rate: 1 after a linear warm-up."""
    return min(1, (step + 1) / warm_up)


def step_rate(step, steps, every, factor, warm_up=0):
    """Factor of the learning rate: falls at regular intervals."""
    warm = min(1, (step + 1) / warm_up) if warm_up else 1
    return warm * factor ** (max(0, step - warm_up) // every)


def cosine_rate(step, steps, floor=0.0, warm_up=0):
    """Factor of the learning rate: falls along half a cosine."""
    warm = min(1, (step + 1) / warm_up) if warm_up else 1
    progress = max(0, step - warm_up) / max(1, steps - warm_up)
    half = 0.5 * (1 + math.cos(math.pi * min(1, progress)))
    return warm * (floor + (1 - floor) * half)
