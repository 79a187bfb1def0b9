"""
Watches a PyTorch network while it trains. The panel of BatchNorm Lab and TensorBoard show what it writes.

    from batchnorm_lab import watch

    lab = watch(model, "runs/resnet", every=50)
    for x, y in batches:
        ...
        optimizer.step()
        lab.step(loss=loss, accuracy=accuracy)

A layer is a Linear or a convolution together with the normalization and the activation module that directly read its output,
named as in model.named_modules(). A normalization or an activation that reads something else is a layer of its own.

Needs Python 3.8 and PyTorch 1.12 or newer, and nothing else. docs/watch-pytorch.md describes the options and the limits.
"""

import array
import contextlib
import fnmatch
import functools
import gc
import json
import math
import os
import struct
import sys
import time
import warnings
import weakref
import zlib

import torch
from torch import nn

__all__ = ["watch", "Watcher"]

TAPS = ("linear", "normalized", "activated")
VALUE_QUANTITIES = ("mean", "variance", "std", "min", "max", "p15", "p50", "p85")
SHARE_QUANTITIES = ("zeros", "saturated", "dead")
PERCENTILES = ("p15", "p50", "p85")
WEIGHT_QUANTITIES = ("norm", "gradientNorm", "updateNorm")
SPREAD_QUANTITIES = ("mean", "std", "min", "max")
GRADIENT_QUANTITIES = ("norm", "mean", "std")

# Order of a layer's channels.
TAP_NAMES = [name for tap in TAPS for name in (tap, tap + "Gradient")] + [
    "effectiveRate", "weights", "weightsGradient", "bias", "scale", "shift", "batchMean", "batchVariance", "runningMean", "runningVariance",
]

HISTOGRAM_TAPS = TAP_NAMES[:6] + ["weights", "weightsGradient"]

TAP_ORDER = {name: place for place, name in enumerate(TAP_NAMES)}

# Units per layer, and in all layers together, that are watched by default.
MOST_UNITS, UNITS_OF_ALL_LAYERS = 12, 100

# Calls of a shared module within a step that are layers of their own; later calls are not measured.
MOST_CALLS = 16

# The slope of sigmoid and tanh, relative to the steepest, below which an output is saturated.
SATURATION = 0.1

# Steps without a forward pass after which a warning is shown.
PATIENCE = 10


def watch(model, folder, *, every=50, arm=None, seed=1, layers="*", taps=TAPS, units=None, gradients=True,
          histograms=("activated",), saturation=SATURATION, optimizers=None, scaler=None, start=0):
    """
    Starts to watch a network. Call the `step` of the returned watcher after each update.

    model       the network, or its DataParallel, DistributedDataParallel or torch.compile wrapper
    folder      where the run logs are written: FOLDER/ARM/seed-SEED/
    every       number of updates from one watched step to the next; other steps cost nothing
    arm, seed   what distinguishes this run from others in the folder; the arm's default is the class of the network
    layers      patterns of the names of layers to watch, as "layer4.*" or ["conv1", "fc"]
    taps        places to watch in each layer, of "linear", "normalized" and "activated"
    units       number of single units to watch in each layer (default: up to 12, about 100 in all layers)
    gradients   whether to watch the gradients of the loss at the taps
    histograms  taps with histograms: "linear", "normalized", "activated", "linearGradient", ..., "weights", "weightsGradient"
    saturation  slope of sigmoid and tanh, relative to the steepest, below which outputs are counted as saturated
    optimizers  the optimizer or the optimizers (default: those that update parameters of the network)
    scaler      the GradScaler, whose scale is taken out of the gradients at the taps
    start       number of updates done before, when training resumes
    """
    return Watcher(model, folder, every=every, arm=arm, seed=seed, layers=layers, taps=taps, units=units,
                   gradients=gradients, histograms=histograms, saturation=saturation, optimizers=optimizers, scaler=scaler,
                   start=start)


# ------------------------------------------------------------------------------------------------------------ event files


