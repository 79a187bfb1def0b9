#!/usr/bin/python3
"""
Makes the fixtures in test/fixtures/engine that the engine's oracle tests read:

    /usr/bin/python3 test/oracle/make_fixtures.py [--out FOLDER]

Needs PyTorch (Debian's python3-torch), SciPy (python3-scipy) and NumPy. Everything is float64. All inputs are multiples of 1/1024, exact in
float32 too, and come from NumPy's RandomState, whose stream is frozen: the same file comes out on every machine.
"""

import argparse
import itertools
import json
import math
import os
import sys
import unittest.mock
import warnings

import numpy
import torch

sys.dont_write_bytecode = True  # leave no cache in the source tree
from images import Images, rows
from measures import measures_fixtures
from network import ACTIVATIONS, Layer, Network, activate, loss_of, tensor
from probes import probed
from settings import settings_fixtures

torch.set_num_threads(1)
# SequentialLR itself triggers a warning by the way it calls its schedulers.
warnings.filterwarnings("ignore", message="The epoch parameter in `scheduler.step")

SLOPE = 0.125  # for leaky-relu; exact in float32


# ---------------------------------------------------------------------------------------------------- writing

def number(value):
    value = float(value)
    if abs(value) < 1e-14:  # the rounding error of a zero
        return 0
    return int(value) if value == int(value) and abs(value) < 1e9 else float("%.8g" % value)


def flat(values):
    if isinstance(values, torch.Tensor):
        values = values.detach().numpy()
    return [number(v) for v in numpy.asarray(values, dtype=float).ravel()]


def exact(values):
    """Formats inputs with every digit, since the engine has to start from the same numbers."""
    return numpy.asarray(values, dtype=float).ravel().tolist()


def write(folder, name, fixture):
    """Formats each top-level property, and each item of a top-level list, on one line."""
    def lines(value):
        if not isinstance(value, list):
            return json.dumps(value, separators=(",", ":"))
        return "[\n  " + ",\n  ".join(json.dumps(item, separators=(",", ":")) for item in value) + "\n ]"
    with open(os.path.join(folder, name), "w") as file:
        file.write("{\n " + ",\n ".join(f"{json.dumps(key)}: {lines(value)}" for key, value in fixture.items()) + "\n}\n")


def quantized(values):
    return (numpy.round(numpy.asarray(values) * 1024) / 1024).tolist()


# ---------------------------------------------------------------------------------------------------- normalization

FACTORS = {
    "placement": ["before-activation", "after-activation"],
    "statistics": ["per-feature", "whole-batch"],
    "variance": ["biased", "unbiased"],
    "gradient": ["through-statistics", "detached"],
    "scale": [True, False],
    "shift": [True, False],
    "epsilon": [0, 1e-5, 1e-3],
}
OUTER = {
    "activation": list(ACTIVATIONS),
    "loss": ["cross-entropy", "mean-squared-error"],
    "bias": [True, False],
}
MOMENTA = [0.1, 0.01, 0.5, 1]
INPUTS, UNITS, OUTPUTS, BATCH = 3, 4, 3, 6
SEED = 5252  # the first that is_well_placed accepts


def product(factors):
    """All combinations as dictionaries, the last factor fastest."""
    return [dict(zip(factors, values)) for values in itertools.product(*factors.values())]


def layer(name, units, activation, normalization, bias):
    return {
        "kind": "dense", "name": name, "units": units, "bias": bias,
        "activation": {"kind": activation, "slope": SLOPE},
        "initialization": {"kind": "zeros"},
        "normalization": normalization,
    }


def shared_numbers(seed):
    """Inputs and parameters of all cases. Weights are small, so that the epsilons are not negligible beside the variances."""
    random = numpy.random.RandomState(seed)
    normal = random.standard_normal
    return {
        "batches": [quantized(0.3 + normal((BATCH, INPUTS))) for _ in range(3)],
        "evaluation": quantized(0.3 + normal((4, INPUTS))),
        "labels": [0, 1, 2, 2, 1, 0],
        "targets": quantized(normal((BATCH, OUTPUTS))),
        "hidden1": {
            "weights": quantized(0.25 * normal((UNITS, INPUTS))),
            "bias": quantized(0.1 * normal(UNITS)),
            "scale": quantized(1 + 0.3 * normal(UNITS)),
            "shift": quantized(0.3 * normal(UNITS)),
        },
        "output": {"weights": quantized(0.8 * normal((OUTPUTS, UNITS))), "bias": quantized(0.3 * normal(OUTPUTS))},
        "projection": quantized(random.uniform(0.5, 1.5, 256) * random.choice([-1, 1], 256)),
    }


def normalized_network(shared, normalization, outer):
    names = ["weights"] + (["bias"] if outer["bias"] else [])
    names += [p for p in ("scale", "shift") if normalization.get(p)]
    layers = [
        layer("hidden1", UNITS, outer["activation"], normalization, outer["bias"]),
        layer("output", None, "linear", {"kind": "none"}, True),
    ]
    initial = {"hidden1": {name: shared["hidden1"][name] for name in names}, "output": shared["output"]}
    return Network(layers, initial)


