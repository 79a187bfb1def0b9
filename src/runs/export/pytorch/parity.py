"""
Trains with scripts of `bnexp export pytorch --exact`, in float32, in float64,
and in float64 with rounding errors drawn at random, and compares the tensors
with those of BatchNorm Lab.

    python3 parity.py < INPUT.json

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


class Rounding:
    """
    Multiplies what a module of a network computes by factors near 1, as
    rounding does: parameters and running statistics at the start and after
    each step, what enters the network and leaves each module, and all
    gradients. Each factor is drawn from 1 - size to 1 + size.
    """

    def __init__(self, seed, size):
        self.generator = torch.Generator().manual_seed(seed)
        self.size = size

    def of(self, values):
        drawn = torch.rand(values.shape, generator=self.generator, dtype=values.dtype)
        return values * (1 + self.size * (2 * drawn - 1))

    def state(self, network):
        with torch.no_grad():
            for values in [*network.parameters(), *network.buffers()]:
                if values.is_floating_point():
                    values.copy_(self.of(values))

    def attach(self, network):
        self.state(network)
        network.register_forward_pre_hook(self.entering)
        for module in network.modules():
            module.register_forward_hook(self.leaving)
        for parameter in network.parameters():
            if parameter.requires_grad:
                parameter.register_hook(self.of)

    def entering(self, module, inputs):
        # Evaluations do not change the training.
        return tuple(map(self.of, inputs)) if torch.is_grad_enabled() else None

    def leaving(self, module, inputs, output):
        if not torch.is_grad_enabled():
            return None
        output = self.of(output)
        if output.requires_grad:
            output.register_hook(self.of)
        return output


class Recorder:
    """Takes the place of the watcher."""

    def __init__(self, network, steps, rounding):
        self.network, self.steps, self.losses = network, steps, []
        self.rounding, self.tensors = rounding, {}
        if rounding:
            rounding.attach(network)
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
        if self.rounding:
            self.rounding.state(self.network)
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


def trained(script, case, dtype, rounding=None):
    """The tensors of the first steps, in float64."""
    torch.set_default_dtype(dtype)
    recorders = []

    def watch(model, logs, **given):
        recorders.append(Recorder(model, case["steps"], rounding))
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


def largest(values):
    """The largest magnitude; infinity if it is not finite."""
    value = values.abs().max().item() if values.numel() else 0.0
    return value if math.isfinite(value) else math.inf


def difference(a, b):
    """0 where both are equal, NaN or the same infinity."""
    same = (a == b) | a.isnan() & b.isnan()
    return largest(torch.where(same, torch.zeros_like(a), a - b))


# Tensors much smaller than the largest of their kind are mostly rounding error.
SMALLEST_SCALE = 1e-2
# Largest relative error of one rounding to float32.
ROUNDING_ERROR = 2.0 ** -24


def kind(name):
    return name.partition("/")[0]


def scales_of(tensors):
    """By name, the magnitude that differences are compared with."""
    own = {name: largest(values) for name, values in tensors.items()}
    own = {name: scale if math.isfinite(scale) else 0.0 for name, scale in own.items()}
    most = {}
    for name, scale in own.items():
        most[kind(name)] = max(most.get(kind(name), 0.0), scale)
    return {name: max(scale, SMALLEST_SCALE * most[kind(name)]) for name, scale in own.items()}


class Comparison:
    """Tensors of the lab and of trainings with PyTorch."""

    def __init__(self, case):
        specification = importlib.util.spec_from_file_location("script", case["script"])
        self.case, self.script = case, importlib.util.module_from_spec(specification)
        # Dataclasses look up the module of their class.
        sys.modules["script"] = self.script
        specification.loader.exec_module(self.script)
        ours = self.script.load_safetensors(case["ours"])
        self.single = trained(self.script, case, torch.float32)
        self.double = trained(self.script, case, torch.float64)
        self.perturbed = []
        self.uncompared, self.tensors = [], {}
        for name, mine in ours.items():
            if name not in self.single:
                self.uncompared.append({"name": name, "missing": True})
            elif mine.shape != self.single[name].shape:
                shapes = [str(tuple(each.shape)) for each in (mine, self.single[name])]
                self.uncompared.append({"name": name, "shapes": shapes})
            else:
                self.tensors[name] = {"ours": mine.double()}
        scales = scales_of({name: self.double[name] for name in self.tensors})
        for name, tensor in self.tensors.items():
            tensor.update(
                name=name,
                scale=scales[name],
                difference=difference(tensor["ours"], self.single[name]),
                error=difference(tensor["ours"], self.double[name]),
                spreads=[],
                nearest=math.inf)

    def perturb(self, sizes):
        for size in sizes:
            rounding = Rounding(len(self.perturbed), size * ROUNDING_ERROR)
            self.perturbed.append(size)
            new = trained(self.script, self.case, torch.float64, rounding)
            for name, tensor in self.tensors.items():
                tensor["spreads"].append(difference(new[name], self.double[name]))
                tensor["nearest"] = min(tensor["nearest"], difference(tensor["ours"], new[name]))

    def beyond(self, tolerances):
        """Tensors that equal no training with PyTorch within the tolerance."""
        return [
            tensor for name, tensor in self.tensors.items()
            if min(tensor["difference"], tensor["error"], tensor["nearest"])
            > tolerances[kind(name)] * tensor["scale"]]

    def result(self):
        tensors = [{key: value for key, value in tensor.items() if key != "ours"}
                   for tensor in self.tensors.values()]
        return {"perturbations": self.perturbed, "tensors": self.uncompared + tensors}


def compared(case, tolerances, perturbations, explained):
    comparison = Comparison(case)
    first, more, most = perturbations
    comparison.perturb(first)
    if comparison.beyond(tolerances):
        comparison.perturb(more)
    if any(tensor["error"] > explained * max(tensor["spreads"]) for tensor in comparison.beyond(tolerances)):
        comparison.perturb(most)
    return comparison.result()


def printable(value):
    """JSON has no infinity: it becomes a string."""
    if isinstance(value, dict):
        return {key: printable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [printable(each) for each in value]
    return "Infinity" if value == math.inf else value


given = json.load(sys.stdin)
for case in given.pop("cases"):
    result = {"id": case["id"], "version": str(torch.__version__)}
    try:
        result.update(compared(case, **given))
    except Exception as error:
        result["problem"] = "%s: %s" % (type(error).__name__, error)
    print(json.dumps(printable(result)), flush=True)