def _varint(number):
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _bytes_field(number, content):
    """A protobuf field of bytes, a string or a message."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _int_field(number, value):
    return _varint(number << 3) + _varint(value)


def _double_field(number, value):
    return _varint(number << 3 | 1) + struct.pack("<d", value)


# CRC-32C is linear: the checksum of a block is the exclusive or of what each of its bytes contributes. Blocks are computed by
# table look-ups in PyTorch, a hundred times as fast as byte by byte in Python.
_BLOCK = 256


@functools.lru_cache(maxsize=None)
def _crc_tables():
    """Contribution of each byte value: one table as a list, and [_BLOCK x 256] by its position in a block."""
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    last = torch.tensor(table)
    positions = [last]
    for _ in range(_BLOCK - 1):
        positions.append(last[positions[-1] & 255] ^ positions[-1] >> 8)
    by_position = torch.stack(positions[::-1])
    return table, by_position.flatten(), [by_position[k].tolist() for k in range(4)]


def _masked_crc(data):
    table, by_position, first = _crc_tables()
    crc = 0xFFFFFFFF
    blocks = len(data) // _BLOCK
    if blocks > 3:
        places = torch.frombuffer(bytearray(data[:blocks * _BLOCK]), dtype=torch.uint8).reshape(blocks, _BLOCK)
        parts = by_position[places.long() + torch.arange(_BLOCK) * 256]
        while parts.shape[1] > 1:
            half = parts.shape[1] // 2
            parts = parts[:, :half] ^ parts[:, half:]
        for part in parts.flatten().tolist():
            # The checksum so far acts like an exclusive or on the first four bytes of the block.
            crc = part ^ first[0][crc & 255] ^ first[1][crc >> 8 & 255] ^ first[2][crc >> 16 & 255] ^ first[3][crc >> 24]
        data = data[blocks * _BLOCK:]
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _framed(record):
    """A record in its TFRecord envelope."""
    length = struct.pack("<Q", len(record))
    return b"".join([length, struct.pack("<I", _masked_crc(length)), record, struct.pack("<I", _masked_crc(record))])


def _event(step, content):
    return _framed(_double_field(1, time.time()) + _int_field(2, step) + content)


def _summary(*parts):
    return _bytes_field(5, b"".join(parts))


def _own_value(tag, content):
    """A value of a plugin that TensorBoard does not have and therefore skips: a tensor of one string (type 7)."""
    tensor = _int_field(1, 7) + _bytes_field(2, b"") + _bytes_field(8, content)
    plugin = _bytes_field(1, _bytes_field(1, b"batchnorm_lab"))
    return _bytes_field(1, _bytes_field(1, tag) + _bytes_field(8, tensor) + _bytes_field(9, plugin))


def _heading(channels, histograms, run):
    text = json.dumps({"engine": "PyTorch " + str(torch.__version__), "run": run, "channels": channels,
                       "histograms": histograms, "scene": None})
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return _own_value(b"batchnorm-lab/heading", deflate.compress(text.encode()) + deflate.flush())


def _frame(step, values, counts):
    content = _int_field(1, step) + _bytes_field(2, _little_endian(values))
    if counts is not None:
        content += _bytes_field(3, _sparse(counts))
    return _own_value(b"batchnorm-lab/frame", content)


def _little_endian(values):
    floats = array.array("f", values)
    if sys.byteorder == "big":
        floats.byteswap()
    return floats.tobytes()


def _sparse(counts):
    """For each bin that is not empty, the number of empty bins before it, and its count."""
    filled = counts.nonzero().flatten()
    encoded, end = bytearray(), 0
    for place, count in zip(filled.tolist(), counts[filled].tolist()):
        for number in (place - end, count):
            while number > 127:
                encoded.append(number & 127 | 128)
                number >>= 7
            encoded.append(number)
        end = place + 1
    return bytes(encoded)


# Bins of histograms: each octave of magnitude from 2^-20 to 2^14 in four bins of equal width, on both sides of one bin around 0.
# The first 11 bits of a float32 but its sign determine the bin.
_SIDE_BINS = 34 * 4
_BINS = 2 * _SIDE_BINS + 1
_LOWEST_BITS = (127 - 20) * 4
_INFINITY_BITS = 255 * 4
_EDGES = [math.ldexp(1 + quarter / 4, octave) for octave in range(-20, 14) for quarter in range(4)]
_LIMITS = [-sys.float_info.max] + [-edge for edge in reversed(_EDGES)] + _EDGES + [sys.float_info.max]
# Relative to the largest magnitude: bins around 0 that are far narrower than the intervals that TensorBoard draws are joined.
_FINEST_SHARE = 1 / 32


def _middle(low, high):
    return high if low == _LIMITS[0] else low if high == _LIMITS[-1] else (low + high) / 2


def _histogram_value(tag, counts, known):
    """
    A histogram as TensorBoard reads it.
    known: minimum, maximum, mean and standard deviation; if they are not finite, they are estimated from the bins.
    """
    filled = [k for k, count in enumerate(counts) if count]
    edges = [abs(edge) for k in filled for edge in _LIMITS[k:k + 2] if abs(edge) != _LIMITS[-1]]
    widest = max(edges, default=0)
    small = max((edge for edge in _EDGES if edge <= widest * _FINEST_SHARE), default=0)
    joined = {}
    for k in filled:
        low, high = _LIMITS[k:k + 2]
        bounds = (-small, small) if -small <= low and high <= small else (low, high)
        joined[bounds] = joined.get(bounds, 0) + counts[k]
    limits, buckets = [], []
    for (low, high), count in joined.items():
        if not limits or limits[-1] != low:
            limits.append(low)
            buckets.append(0)
        limits.append(high)
        buckets.append(count)
    total = sum(joined.values())
    middles = [(_middle(*bounds), count) for bounds, count in joined.items()]
    if all(map(math.isfinite, known)):
        least, most, mean, std = known
        sums = mean * total, (std * std + mean * mean) * total
    else:
        least, most = (middles[0][0], middles[-1][0]) if middles else (0, 0)
        sums = sum(m * c for m, c in middles), sum(m * m * c for m, c in middles)
    numbers = b"".join(_double_field(k + 1, v) for k, v in enumerate((least, most, total, *sums)))
    arrays = _bytes_field(6, struct.pack("<%dd" % len(limits), *limits)) + _bytes_field(7, struct.pack("<%dd" % len(buckets), *buckets))
    return _bytes_field(1, _bytes_field(1, tag) + _bytes_field(5, numbers + arrays))


def _is_shown(number):
    """Frames that TensorBoard shows in full: the first 16, and then 8 for each doubling."""
    return number & ((1 << max(0, number.bit_length() - 4)) - 1) == 0


class _RunLog:
    """
    Writes the frames of one run. A new file begins when there are channels that the file before does not have.
    Each record is one write, so that a file always ends with a whole record.
    """

    def __init__(self, folder, run, start):
        self.folder, self.run, self.start = folder, run, start
        self.channels, self.histograms = [], []
        self._file = None
        self._frames = 0
        self._not_shown = None
        self._process = os.getpid()

    def frame(self, step, values, counts):
        """values: by channel; counts: by histogram. Both in the order of the first frame."""
        new = self._file is None or not (values.keys() <= self._known and counts.keys() <= self._known_histograms)
        if new:
            self._begin(_merged(self.channels, list(values)), _merged(self.histograms, list(counts)))
        if list(values) == self.channels:
            numbers = list(values.values())
        else:
            numbers = [values.get(channel, math.nan) for channel in self.channels]
        empty = torch.zeros(_BINS, dtype=torch.int32)
        bins = torch.cat([counts.get(place, empty) for place in self.histograms]) if counts else None
        records = [_event(step, _summary(_frame(step, numbers, bins)))]
        self._not_shown = None
        if _is_shown(self._frames):
            records.append(self._shown(step, numbers, counts, range(len(numbers))))
        else:
            records.append(self._shown(step, numbers, {}, self._results))
            self._not_shown = step, numbers, counts
        self._frames += 1
        self._write(b"".join(records))

    def close(self):
        if self._file is None:
            return
        if self._not_shown is not None:
            step, numbers, counts = self._not_shown
            self._write(self._shown(step, numbers, counts, range(len(numbers))))
        self._finish()

    def _finish(self):
        file, self._file = self._file, None
        file.close()

    def _begin(self, channels, histograms):
        first = self._file is None
        if not first:
            self._finish()
        self.channels, self.histograms = channels, histograms
        self._known, self._known_histograms = set(channels), set(histograms)
        self._results = [k for k, channel in enumerate(channels) if channel.startswith("network/")]
        # A scalar up to its number.
        self._scalars = []
        for channel in channels:
            tag = _bytes_field(1, channel.encode()) + b"\x15"
            self._scalars.append(b"\x0a" + _varint(len(tag) + 4) + tag)
        os.makedirs(self.folder, exist_ok=True)
        self._file, self._length = self._open(), 0
        records = [_framed(_double_field(1, time.time()) + _bytes_field(3, b"brain.Event:2"))]
        records.append(_event(0, _summary(_heading(channels, histograms, self.run))))
        if first:
            # START: what an earlier run wrote to this folder from this step on is void.
            records.append(_event(self.start, _bytes_field(7, _int_field(1, 1))))
        self._write(b"".join(records))

    def _open(self):
        seconds = int(time.time())
        while True:
            try:
                return open(os.path.join(self.folder, "events.out.tfevents.%010d.bnexp" % seconds), "xb", buffering=0)
            except FileExistsError:
                seconds += 1

    def _shown(self, step, numbers, counts, places):
        floats = _little_endian(numbers)
        # NaN, of a channel without a number at this step, is not equal to itself.
        scalars = [self._scalars[k] + floats[4 * k:4 * k + 4] for k in places if numbers[k] == numbers[k]]
        values = dict(zip(self.channels, numbers)) if counts else {}
        pictures = []
        for place, bins in counts.items():
            known = [values.get(place + "/" + quantity, math.nan) for quantity in ("min", "max", "mean", "std")]
            pictures.append(_histogram_value(place.encode(), bins.tolist(), known))
        return _event(step, _summary(*scalars, *pictures))

    def _write(self, records):
        # A forked process, as a worker of a data loader, has the file open too.
        if os.getpid() != self._process:
            return
        try:
            written = self._file.write(records)
            if written != len(records):
                raise OSError("the disk is full")
            self._length += written
        except OSError:
            with contextlib.suppress(OSError):
                self._file.truncate(self._length)
            raise


def _merged(known, names):
    """The known names, and each new one after its predecessor."""
    old, following, previous = set(known), {}, None
    for name in names:
        if name in old:
            previous = name
        else:
            following.setdefault(previous, []).append(name)
    merged = following.pop(None, [])
    for name in known:
        merged.append(name)
        merged += following.get(name, [])
    return merged


# ------------------------------------------------------------------------------------------------------------- statistics

# Tensors of up to this many numbers are copied, and measured together with others of their shape at the end of the step.
_SMALL = 1 << 16

_SAMPLE = 512
_GOLDEN_FRACTION = 0.6180339887498949


def _sampled(count):
    """Indices of at most _SAMPLE numbers, evenly spread, at the fractional parts of multiples of the golden ratio."""
    if count <= _SAMPLE:
        return torch.arange(count)
    return torch.tensor([int(k * _GOLDEN_FRACTION % 1.0 * count) for k in range(_SAMPLE)])


@functools.lru_cache(maxsize=512)
def _sample_places(shape, unit_axis, unit, device):
    """
    Places in a row-major tensor of the sample of all its numbers, and of the sample of one unit's numbers.
    The sample is that of a matrix [examples * positions, units], as the lab stores values.
    """
    units, inner = shape[unit_axis], math.prod(shape[unit_axis + 1:])

    def place(row, unit):
        return (torch.div(row, inner, rounding_mode="floor") * units + unit) * inner + row % inner

    numbers, rows = _sampled(math.prod(shape)), _sampled(math.prod(shape) // units)
    whole = place(torch.div(numbers, units, rounding_mode="floor"), numbers % units)
    return whole.to(device), place(rows, unit - 1).to(device)


@functools.lru_cache(maxsize=1024)
def _ranks(count, device):
    """For each percentile, the order statistic at or below it, the next one, and the share of the distance to that."""
    at = [fraction * (count - 1) for fraction in (0.15, 0.5, 0.85)]
    below = [int(place) for place in at]
    above = [min(place + 1, count - 1) for place in below]
    weights = [place - rank for place, rank in zip(at, below)]
    return torch.tensor(below, device=device), torch.tensor(above, device=device), torch.tensor(weights, device=device)


def _percentiles(sample):
    """[T, N] -> [T, 3], by linear interpolation between order statistics."""
    ordered = sample.sort(dim=1).values
    below, above, weights = _ranks(sample.shape[1], sample.device)
    low = ordered.index_select(1, below)
    return low + weights * (ordered.index_select(1, above) - low)


def _moments(x):
    """[T, N] -> mean and biased variance [T], in two passes; torch.var_mean takes five times as long on a CPU."""
    mean = x.mean(1)
    return mean, (x - mean[:, None]).square_().mean(1)


def _describe(x, unit_axis, unit, flatness):
    """
    [T, *shape] -> [T, 14]: VALUE_QUANTITIES, SHARE_QUANTITIES (0 if flatness is None), PERCENTILES of one unit.

    flatness: of an activation function, a function from its outputs to 1 where its slope is nearly 0, and 0 elsewhere
    """
    flat = x.flatten(1)
    mean, variance = _moments(flat)
    least, most = flat.amin(1), flat.amax(1)
    whole, one = _sample_places(x.shape[1:], unit_axis, unit, x.device)
    columns = [torch.stack([mean, variance, variance.sqrt(), least, most], 1), _percentiles(flat.index_select(1, whole))]
    if flatness is None:
        columns.append(flat.new_zeros(len(flat), 3))
    else:
        axes = [axis for axis in range(1, x.dim()) if axis != unit_axis + 1]
        # In place, comparisons yield floats, three times as fast as booleans on a CPU.
        zeros = x.clone().eq_(0).sum(axes)
        dead = zeros == flat.shape[1] // zeros.shape[1]
        shares = [zeros.sum(1) / flat.shape[1], flatness(flat).mean(1), dead.float().mean(1)]
        columns.append(torch.stack(shares, 1))
    columns.append(_percentiles(flat.index_select(1, one)))
    return torch.cat(columns, 1)


def _describe_gradient(x):
    """[T, *shape] -> [T, 3]: GRADIENT_QUANTITIES."""
    flat = x.flatten(1)
    mean, variance = _moments(flat)
    # The sum of n squares is n (variance + mean^2).
    return torch.stack([((variance + mean * mean) * flat.shape[1]).sqrt(), mean, variance.sqrt()], 1)


@functools.lru_cache(maxsize=1024)
def _unit_places(units, device):
    return torch.tensor(units, device=device) - 1


def _describe_vector(x, units):
    """[T, N] -> [T, 5 + units]: SPREAD_QUANTITIES, the norm, and the numbers of single units."""
    mean, variance = _moments(x)
    least, most = x.amin(1), x.amax(1)
    described = torch.stack([mean, variance.sqrt(), least, most, ((variance + mean * mean) * x.shape[1]).sqrt()], 1)
    return torch.cat([described, x.index_select(1, _unit_places(units, x.device))], 1) if units else described


def _count_bins(x):
    """[T, *shape] -> counts [T, _BINS] as int32. NaN and the infinities are in no bin."""
    first_bits = (x.flatten(1).view(torch.int32) >> 21) & 0x7FF
    rows = torch.arange(0, len(x) << 11, 1 << 11, device=x.device, dtype=torch.int32)
    first_bits = (first_bits + rows[:, None]).flatten()
    total = len(x) << 11
    if x.device.type == "cpu":
        counts = torch.bincount(first_bits, minlength=total)
    else:
        # Elsewhere, bincount waits for the device.
        counts = torch.zeros(total, dtype=torch.int32, device=x.device)
        counts.scatter_add_(0, first_bits.long(), torch.ones_like(first_bits))
    # The first of these bits is the sign; the others increase with the magnitude.
    signs = counts.reshape(len(x), 2, 1 << 10)
    last = _LOWEST_BITS + _SIDE_BINS - 1
    around_zero = signs[:, :, :_LOWEST_BITS].sum((1, 2), keepdim=True)
    sides = torch.cat([signs[:, :, _LOWEST_BITS:last], signs[:, :, last:_INFINITY_BITS].sum(2, keepdim=True)], 2)
    return torch.cat([sides[:, 1].flip(1), around_zero[:, 0], sides[:, 0]], 1).to(torch.int32)


class _Numbers:
    """
    Numbers of one step. They stay on their devices until `read`, which copies all of them to the host at once.
    Each measurement returns the place of its numbers: a list that contains their index once they are computed.
    """

    def __init__(self):
        self._parts, self._length = [], 0
        self._waiting = {}

    def measure(self, function, tensor, *details):
        """Applies a function from [T, *shape] to [T, N] to one tensor of the shape."""
        place = []
        if tensor.numel() > _SMALL:
            self._compute(function, tensor.detach().float().contiguous()[None], details, [place])
        else:
            # A copy, because the next module may overwrite its input.
            copy = tensor.detach()
            copy = copy.clone() if copy.dtype == torch.float32 else copy.float()
            self._waiting.setdefault((function, copy.shape, copy.device, details), []).append((copy, place))
        return place

    def add(self, tensor):
        """Adds the numbers of a tensor as they are."""
        place = [self._length]
        self._append(tensor.detach().float().flatten())
        return place

    def _compute(self, function, tensors, details, places):
        results = function(tensors, *details).contiguous()
        for row, place in enumerate(places):
            place.append(self._length + row * results.shape[1])
        # Counts keep their bits.
        self._append(results.view(torch.float32).flatten())

    def _append(self, numbers):
        self._parts.append(numbers)
        self._length += len(numbers)

    def read(self):
        for (function, _, _, details), waiting in self._waiting.items():
            tensors, places = zip(*waiting)
            self._compute(function, torch.stack(tensors), details, places)
        device = self._parts[0].device
        self._host = torch.cat([part if part.device == device else part.to(device) for part in self._parts]).cpu()
        self._floats = self._host.tolist()

    def floats(self, place, first=0, count=1):
        return self._floats[place[0] + first:place[0] + first + count]

    def counts(self, place):
        return self._host[place[0]:place[0] + _BINS].view(torch.int32)


# ---------------------------------------------------------------------------------------------------------------- modules

_CONVOLUTION = nn.modules.conv._ConvNd
_BATCH_NORM = nn.modules.batchnorm._BatchNorm
_INSTANCE_NORM = nn.modules.instancenorm._InstanceNorm
_ACTIVATIONS = tuple(
    kind for kind in vars(nn.modules.activation).values()
    if isinstance(kind, type) and issubclass(kind, nn.Module) and kind not in (nn.Module, nn.MultiheadAttention)
)


def _role(module):
    """The tap of a module's output; None for a module that is not watched."""
    if isinstance(module, (nn.Linear, _CONVOLUTION)):
        return "linear"
    if isinstance(module, (_BATCH_NORM, _INSTANCE_NORM, nn.LayerNorm, nn.GroupNorm)):
        return "normalized"
    # PyTorch has RMSNorm since 2.4; many networks have one of their own.
    if type(module).__name__.endswith("RMSNorm"):
        return "normalized"
    if isinstance(module, _ACTIVATIONS) or type(module).__name__.endswith("Activation"):
        return "activated"
    return None