def is_well_placed(shared):
    """
    Whether every value is far enough from a kink, and every feature varies enough, that float32 neither crosses a kink
    nor magnifies its rounding. All cases can then use the same tight tolerance.
    """
    for batch in shared["batches"]:
        for bias in (True, False):
            for n in product({**FACTORS, "gradient": ["detached"], "epsilon": [0]}):
                normalization = {"kind": "batch", "momentum": 0.1, **n}
                network = normalized_network(shared, normalization, {"activation": "relu", "bias": bias})
                network.forward(tensor(batch))
                taps = network.layers[0].taps
                kinked = taps["normalized" if n["placement"] == "before-activation" else "linear"]
                if kinked.abs().min() < 0.01:
                    return False
                if n["placement"] == "after-activation" and (activate({"kind": "relu", "slope": 0}, kinked).std(0) < 0.05).any():
                    return False
    return True


def run_case(shared, normalization, outer):
    """One pass with all gradients, three batches for the running statistics, and an evaluation by these."""
    network = normalized_network(shared, normalization, outer)
    hidden, output = network.layers
    outputs = network.forward(tensor(shared["batches"][0]))
    loss = loss_of(outer["loss"], outputs, torch.tensor(shared["labels"]), tensor(shared["targets"]))
    loss.backward()
    case = {
        "normalization": normalization, "activation": outer["activation"], "lossKind": outer["loss"], "bias": outer["bias"],
        "loss": number(loss),
        "values": {"hidden1": {tap: flat(t) for tap, t in hidden.taps.items()}, "output": {"activated": flat(outputs)}},
        "gradients": {
            "hidden1": {tap: flat(t.grad) for tap, t in hidden.taps.items()},
            "output": {"activated": flat(output.taps["activated"].grad)},
        },
        "parameterGradients": {
            l.name: {name: flat(p.grad) for name, p in l.parameters.items()} for l in network.layers
        },
    }
    check_against_batch_norm(normalization, hidden)
    with torch.no_grad():
        for batch in shared["batches"][1:]:
            network.forward(tensor(batch))
        if normalization["kind"] != "none":
            case["running"] = {"mean": flat(hidden.running_mean), "variance": flat(hidden.running_variance)}
        case["evaluation"] = flat(network.forward(tensor(shared["evaluation"]), training=False))
    return case


def check_against_batch_norm(n, hidden):
    """Checks nn.BatchNorm1d, for the cases that it supports, against the expression that autograd differentiated."""
    if n["kind"] == "none" or n["statistics"] != "per-feature" or n["variance"] != "biased" or n["gradient"] == "detached":
        return
    module = torch.nn.BatchNorm1d(UNITS, eps=n["epsilon"], momentum=n["momentum"]).double()
    with torch.no_grad():
        for name, p in (("scale", module.weight), ("shift", module.bias)):
            if n[name]:
                p.copy_(hidden.parameters[name])
    linear = hidden.taps["linear"].detach().requires_grad_()
    before = n["placement"] == "before-activation"
    y = module(linear) if before else module(activate(hidden.activation, linear))
    y.backward(hidden.taps["normalized"].grad)
    assert torch.allclose(y, hidden.taps["normalized"], rtol=1e-10, atol=1e-12)
    assert torch.allclose(module.running_mean, hidden.running_mean, rtol=1e-10, atol=1e-12)
    assert torch.allclose(module.running_var, hidden.running_variance, rtol=1e-10, atol=1e-12)
    assert torch.allclose(linear.grad, hidden.taps["linear"].grad, rtol=1e-8, atol=1e-12)
    for name, p in (("scale", module.weight), ("shift", module.bias)):
        if n[name]:
            assert torch.allclose(p.grad, hidden.parameters[name].grad, rtol=1e-8, atol=1e-12)
    module.eval()
    x = hidden.taps["linear"] if before else activate(hidden.activation, hidden.taps["linear"])
    assert torch.allclose(module(x), hidden.normalize(x, training=False), rtol=1e-10, atol=1e-12)


def normalizations():
    """The whole table, cycling through the momenta; the last entry is the layer without normalization."""
    table = [{"kind": "batch", **n, "momentum": MOMENTA[k % len(MOMENTA)]} for k, n in enumerate(product(FACTORS))]
    return table + [{"kind": "none"}]


def projected(shared, values):
    """Σ of all the numbers, each multiplied by its own element of `projection`."""
    flattened = numpy.concatenate([numpy.asarray(v, dtype=float) for v in values])
    return number(flattened @ numpy.asarray(shared["projection"])[: len(flattened)])


def leaves(tree):
    return [leaf for child in tree.values() for leaf in leaves(child)] if isinstance(tree, dict) else [tree]


