"""
Trains with scripts of `bnexp export pytorch --exact`, in float32 and float64,
and compares the tensors with those of BatchNorm Lab.

    python3 parity.py < CASES.json

Prints one JSON object per case. Needs PyTorch 1.12 or newer.
"""

import importlib.util
import json
import math
import sys
import types

try:
    import torch
    from torch import nn
except ImportError:
    print(json.dumps({"missing": "torch"}))
    sys.exit()

version = tuple(int(part) for part in torch.__version__.split(".")[:2])
if version < (1, 12):
    print(json.dumps({"old": str(torch.__version__)}))
    sys.exit()

sys.dont_write_bytecode = True
# A recorder takes the place of the watcher.
sys.modules["batchnorm_lab"] = types.ModuleType("batchnorm_lab")
sys.modules["batchnorm_lab"].watch = None
torch.set_num_threads(1)


class Finished(Exception):
    """All steps to compare are trained."""


class Recorder:
    """Takes the place of the watcher."""

    def __init__(self, network, steps):
        self.network, self.steps, self.losses = network, steps, []
        self.tensors = {}
        self.hooks = [
            module.register_forward_hook(self.recorder_of(name))
            for name, module in network.named_modules() if name]

    def recorder_of(self, name):
        def record(module, inputs, output):
            # An evaluation before the first step is overwritten by it.
            self.tensors["value/" + name] = output.detach().clone()
        return record

    def test(self, **results):
        pass

    def step(self, loss, **results):
        if not self.losses:
            for hook in self.hooks:
                hook.remove()
            for name, parameter in self.network.named_parameters():
                if parameter.grad is not None:
                    self.tensors["gradient/" + name] = parameter.grad.clone()
        self.losses.append(loss.item())
        if len(self.losses) >= self.steps:
            raise Finished

    def close(self):
        pass

    def finish(self):
        for name, value in self.network.state_dict().items():
            self.tensors["parameter/" + name] = value.clone()
        self.tensors["loss/of each step"] = torch.tensor(self.losses)
        # Names of weight normalization in PyTorch 2.1 and newer.
        for name in list(self.tensors):
            for new, old in (("original0", "_g"), ("original1", "_v")):
                end = ".parametrizations.weight." + new
                if name.endswith(end):
                    short = name[:-len(end)] + ".weight" + old
                    self.tensors[short] = self.tensors[name]
        return {name: value.double() for name, value in self.tensors.items()}


def trained(script, case, dtype):
    """The tensors of the first steps, in float64."""
    torch.set_default_dtype(dtype)
    recorders = []

    def watch(model, logs, **given):
        recorders.append(Recorder(model, case["steps"]))
        return recorders[0]

    load = script.load_safetensors

    def load_as(path):
        return {name: value.to(dtype) if value.is_floating_point() else value
                for name, value in load(path).items()}

    script.watch, script.load_safetensors = watch, load_as
    try:
        script.train(case["arm"], case["seed"], None, 0, 1, torch.device("cpu"))
    except Finished:
        pass
    finally:
        script.load_safetensors = load
        torch.set_default_dtype(torch.float32)
    return recorders[0].finish()


# Inputs of a ReLU are near 0 if they are smaller than this share of the largest.
NEAR = 1e-6


class OtherSide:
    """
    Gives ReLUs the derivative of the other side of 0 where their input is so
    near 0 that rounding decides on which side it is.
    """

    def __enter__(self):
        self.found = False
        self.forwards = {kind: kind.forward for kind in (nn.ReLU, nn.LeakyReLU)}
        for kind in self.forwards:
            kind.forward = self.forward_of(kind)
        return self

    def __exit__(self, *_):
        for kind, forward in self.forwards.items():
            kind.forward = forward

    def forward_of(self, kind):
        def forward(module, x):
            if not module.training:
                return self.forwards[kind](module, x)
            near = x.detach().abs() < NEAR * x.detach().abs().max()
            self.found = self.found or bool(near.any())
            slope = getattr(module, "negative_slope", 0)
            return x * torch.where((x.detach() > 0) ^ near, 1.0, slope)
        return forward


def largest(values):
    """The largest magnitude; text if it is not finite, for JSON."""
    value = values.abs().max().item() if values.numel() else 0.0
    return value if math.isfinite(value) else "NaN"


def difference(a, b):
    """0 where both are equal, NaN or the same infinity."""
    same = (a == b) | a.isnan() & b.isnan()
    return largest(torch.where(same, torch.zeros_like(a), a - b))


def compared(case):
    specification = importlib.util.spec_from_file_location("script", case["script"])
    script = importlib.util.module_from_spec(specification)
    # Dataclasses look up the module of their class.
    sys.modules["script"] = script
    specification.loader.exec_module(script)
    ours = script.load_safetensors(case["ours"])
    single = trained(script, case, torch.float32)
    double = trained(script, case, torch.float64)
    with OtherSide() as other_side:
        other = trained(script, case, torch.float64)
    tensors = []
    for name, mine in ours.items():
        if name not in single:
            tensors.append({"name": name, "problem": "is missing in PyTorch"})
            continue
        if mine.shape != single[name].shape:
            shapes = tuple(mine.shape), tuple(single[name].shape)
            tensors.append({"name": name, "problem": "has the shape %s, in PyTorch %s" % shapes})
            continue
        mine = mine.double()
        tensors.append({
            "name": name,
            "scale": largest(double[name]),
            "difference": difference(mine, single[name]),
            "error": difference(mine, double[name]),
            "errorOfPyTorch": difference(single[name], double[name]),
            "errorOnOtherSide": difference(mine, other[name]) if other_side.found else None,
        })
    return tensors


for case in json.load(sys.stdin):
    try:
        result = {"id": case["id"], "version": str(torch.__version__), "tensors": compared(case)}
    except Exception as error:
        result = {"id": case["id"], "version": str(torch.__version__), "problem": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(result), flush=True)