@functools.lru_cache(maxsize=None)
def _flat_below(kind, share):
    """As in `_describe`: 1 where the slope is below a share of the steepest, 0 elsewhere."""
    if kind is nn.Sigmoid:
        return lambda y: (y * (1 - y)).lt_(share / 4)
    return lambda y: (1 - y * y).lt_(share)


def _flatness(module, share):
    """As in `_describe`. Only sigmoid and tanh saturate; the flat side of others shows as zeros."""
    kind = next((kind for kind in (nn.Sigmoid, nn.Tanh) if isinstance(module, kind)), None)
    return torch.zeros_like if kind is None else _flat_below(kind, share)


def _unit_axis(module, output, before):
    """
    Axis of a module's units or channels.

    before: that of the module in the same layer whose output it reads, or None
    """
    last = output.dim() - 1
    if isinstance(module, _CONVOLUTION):
        return last - len(module.kernel_size)
    if isinstance(module, (_BATCH_NORM, _INSTANCE_NORM, nn.GroupNorm)):
        return 1
    if before is not None:
        return before
    if isinstance(module, nn.LayerNorm):
        # Subclasses for images normalize the channels, which are not last.
        return last if output.shape[-1] == module.normalized_shape[-1] else 1
    return 1 if output.dim() > 3 and not isinstance(module, nn.Linear) else last