def normalization_fixtures():
    shared = shared_numbers(SEED)
    assert is_well_placed(shared), "look for the next seed that is: next(filter(lambda s: is_well_placed(shared_numbers(s)), itertools.count()))"
    outer = product(OUTER)
    cases, rows = [], []
    for k, normalization in enumerate(normalizations()):
        for j, choice in enumerate(outer):
            case = run_case(shared, normalization, choice)
            rows.append([
                case["loss"],
                projected(shared, leaves(case["values"])),
                projected(shared, leaves(case["gradients"]) + leaves(case["parameterGradients"])),
                projected(shared, [case["evaluation"]]),
            ])
            # Full results: each normalization with one of the 24 combinations, 7 apart so that neighbours share nothing.
            if j == (7 * k) % len(outer) or normalization["kind"] == "none" and choice["bias"]:
                cases.append(case)
    return (
        {"shared": shared, "cases": cases},
        {"columns": ["loss", "values", "gradients", "evaluation"], "normalizations": normalizations(), "outer": OUTER, "rows": rows},
    )


# ---------------------------------------------------------------------------------------------------- single functions

def activation_fixtures():
    # From the flat tails through the neighbourhood of 0 to the kink at 0.
    grid = [0, 1e-3, 0.03125, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 12, 20, 50, 100]
    x = [-v for v in reversed(grid[1:])] + grid
    x = [float(numpy.float32(v)) for v in x]
    cases = []
    for kind in ACTIVATIONS:
        for slope in [SLOPE, 0.01] if kind == "leaky-relu" else [SLOPE]:
            slope = float(numpy.float32(slope))
            points = tensor(x).requires_grad_()
            y = activate({"kind": kind, "slope": slope}, points)
            y.sum().backward()
            cases.append({"activation": {"kind": kind, "slope": slope}, "y": flat(y), "derivative": flat(points.grad)})
    return {"x": x, "cases": cases}


def loss_fixtures():
    random = numpy.random.RandomState(7)
    cases = []
    for rows, columns in ((1, 2), (2, 1), (3, 3), (5, 4), (8, 10)):
        outputs = quantized(2 * random.standard_normal((rows, columns)))
        labels = random.randint(0, columns, rows).tolist()
        targets = quantized(random.standard_normal((rows, columns)))
        for kind in OUTER["loss"]:
            # Large and far apart: a softmax that does not subtract the maximum overflows here.
            for factor in (1, 64) if kind == "cross-entropy" else (1,):
                y = (factor * tensor(outputs)).requires_grad_()
                loss = loss_of(kind, y, torch.tensor(labels), tensor(targets))
                loss.backward()
                cases.append({
                    "kind": kind, "rows": rows, "columns": columns, "outputs": exact(y.detach()), "labels": labels,
                    "targets": exact(targets), "loss": number(loss), "gradient": flat(y.grad),
                    "correct": int((y.argmax(1) == torch.tensor(labels)).sum()),
                })
    return {"cases": cases}


# ---------------------------------------------------------------------------------------------------- training

def batch_normalization(**changes):
    return {
        "kind": "batch", "placement": "before-activation", "statistics": "per-feature", "variance": "biased",
        "gradient": "through-statistics", "scale": True, "shift": True, "epsilon": 1e-5, "momentum": 0.1, **changes,
    }


NO_NORMALIZATION = {"kind": "none"}

# No bias precedes a per-feature normalization whose statistics pass the gradient: the bias's gradient is the
# rounding error of a zero, which Adam would amplify to full steps.
NETS = {
    "relu, batch normalization before": ("cross-entropy", [
        layer("hidden1", 5, "relu", batch_normalization(), False),
        layer("output", None, "linear", NO_NORMALIZATION, True),
    ]),
    "sigmoid, as the note's code has it": ("mean-squared-error", [
        layer("hidden1", 4, "sigmoid", batch_normalization(
            kind="naive", placement="after-activation", statistics="whole-batch", variance="unbiased", epsilon=0,
            scale=False, shift=False), True),
        layer("hidden2", 3, "sigmoid", batch_normalization(
            placement="after-activation", statistics="whole-batch", variance="unbiased", epsilon=0), True),
        layer("output", None, "linear", NO_NORMALIZATION, True),
    ]),
    "tanh, no normalization": ("cross-entropy", [
        layer("hidden1", 4, "tanh", NO_NORMALIZATION, True),
        layer("hidden2", 4, "tanh", NO_NORMALIZATION, False),
        layer("hidden3", 4, "tanh", NO_NORMALIZATION, True),
        layer("output", None, "linear", NO_NORMALIZATION, True),
    ]),
    "every layer another": ("cross-entropy", [
        layer("hidden1", 5, "leaky-relu", batch_normalization(placement="after-activation", momentum=0.3), True),
        layer("hidden2", 4, "gelu", batch_normalization(gradient="detached", epsilon=1e-3), True),
        layer("hidden3", 4, "sigmoid", batch_normalization(shift=False, variance="unbiased"), False),
        layer("output", None, "linear", batch_normalization(), False),
    ]),
}


def sgd(learning_rate, momentum=0, nesterov=False, weight_decay=0):
    return {"kind": "sgd", "learningRate": learning_rate, "momentum": momentum, "nesterov": nesterov, "weightDecay": weight_decay}


def adam(kind, learning_rate, weight_decay=0, beta1=0.9, beta2=0.999, epsilon=1e-8):
    return {"kind": kind, "learningRate": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon, "weightDecay": weight_decay}


OPTIMIZERS = [
    sgd(0.1), sgd(0.1, momentum=0.9), sgd(0.1, momentum=0.9, nesterov=True), sgd(0.1, weight_decay=0.05),
    sgd(0.05, momentum=0.5, nesterov=True, weight_decay=0.05),
    adam("adam", 0.01), adam("adam", 0.01, weight_decay=0.05), adam("adamw", 0.01, weight_decay=0.5),
    adam("adamw", 0.02, beta1=0.5, beta2=0.9, epsilon=1e-4),
]

CONSTANT = {"kind": "constant", "warmUp": 0, "every": 1, "factor": 1, "floor": 0}
TRAINING_SCHEDULE = {"kind": "cosine", "warmUp": 4, "every": 1, "factor": 1, "floor": 0.1}


def torch_optimizer(o, parameters):
    if o["kind"] == "sgd":
        return torch.optim.SGD(parameters, lr=o["learningRate"], momentum=o["momentum"], nesterov=o["nesterov"], weight_decay=o["weightDecay"])
    make = torch.optim.Adam if o["kind"] == "adam" else torch.optim.AdamW
    return make(parameters, lr=o["learningRate"], betas=(o["beta1"], o["beta2"]), eps=o["epsilon"], weight_decay=o["weightDecay"])


def torch_schedule(optimizer, s, steps):
    """PyTorch's own schedulers; a warm-up is LinearLR, which reaches 1 at its last step, before the other schedule starts."""
    schedulers = torch.optim.lr_scheduler
    def main():
        if s["kind"] == "constant":
            return schedulers.ConstantLR(optimizer, factor=1, total_iters=0)
        if s["kind"] == "step":
            return schedulers.StepLR(optimizer, s["every"], s["factor"])
        return schedulers.CosineAnnealingLR(optimizer, max(1, steps - s["warmUp"]), eta_min=s["floor"] * optimizer.defaults["lr"])
    if s["warmUp"] <= 1:
        # A warm-up that starts at the full rate has no effect; the other schedule only starts one step later.
        return main() if s["warmUp"] == 0 else schedulers.SequentialLR(
            optimizer, [schedulers.ConstantLR(optimizer, factor=1, total_iters=0), main()], [1])
    warm = schedulers.LinearLR(optimizer, start_factor=1 / s["warmUp"], end_factor=1, total_iters=s["warmUp"] - 1)
    return schedulers.SequentialLR(optimizer, [warm, main()], [s["warmUp"]])


def initial_parameters(layers, random, inputs, outputs):
    initial = {}
    for l in layers:
        units = l["units"] or outputs
        normal = random.standard_normal
        values = {"weights": quantized(normal((units, inputs)) * math.sqrt(1.5 / inputs))}
        if l["bias"]:
            values["bias"] = quantized(0.2 * normal(units))
        for name, mean in (("scale", 1), ("shift", 0)):
            if l["normalization"].get(name):
                values[name] = quantized(mean + 0.2 * normal(units))
        initial[l["name"]] = values
        inputs = units
    return initial


def training_fixtures():
    random = numpy.random.RandomState(11)
    steps, batch, batches, inputs, outputs = 20, 8, 4, 3, 3
    xs = quantized(random.standard_normal((batches, batch, inputs)))
    labels = random.randint(0, outputs, (batches, batch)).tolist()
    targets = quantized(random.standard_normal((batches, batch, outputs)))
    nets, runs = [], []
    for name, (loss, layers) in NETS.items():
        initial = initial_parameters(layers, random, inputs, outputs)
        nets.append({"name": name, "loss": loss, "layers": layers, "initial": {l: {p: exact(v) for p, v in i.items()} for l, i in initial.items()}})
        for k, o in enumerate(OPTIMIZERS):
            for s in [CONSTANT] if k % 4 else [CONSTANT, TRAINING_SCHEDULE]:
                network = Network(layers, initial)
                optimizer = torch_optimizer(o, network.parameters())
                schedule = torch_schedule(optimizer, s, steps)
                losses = []
                for step in range(steps):
                    b = step % batches
                    optimizer.zero_grad()
                    value = loss_of(loss, network.forward(tensor(xs[b])), torch.tensor(labels[b]), tensor(targets[b]))
                    value.backward()
                    optimizer.step()
                    schedule.step()
                    losses.append(number(value))
                runs.append({
                    "net": name, "optimizer": o, "schedule": s, "losses": losses,
                    "parameters": {l.name: {p: flat(v) for p, v in l.parameters.items()} for l in network.layers},
                    "running": {
                        l.name: {"mean": flat(l.running_mean), "variance": flat(l.running_variance)}
                        for l in network.layers if l.normalization["kind"] != "none"
                    },
                })
    return {
        "steps": steps, "rows": batch, "inputs": inputs, "outputs": outputs, "batches": [exact(x) for x in xs],
        "labels": labels, "targets": [exact(t) for t in targets], "nets": nets, "runs": runs,
    }