def _batch_statistics(module, x):
    """Mean and unbiased variance of each set of numbers that a module normalizes together; None for a root mean square."""
    x = x.detach().float()
    if isinstance(module, _BATCH_NORM):
        axes = [axis for axis in range(x.dim()) if axis != 1]
    elif isinstance(module, _INSTANCE_NORM):
        axes = list(range(2, x.dim()))
    elif isinstance(module, nn.GroupNorm):
        x, axes = x.reshape(len(x), module.num_groups, -1), [2]
    elif isinstance(module, nn.LayerNorm) and x.shape[-len(module.normalized_shape):] == tuple(module.normalized_shape):
        axes = list(range(x.dim() - len(module.normalized_shape), x.dim()))
    else:
        return None
    together = math.prod(x.shape[axis] for axis in axes)
    mean = x.mean(axes, keepdim=True)
    variance = (x - mean).square_().sum(axes) / max(1, together - 1)
    return mean.flatten(), variance.flatten()


def _parameter(module, name):
    """None if it is computed from other parameters, as by weight_norm."""
    parameter = module._parameters.get(name)
    return None if parameter is None or nn.parameter.is_lazy(parameter) else parameter


def _unwrapped(model):
    """The network in DataParallel, DistributedDataParallel and torch.compile."""
    while True:
        if isinstance(model, (nn.DataParallel, nn.parallel.DistributedDataParallel)):
            model = model.module
        elif isinstance(model._modules.get("_orig_mod"), nn.Module):
            model = model._modules["_orig_mod"]
        else:
            return model