def schedule_fixtures():
    cases = []
    for kind, warm_up, steps in itertools.product(("constant", "step", "cosine"), (0, 1, 5), (12, 30)):
        for every, factor, floor in ((4, 0.5, 0), (7, 0.1, 0.25)) if kind != "constant" else ((1, 1, 0),):
            s = {"kind": kind, "warmUp": warm_up, "every": every, "factor": factor, "floor": floor}
            optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1)
            schedule = torch_schedule(optimizer, s, steps)
            factors = []
            for _ in range(steps):
                factors.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                schedule.step()
            cases.append({"schedule": s, "steps": steps, "factors": flat(factors)})
    return {"cases": cases}


# ---------------------------------------------------------------------------------------------------- images and other normalizations

def conv(name, channels, kernel=3, stride=1, padding=1, activation="tanh", normalization=NO_NORMALIZATION, bias=True):
    return {
        "kind": "convolution", "name": name, "channels": channels, "kernel": kernel, "stride": stride, "padding": padding,
        "bias": bias, "activation": {"kind": activation, "slope": SLOPE}, "initialization": {"kind": "zeros"},
        "normalization": normalization,
    }


def pool(kind, size, stride):
    return {"kind": kind, "name": "pool", "size": size, "stride": stride}


def residual(name, layers, activation="linear"):
    return {"kind": "residual", "name": name, "activation": {"kind": activation, "slope": SLOPE}, "layers": layers}


def family(kind, **changes):
    n = {"kind": kind, "placement": "before-activation", "scale": True, "shift": kind != "rms", "epsilon": 1e-3, **changes}
    if kind.startswith("batch"):
        n = {**n, "momentum": 0.3}
    if kind in ("batch", "batch-l1"):
        n = {**n, "variance": "biased", "gradient": "through-statistics"}
    return {**n, "statistics": "per-feature"} if kind == "batch" else n


OUTPUT = layer("output", None, "linear", NO_NORMALIZATION, True)
RENORM = {"rMax": 1.5, "dMax": 0.4, "relaxFrom": 1, "rMaxAt": 3, "dMaxAt": 2}
FAMILY = {
    "layer": family("layer"), "group": family("group", groups=2), "rms": family("rms"),
    "batch-l1": family("batch-l1"), "batch-renorm": family("batch-renorm", **RENORM),
    "ghost batches": family("batch", ghostBatchSize=4), "frozen from step 1": family("batch", freezeAt=1),
    "frozen renorm": family("batch-renorm", freezeAt=2, **RENORM),
    "layer after": family("layer", placement="after-activation"),
    "batch-l1 after": family("batch-l1", placement="after-activation"),
    "group of one": family("group", groups=6), "weight": {"kind": "weight"},
}
FLAT, IMAGE, DEEP_IMAGE = (1, 1, 5), (6, 7, 1), (5, 5, 10)


def image_nets():
    """Name → (shape of an example, layers)."""
    nets = {}
    for name, n in FAMILY.items():
        has_shift = n.get("shift", False) and n["kind"].startswith("batch")
        nets[f"dense, {name}"] = (FLAT, [
            layer("hidden1", 6, "tanh", n, not has_shift), layer("hidden2", 12, "sigmoid", n, True), OUTPUT,
        ])
        nets[f"conv, {name}"] = (IMAGE, [
            conv("conv1", 6, normalization=n, bias=not has_shift), pool("average-pool", 2, 2),
            conv("conv2", 10 if n.get("groups", 1) == 2 else 12, normalization=n), OUTPUT,
        ])
    batch = family("batch")
    instance = family("instance")
    nets["conv, instance"] = (IMAGE, [conv("conv1", 6, normalization=instance), conv("conv2", 9, normalization=instance), OUTPUT])
    for kernel, stride, padding in ((1, 1, 0), (2, 1, 1), (3, 2, 1), (3, 1, 0), (5, 3, 2), (3, 2, 0)):
        nets[f"kernel {kernel}, stride {stride}, padding {padding}"] = (DEEP_IMAGE, [
            conv("conv1", 9, kernel, stride, padding), conv("conv2", 4, 1, 1, 0, normalization=batch), OUTPUT,
        ])
    nets["two of a kind in front"] = (IMAGE, [conv("conv1", 3, 5, 1, 0), conv("conv2", 17, 2, 1, 0), OUTPUT])
    nets["overlapping maxima"] = (IMAGE, [conv("conv1", 9, normalization=batch), pool("max-pool", 3, 2), OUTPUT])
    nets["overlapping means"] = (IMAGE, [conv("conv1", 9, normalization=batch), pool("average-pool", 3, 1), OUTPUT])
    nets["mean of the whole image"] = (IMAGE, [conv("conv1", 9), pool("average-pool", None, 1), OUTPUT])
    nets["maximum of the whole image"] = (IMAGE, [conv("conv1", 8), pool("max-pool", None, 1), {"kind": "flatten", "name": "flatten1"}, OUTPUT])
    nets["residual, dense"] = (FLAT, [
        residual("residual1", [layer("hidden1", 4, "tanh", batch, True), layer("hidden2", 5, "linear", batch, True)], "sigmoid"),
        residual("residual2", [layer("hidden3", 5, "tanh", NO_NORMALIZATION, True)]), OUTPUT,
    ])
    nets["residual, images"] = (IMAGE, [
        conv("conv1", 9, normalization=batch), pool("max-pool", 2, 2),
        residual("residual1", [conv("conv2", 9, normalization=batch), conv("conv3", 9, activation="linear", normalization=family("layer"))], "tanh"),
        pool("average-pool", 3, 1), {"kind": "flatten", "name": "flatten1"}, layer("hidden1", 7, "tanh", batch, True), OUTPUT,
    ])
    return nets