@functools.lru_cache(maxsize=1024)
def _watched_units(total, wanted):
    """Numbers of the units, evenly spread, from 1."""
    count = min(total, wanted)
    return tuple(int((k + 0.5) * total / count) + 1 for k in range(count))


def _optimizers_of(network):
    """Finds the optimizers that update parameters of a network, so that `watch` can do without them."""
    parameters = {id(parameter) for parameter in network.parameters()}
    found = {}
    for candidate in gc.get_objects():
        if issubclass(type(candidate), torch.optim.Optimizer):
            groups = getattr(candidate, "param_groups", [])
            if any(id(parameter) in parameters for group in groups for parameter in group["params"]):
                # A wrapper of an optimizer has the same groups.
                found[id(groups)] = candidate
    return list(found.values())


# ---------------------------------------------------------------------------------------------------------------- watcher


class _Call:
    """A module's call in the measured pass, with the places of its numbers."""

    def __init__(self, key, module, role, unit_axis, size, units):
        self.key, self.module, self.role = key, module, role
        # Axis of the units in the output, their number, and the watched ones.
        self.unit_axis, self.size, self.units = unit_axis, size, units
        # Places by channel group.
        self.values = self.gradient = None
        self.histograms = {}
        self.vectors = {}
        # Parameters whose gradients are measured after the update, by tap.
        self.parameters = {}
        self.weights_before = None


class _Layer:
    """Calls that belong together: at most one of each role."""

    def __init__(self, name, is_watched):
        self.name, self.is_watched = name, is_watched
        self.calls = {}
        self.last = None

    def add(self, call):
        self.calls[call.role] = self.last = call

    def input_of_activation(self):
        roles = list(self.calls)
        return next((role for role in reversed(roles[:roles.index("activated")] if "activated" in roles else roles)), None)


class Watcher:
    """
    Watches a network: see `watch`. It closes at the end of a `with` block, when it is deleted, and when Python exits; an
    exception in the loop leaves a complete file.
    """

    def __init__(self, model, folder, *, every, arm, seed, layers, taps, units, gradients, histograms, saturation,
                 optimizers, scaler, start):
        for name, given, known in (("taps", taps, TAPS), ("histograms", histograms, HISTOGRAM_TAPS)):
            unknown = [each for each in given if each not in known]
            if isinstance(given, str) or unknown:
                raise ValueError("%s must be a list of %s, not %r" % (name, ", ".join(known), given))
        if every < 1:
            raise ValueError("every must be at least 1, not %r" % (every,))
        if not 0 < saturation <= 0.5:
            raise ValueError("saturation must be a number above 0, up to 0.5 (a slope relative to the steepest: 0.06 is tanh outside "
                             "\u00b10.97), not %r" % (saturation,))
        self.network = _unwrapped(model)
        self.every = every
        self._step = start
        self._patterns = [layers] if isinstance(layers, str) else list(layers)
        self._taps, self._histograms, self._gradients = tuple(taps), tuple(histograms), gradients
        self._saturation = saturation
        self._scaler = scaler
        self._optimizers = [optimizers] if hasattr(optimizers, "param_groups") else optimizers
        self._searches = 0
        self._is_replicated = isinstance(model, nn.DataParallel)
        hidden = sum(_role(module) == "linear" for module in self.network.modules()) - 1
        self._units = max(1, min(MOST_UNITS, UNITS_OF_ALL_LAYERS // max(1, hidden))) if units is None else units
        self._followed = set()
        self._test = {}
        self._without_pass = 0
        self._watched = False
        run = "%s/seed-%s" % (arm or type(self.network).__name__, seed)
        log = _RunLog(os.path.join(folder, *run.split("/")), run, start)
        self._log, self._hooks = log, contextlib.ExitStack()
        self._finalizer = weakref.finalize(self, _finish, self._hooks, log)
        distributed = torch.distributed.is_available() and torch.distributed.is_initialized()
        self._is_closed = distributed and torch.distributed.get_rank() > 0
        if self._step % every == 0:
            self._arm()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def step(self, *, loss=None, accuracy=None, gap=None, **others):
        """
        Counts an update. Call it once after each, before the gradients are set to zero.

        loss, accuracy, others  results for the minibatch, tensors or numbers: channels network/train/NAME
        gap  function of the network that returns the loss, or loss and accuracy, for the same minibatch. On watched steps it is
             called twice, with the statistics of the minibatch and with the running statistics. The price is two forward passes.
        """
        if self._watched:
            self._record(_given(loss=loss, accuracy=accuracy, **others), gap)
        self._step += 1
        if self._step % self.every == 0:
            self._arm()

    def test(self, *, loss=None, accuracy=None, **others):
        """Records results for the test set: channels network/test/NAME."""
        results = _given(loss=loss, accuracy=accuracy, **others)
        self._test = {"network/test/" + name: float(value) for name, value in results.items()}
        # On a watched step, they are part of its frame.
        if not self._watched:
            self._write({}, {})

    def close(self):
        """Stops watching, and closes the file."""
        if self._test:
            self._write({}, {})
        self._is_closed = True
        self._watched = False
        self._finalizer()

    def _arm(self):
        """Prepares for the forward and the backward pass of a watched step."""
        if self._is_closed or self._watched:
            return
        self._watched = self._is_open = True
        self._numbers = _Numbers()
        self._layers, self._calls = [], {}
        self._last_output = None
        self._scale = self._rates = None
        self._names = {}
        # A hook of a module would be copied and saved with it, and must not keep the watcher alive.
        me = weakref.ref(self)

        def hook(module, inputs, output):
            watcher = me()
            if watcher is not None:
                watcher._see(module, inputs, output)

        self._hooks.callback(nn.modules.module.register_module_forward_hook(hook).remove)
        # Compiled code calls no hooks.
        set_stance = getattr(getattr(torch, "compiler", None), "set_stance", None)
        if set_stance is not None:
            self._hooks.enter_context(set_stance("force_eager"))

    def _disarm(self):
        self._watched = False
        self._hooks.close()

    # ------------------------------------------------------------------------------------------- the pass of a watched step

    def _see(self, module, inputs, output):
        """Measures a call. The measured pass ends when its backward pass begins, so that others in the step are ignored."""
        role = _role(module)
        if role is None or not self._is_open or not self.network.training or not torch.is_grad_enabled():
            return
        if not isinstance(output, torch.Tensor) or not output.is_floating_point() or output.dim() < 2 or output.numel() == 0:
            return
        name, module = self._named(module)
        if module is None or self._is_replicated and output.device != next(self.network.parameters(), output).device:
            return
        number = self._calls[name] = self._calls.get(name, 0) + 1
        if number > MOST_CALLS:
            return
        if self._rates is None:
            self._rates = self._learning_rates()
        reads_last = bool(inputs) and inputs[0] is self._last_output
        layer = self._layers[-1] if reads_last else None
        if layer is None or role == "linear" or role in layer.calls:
            layer = self._begin_layer(name, number)
        with torch.no_grad():
            self._measure(layer, "%s:%d" % (name, number), number == 1, role, module, inputs, output)
        self._last_output = output

    def _named(self, module):
        """Name and module; None for a module of a different network. A replica in DataParallel shares its dictionary of hooks."""
        key = id(module._forward_hooks)
        if key not in self._names:
            self._names.update((id(each._forward_hooks), (name, each)) for name, each in self.network.named_modules())
            self._names.setdefault(key, (None, None))
        return self._names[key]

    def _begin_layer(self, name, number):
        name = (name or type(self.network).__name__).replace("/", ".")
        # The channels of the whole network have this name.
        if number > 1 or name == "network":
            name = "%s:%d" % (name, number)
        layer = _Layer(name, any(fnmatch.fnmatchcase(name, pattern) for pattern in self._patterns))
        self._layers.append(layer)
        return layer

    def _measure(self, layer, key, is_first, role, module, inputs, output):
        measure = self._numbers.measure
        unit_axis = _unit_axis(module, output, layer.last and layer.last.unit_axis)
        size = output.shape[unit_axis]
        units = _watched_units(size, self._units)
        call = _Call(key, module, role, unit_axis, size, units)
        if layer.last is not None:
            self._followed.add(layer.last.key)
        layer.add(call)
        if not layer.is_watched:
            return
        typical = units[len(units) // 2:len(units) // 2 + 1]
        if self._is_wanted(call, self._taps):
            flatness = _flatness(module, self._saturation) if role == "activated" else None
            call.values = measure(_describe, output, unit_axis, *(typical or (1,)), flatness)
        if self._is_wanted(call, self._histograms):
            call.histograms[""] = measure(_count_bins, output)
        self._await_gradient(call, output)
        if is_first and role == "linear":
            weights = _parameter(module, "weight")
            call.weights_before = None if weights is None else weights.detach().clone()
            if weights is not None:
                self._measure_weights(call, "weights", weights)
            self._measure_vector(call, "bias", _parameter(module, "bias"), 0, 0)
        if is_first and role == "normalized":
            self._measure_vector(call, "scale", _parameter(module, "weight"), 0, len(units))
            self._measure_vector(call, "shift", _parameter(module, "bias"), 0, len(units))
        if role == "normalized":
            # Only the statistics of a batch normalization are those of one unit each.
            first = len(units) // 2
            last = first + 1 if units and isinstance(module, _BATCH_NORM) else first
            batch = _batch_statistics(module, inputs[0])
            running = getattr(module, "running_mean", None), getattr(module, "running_var", None)
            for kind, statistics in (("batch", batch or ()), ("running", running)):
                for quantity, statistic in zip(("Mean", "Variance"), statistics):
                    if statistic is not None:
                        self._measure_vector(call, kind + quantity, statistic, first, last)

    def _measure_weights(self, call, tap, weights):
        if tap in self._histograms:
            call.vectors[tap] = self._numbers.measure(_describe_vector, weights.flatten(), ()), 0, 0
            call.histograms[tap] = self._numbers.measure(_count_bins, weights)

    def _is_wanted(self, call, taps):
        """Whether the output of a call is at one of the taps. The last call of a layer is at `activated`."""
        return call.role in taps or "activated" in taps and call.key not in self._followed

    def _measure_vector(self, call, tap, vector, first, last):
        """Measures a parameter or a statistic. The units from the first to the one before the last have channels."""
        if vector is not None:
            units = call.units if vector.numel() == call.size else ()
            place = self._numbers.measure(_describe_vector, vector.flatten(), units)
            call.vectors[tap] = place, first, last if units else first
            if isinstance(vector, nn.Parameter):
                call.parameters[tap] = vector

    def _await_gradient(self, call, output):
        if output.grad_fn is None:
            return
        numbers, place = self._numbers, output.output_nr

        def arrived(_, gradients):
            self._is_open = False
            # A second backward pass, or one after the step, is not of this frame.
            if gradients[place] is not None and call.gradient is None and self._watched and self._numbers is numbers:
                self._measure_gradient(call, gradients[place])

        # On the node, because an activation in place replaces the hooks of the tensor.
        output.grad_fn.register_hook(arrived)

    def _measure_gradient(self, call, gradient):
        with torch.no_grad():
            gradient = gradient.detach().float()
            if self._scaler is not None:
                if self._scale is None:
                    self._scale = self._scaler.scale(torch.ones((), device=gradient.device))
                gradient = gradient / self._scale.to(gradient.device)
            if self._gradients and self._is_wanted(call, self._taps):
                call.gradient = self._numbers.measure(_describe_gradient, gradient)
            if self._is_wanted(call, [tap[:-8] for tap in self._histograms if tap.endswith("Gradient")]):
                call.histograms["Gradient"] = self._numbers.measure(_count_bins, gradient)

    def _learning_rates(self):
        """Those of the update that follows: of each optimizer, its first group's."""
        if not self._optimizers and self._searches < 3:
            self._searches += 1
            self._optimizers = _optimizers_of(self.network)
        return [optimizer.param_groups[0]["lr"] for optimizer in self._optimizers]

    # --------------------------------------------------------------------------------------------------------- the frame

    def _record(self, results, gap):
        if not self._layers:
            # An evaluation, or an update of a different network: the next step is watched.
            self._without_pass += 1
            if self._without_pass == PATIENCE:
                warnings.warn("BatchNorm Lab has seen no forward pass in training mode in %d steps: watch the module whose layers "
                              "the loop calls." % PATIENCE)
            return
        self._disarm()
        network = {"train/" + name: value for name, value in results.items()}
        # Listed from the first frame, because a new channel begins a new file.
        network.update(("test/" + name, math.nan) for name in results)
        network.update(("training/learningRate%s" % (k + 1 if k else ""), rate) for k, rate in enumerate(self._rates))
        if self._saturation != SATURATION:
            network["watch/saturation"] = self._saturation
        with torch.no_grad():
            if gap is not None:
                network.update(self._gap(gap))
            places = {name: self._numbers.add(value.detach().float().mean()) for name, value in network.items() if isinstance(value, torch.Tensor)}
            layers = [layer for layer in self._layers if layer.is_watched]
            norms = self._weight_norms([call for layer in layers for call in layer.calls.values() if call.weights_before is not None])
            groups = [group for layer in layers for group in self._groups(layer, norms)]
            self._numbers.read()
        values = {"network/" + name: self._numbers.floats(places[name])[0] if name in places else float(value)
                  for name, value in network.items()}
        for layer, tap, quantities, place, first in groups:
            numbers = self._numbers.floats(place, first, len(quantities))
            values.update(zip(_channel_names(layer, tap, quantities), numbers))
        counts = {"%s/%s" % (layer.name, tap): self._numbers.counts(place)
                  for layer in layers for tap, place in self._histogram_places(layer)}
        self._numbers = self._layers = self._last_output = None
        self._write(values, counts)

    def _groups(self, layer, norms):
        """Groups of channels: layer, tap, quantities, and the place where their numbers begin."""
        calls = layer.calls
        found = []
        for tap in self._taps:
            call = layer.last if tap == "activated" else calls.get(tap)
            if call is None:
                continue
            if call.values is not None:
                found.append((tap, VALUE_QUANTITIES, call.values, 0))
                if tap == "activated" and "activated" in calls and calls["activated"].values is not None:
                    found.append((tap, SHARE_QUANTITIES, calls["activated"].values, 8))
                if tap == layer.input_of_activation() and call.units:
                    unit = call.units[len(call.units) // 2]
                    found.append((tap, tuple("unit%d-%s" % (unit, each) for each in PERCENTILES), call.values, 11))
            if call.gradient is not None:
                found.append((tap + "Gradient", GRADIENT_QUANTITIES, call.gradient, 0))
        for call in calls.values():
            if call in norms:
                weights = call.module.weight
                if weights.grad is not None:
                    self._measure_weights(call, "weightsGradient", weights.grad)
                place, first = norms[call]
                found += ("weights", WEIGHT_QUANTITIES, place, first), ("effectiveRate", ("update",), place, first + 3)
            for tap, (place, first, last) in call.vectors.items():
                parameter = call.parameters.get(tap)
                found.append((tap, SPREAD_QUANTITIES if parameter is None else ("norm",), place, 0 if parameter is None else 4))
                if parameter is not None:
                    found.append((tap, SPREAD_QUANTITIES, place, 0))
                    if parameter.grad is not None:
                        units = call.units if parameter.numel() == call.size else ()
                        gradient = self._numbers.measure(_describe_vector, parameter.grad.flatten(), units)
                        found.append((tap, ("gradientNorm",), gradient, 4))
                found.append((tap, tuple("unit%d" % unit for unit in call.units[first:last]), place, 5 + first))
        found.sort(key=lambda group: TAP_ORDER[group[0]])
        return [(layer.name, *group) for group in found]

    def _weight_norms(self, calls):
        """Places by call: WEIGHT_QUANTITIES, and the norm of the update relative to that of the weights."""
        if not calls:
            return {}
        norms = []
        for call in calls:
            weights, before = call.module.weight, call.weights_before
            norms += _norm(before), before.new_full((), math.nan) if weights.grad is None else _norm(weights.grad), _norm(weights - before)
        device = norms[0].device
        table = torch.stack([norm if norm.device == device else norm.to(device) for norm in norms]).reshape(-1, 3)
        place = self._numbers.add(torch.cat([table, table[:, 2:] / table[:, :1]], 1))
        return {call: (place, 4 * row) for row, call in enumerate(calls)}

    def _histogram_places(self, layer):
        for tap in self._histograms:
            role, kind = (tap[:-8], "Gradient") if tap.endswith("Gradient") else (tap, "")
            if role == "weights":
                role, kind = "linear", tap
            call = layer.last if role == "activated" else layer.calls.get(role)
            if call is not None and kind in call.histograms:
                yield tap, call.histograms[kind]

    def _gap(self, gap):
        """Results of the same weights for the same minibatch, normalized in two ways. Nothing of the network changes."""
        training = [(module, module.training) for module in self.network.modules()]
        norms = [module for module, was in training if was and getattr(module, "running_mean", None) is not None]
        saved = [(buffer, buffer.clone()) for module in norms for buffer in module.buffers(recurse=False)]
        devices = {buffer.device for buffer, _ in saved if buffer.device.type == "cuda"}
        found = {}
        with torch.random.fork_rng(list(devices)):
            try:
                self.network.eval()
                found["runningStatistics"] = gap(self.network)
                for module in norms:
                    module.train()
                found["batchStatistics"] = gap(self.network)
            finally:
                for module, was in training:
                    module.training = was
                for buffer, value in saved:
                    buffer.copy_(value)
        return {"%s/%s" % (tap, name): value for tap, results in found.items()
                for name, value in zip(("loss", "accuracy"), results if isinstance(results, (tuple, list)) else (results,))}

    def _write(self, values, counts):
        if self._is_closed:
            return
        values.update(self._test)
        self._test = {}
        try:
            self._log.frame(self._step, values, counts)
        except OSError as error:
            self._is_closed = True
            warnings.warn("BatchNorm Lab has stopped watching, because %s cannot be written: %s" % (self._log.folder, error))


@functools.lru_cache(maxsize=None)
def _channel_names(layer, tap, quantities):
    return ["%s/%s/%s" % (layer, tap, quantity) for quantity in quantities]


def _given(**results):
    return {name: value for name, value in results.items() if value is not None}


def _norm(tensor):
    return torch.linalg.vector_norm(tensor.detach(), dtype=torch.float32)


def _finish(hooks, log):
    hooks.close()
    with contextlib.suppress(OSError):
        log.close()