def thinned(values):
    """At most 40 of the numbers, at an odd stride, so that all channels are covered."""
    values = flat(values)
    return values[:: max(1, -(-len(values) // 40)) | 1]


def coarse(values):
    """Multiples of 1/32: exact, and short when written."""
    return (numpy.round(numpy.asarray(values) * 32) / 32).tolist()


def learning(layers):
    for l in layers:
        if l["kind"] == "residual":
            yield from learning(l["layers"])
        elif l["kind"] in ("dense", "convolution"):
            yield l


def image_parameters(network_layers, shape, outputs, random):
    """Initial parameters. Input sizes are found by a forward pass of one example."""
    initial = {}
    normal = random.standard_normal
    for l in learning(network_layers):
        channels = l.get("channels") or l.get("units") or outputs
        inputs = incoming(network_layers, l, shape)
        initial[l["name"]] = {"weights": coarse(normal((channels, inputs)) * math.sqrt(1.5 / inputs))}
        n = l["normalization"]
        if l["bias"]:
            initial[l["name"]]["bias"] = coarse(0.2 * normal(channels))
        if n.get("scale") or n["kind"] == "weight":
            initial[l["name"]]["scale"] = coarse(1 + 0.2 * normal(channels))
        if n.get("shift"):
            initial[l["name"]]["shift"] = coarse(0.2 * normal(channels))
    return initial


def incoming(layers, wanted, shape):
    """Fan-in: the numbers that each output of a layer is a sum of."""
    found = []
    def walk(layers, shape):
        for l in layers:
            height, width, channels = shape
            if l["kind"] == "residual":
                walk(l["layers"], shape)
                continue
            if l is wanted:
                found.append(l["kernel"] ** 2 * channels if l["kind"] == "convolution" else height * width * channels)
            size = l.get("kernel", l.get("size"))
            if l["kind"] in ("dense", "flatten"):
                shape = (1, 1, l.get("units") or height * width * channels)
            elif size is None:
                shape = (1, 1, channels)
            else:
                p = 2 * l.get("padding", 0)
                shape = ((height + p - size) // l["stride"] + 1, (width + p - size) // l["stride"] + 1, l.get("channels", channels))
    walk(layers, shape)
    return found[0]


def image_fixtures():
    """For each network one pass with all gradients, then training; the last batch is only evaluated."""
    random = numpy.random.RandomState(23)
    batch, outputs, steps = 8, 3, 4
    labels = random.randint(0, outputs, batch).tolist()
    numbers = {shape: [coarse(random.standard_normal((batch, *shape))) for _ in range(2)] for shape in (FLAT, IMAGE, DEEP_IMAGE)}
    cases = []
    for name, (shape, layers) in image_nets().items():
        initial = image_parameters(layers, shape, outputs, random)
        batches = [tensor(x).permute(0, 3, 1, 2) for x in numbers[shape]]
        batches = [x.flatten(1) if shape[:2] == (1, 1) else x for x in batches]
        network = Images(layers, initial)
        optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
        case = {"name": name, "shape": shape, "layers": layers, "initial": {l: {p: exact(v) for p, v in i.items()} for l, i in initial.items()}}
        losses = []
        for step in range(steps):
            optimizer.zero_grad()
            loss = loss_of("cross-entropy", network(batches[step % 2], True, step), torch.tensor(labels), None)
            loss.backward()
            if step == 0:
                case["values"] = {l.name: {t: thinned(rows(v)) for t, v in l.taps.items()} for l in network.layers}
                case["gradients"] = {l.name: {t: thinned(rows(v.grad)) for t, v in l.taps.items()} for l in network.layers}
                for block, v in network.sums.items():
                    case["values"][block], case["gradients"][block] = {"activated": thinned(rows(v))}, {"activated": thinned(rows(v.grad))}
                case["parameterGradients"] = {l.name: {p: thinned(v.grad) for p, v in l.parameters.items()} for l in network.layers}
            losses.append(number(loss))
            optimizer.step()
        case["losses"] = losses
        case["running"] = {
            l.name: {"mean": flat(l.normalization.running_mean), "spread": flat(l.normalization.spread())}
            for l in network.layers if l.normalization and l.normalization.n["kind"].startswith("batch")
        }
        with torch.no_grad():
            case["evaluation"] = flat(network(batches[0], False, steps))
        cases.append(case)
    return {
        "labels": labels, "outputs": outputs,
        "batches": [{"shape": shape, "values": [exact(x) for x in xs]} for shape, xs in numbers.items()],
        "cases": cases,
    }


# ---------------------------------------------------------------------------------------------------- initializations

def initialization_fixtures():
    """Parameters of the distributions that torch.nn.init draws each layer's weights from, captured at normal_ and uniform_."""
    modules = {
        "dense": lambda s: torch.nn.Linear(s["inputs"], s["outputs"]),
        "convolution": lambda s: torch.nn.Conv2d(s["inputs"], s["outputs"], s["kernel"], s["stride"], s["padding"]),
    }
    sizes = [("dense", {"inputs": i, "outputs": o}) for i, o in ((20, 9), (9, 20), (1, 1), (256, 10))]
    sizes += [
        ("convolution", {"inputs": i, "outputs": o, "kernel": k, "stride": s, "padding": p})
        for i, o, k, s, p in ((1, 8, 3, 1, 1), (8, 16, 3, 1, 1), (16, 8, 5, 2, 0), (4, 4, 1, 1, 0), (6, 3, 2, 2, 1))
    ]
    draws = {
        ("he", "normal"): lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu"),
        ("he", "uniform"): lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="relu"),
        ("lecun", "normal"): lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="linear"),
        ("lecun", "uniform"): lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="linear"),
        ("xavier", "normal"): torch.nn.init.xavier_normal_,
        ("xavier", "uniform"): torch.nn.init.xavier_uniform_,
    }
    cases = []
    for layer, size in sizes:
        weight = modules[layer](size).weight
        fans = torch.nn.init._calculate_fan_in_and_fan_out(weight)
        case = {"layer": layer, **size, "fanIn": fans[0], "fanOut": fans[1], "draws": []}
        for (kind, distribution), draw in draws.items():
            # The last argument: the standard deviation, or the upper bound.
            with unittest.mock.patch.object(torch.Tensor, distribution + "_") as drawn:
                draw(weight)
            case["draws"].append({"kind": kind, "distribution": distribution, "size": number(drawn.call_args.args[-1])})
        rows = torch.nn.init.orthogonal_(weight).detach().double().flatten(1)
        gram = rows @ rows.T if len(rows) <= rows.shape[1] else rows.T @ rows
        assert torch.allclose(gram, torch.eye(len(gram), dtype=torch.float64), atol=1e-5)
        case["orthonormal"] = "rows" if len(rows) <= rows.shape[1] else "columns"
        cases.append(case)
    return {"cases": cases}


# ---------------------------------------------------------------------------------------------------- probes

def probe_fixtures():
    """One update of each network, with all results of its probes."""
    random = numpy.random.RandomState(40)
    normal = random.standard_normal
    batch, units = 12, (5, 4)
    normalization = {
        "kind": "batch", "placement": "before-activation", "statistics": "per-feature", "variance": "biased",
        "gradient": "through-statistics", "scale": True, "shift": True, "epsilon": 1e-5, "momentum": 0.1,
    }
    sgd = {"kind": "sgd", "learningRate": 0.3, "momentum": 0, "nesterov": False, "weightDecay": 0}
    adam = {"kind": "adam", "learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.1}
    nets = {
        "plain tanh": ("tanh", {"kind": "none"}, sgd),
        "batch normalization": ("tanh", normalization, sgd),
        "after a sigmoid, adam": ("sigmoid", {**normalization, "placement": "after-activation"}, adam),
        "naive, detached, with weight decay": (
            "gelu", {**normalization, "kind": "naive", "statistics": "whole-batch", "variance": "unbiased", "gradient": "detached",
                     "scale": False, "shift": False, "epsilon": 0}, {**sgd, "weightDecay": 0.05}),
    }
    cases = []
    for name, (activation, n, optimizer) in nets.items():
        layers = [layer(f"hidden{k + 1}", width, activation, n, True) for k, width in enumerate(units)]
        layers.append(layer("output", None, "linear", {"kind": "none"}, True))
        initial, width = {}, INPUTS
        for l in layers:
            outputs = l["units"] or OUTPUTS
            initial[l["name"]] = {"weights": quantized(0.7 * normal((outputs, width))), "bias": quantized(0.3 * normal(outputs))}
            for p, at in (("scale", 1), ("shift", 0)):
                if l["normalization"].get(p):
                    initial[l["name"]][p] = quantized(at + 0.3 * normal(outputs))
            width = outputs
        x, labels = quantized(normal((batch, INPUTS))), random.randint(0, OUTPUTS, batch).tolist()
        expected = probed(layers, initial, optimizer, x, labels)
        cases.append({
            "name": name, "layers": layers, "initial": {l: {p: exact(v) for p, v in i.items()} for l, i in initial.items()},
            "optimizer": optimizer, "x": exact(x), "labels": labels,
            "expected": {channel: number(value) for channel, value in expected.items()},
        })
    return {"inputs": INPUTS, "outputs": OUTPUTS, "rows": batch, "cases": cases}


# ---------------------------------------------------------------------------------------------------- statistics

def statistics_fixtures():
    random = numpy.random.RandomState(3)
    cases = []
    for values in (
        [2.5], [1, 2], [3, 1, 2], [5, 5, 5, 5],
        quantized(random.standard_normal(57)), quantized(100 + 0.25 * random.standard_normal(30)),
        quantized(random.exponential(3, 101) * random.choice([0, 1], 101)),
    ):
        v = numpy.asarray(values, dtype=float)
        percentiles = numpy.percentile(v, [15, 50, 85, 0, 100])
        cases.append({
            "values": exact(v), "mean": number(v.mean()), "variance": number(v.var()), "std": number(v.std()),
            "min": number(v.min()), "max": number(v.max()), "percentiles": flat(percentiles),
        })
    return {"fractions": [0.15, 0.5, 0.85, 0, 1], "cases": cases}


# ---------------------------------------------------------------------------------------------------- watching

# Magnitudes where the bins of histograms meet: quarters of the octaves from 2^-20 to 2^14.
EDGES = numpy.array([2.0 ** octave * (1 + quarter / 4) for octave in range(-20, 14) for quarter in range(4)])


def distance(values, limits):
    """The least difference between values and limits, relative to the limit."""
    values, limits = numpy.asarray(values).reshape(-1, 1), numpy.asarray(limits).reshape(1, -1)
    return numpy.abs(values / limits - 1).min()


def described(values, is_exact):
    """Spread of numbers and their histogram: pairs of bin and count. The bin around 0 has the number 136."""
    v = values.detach().numpy().ravel()
    # Rounding to float32 must not move a number across an edge.
    assert is_exact or distance(numpy.abs(v), EDGES) > 1e-5
    bins = 136 + numpy.sign(v) * numpy.searchsorted(EDGES, numpy.abs(v), side="right")
    return {
        "mean": number(v.mean()), "std": number(v.std()), "min": number(v.min()), "max": number(v.max()),
        "bins": [[int(k), int(n)] for k, n in zip(*numpy.unique(bins, return_counts=True))],
    }


def watching_fixtures():
    """Weights and their gradients of a net that saturates in places, and the share of saturated outputs for each threshold."""
    random = numpy.random.RandomState(17)
    batch, units = 14, 9
    thresholds = [0.02, 0.06, 0.1, 0.5]
    cases = []
    for kind in ("tanh", "sigmoid"):
        w1, w2 = (quantized(1.5 * random.standard_normal(shape)) for shape in ((units, INPUTS), (OUTPUTS, units)))
        x, labels = quantized(2 * random.standard_normal((batch, INPUTS))), random.randint(0, OUTPUTS, batch).tolist()
        weights = [tensor(w).requires_grad_() for w in (w1, w2)]
        linear = tensor(x) @ weights[0].T
        y = getattr(torch, kind)(linear)
        slopes, = torch.autograd.grad(y.sum(), linear, retain_graph=True)
        zero = tensor(0).requires_grad_()
        steepest, = torch.autograd.grad(getattr(torch, kind)(zero), zero)
        share = (slopes / steepest).numpy()
        assert distance(share, thresholds) > 1e-5
        torch.nn.functional.cross_entropy(y @ weights[1].T, torch.tensor(labels)).backward()
        cases.append({
            "activation": kind, "weights": [exact(w) for w in (w1, w2)], "x": exact(x), "labels": labels,
            "saturated": [number((share < threshold).mean()) for threshold in thresholds],
            "layers": [{"weights": described(w, True), "weightsGradient": described(w.grad, False)} for w in weights],
        })
    return {"inputs": INPUTS, "outputs": OUTPUTS, "rows": batch, "units": units, "thresholds": thresholds, "cases": cases}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Makes the fixtures of the engine's oracle tests.")
    parser.add_argument("--out", default=os.path.join(here, "..", "fixtures", "engine"), help="folder to write to")
    folder = parser.parse_args().out
    normalization, cross = normalization_fixtures()
    write(folder, "normalization.json", normalization)
    write(folder, "cross.json", cross)
    write(folder, "activations.json", activation_fixtures())
    write(folder, "losses.json", loss_fixtures())
    write(folder, "training.json", training_fixtures())
    write(folder, "images.json", image_fixtures())
    write(folder, "initializations.json", initialization_fixtures())
    write(folder, "schedules.json", schedule_fixtures())
    write(folder, "probes.json", probe_fixtures())
    write(folder, "statistics.json", statistics_fixtures())
    write(folder, "watching.json", watching_fixtures())
    write(folder, "settings.json", settings_fixtures(exact))
    write(folder, "measures.json", measures_fixtures(exact))


if __name__ == "__main__":
    main()
