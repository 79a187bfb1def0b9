"""
Settings of the updates and of the weights, in PyTorch and float64: parameter groups without weight decay, dampening,
`clip_grad_norm_`, and weight standardization (Qiao et al. 2019). The layers are PyTorch's own.
"""

import numpy
import torch
from torch import nn

INPUTS, UNITS, OUTPUTS, ROWS, STEPS = 3, (5, 4), 3, 10, 12

GROUPS = {
    "weights": lambda module, name: isinstance(module, nn.Linear) and name == "weight",
    "bias": lambda module, name: isinstance(module, nn.Linear) and name == "bias",
    "scale": lambda module, name: not isinstance(module, nn.Linear) and name == "weight",
    "shift": lambda module, name: not isinstance(module, nn.Linear) and name == "bias",
}


class Standardized(nn.Linear):
    def forward(self, x):
        variance, mean = torch.var_mean(self.weight, dim=1, unbiased=False, keepdim=True)
        return nn.functional.linear(x, (self.weight - mean) / (variance + 1e-5).sqrt(), self.bias)


def network(standardizes):
    linear = Standardized if standardizes else nn.Linear
    return nn.Sequential(
        # A bias before a normalization has no gradient but rounding errors, which Adam would scale up.
        linear(INPUTS, UNITS[0], bias=False), nn.BatchNorm1d(UNITS[0]), nn.Tanh(),
        linear(UNITS[0], UNITS[1]), nn.Tanh(),
        nn.Linear(UNITS[1], OUTPUTS)).double()


def named(net):
    """Parameters by layer and by the names of the lab."""
    found = {}
    layers = {"0": "hidden1", "1": "hidden1", "3": "hidden2", "5": "output"}
    for place, module in net.named_children():
        for name, parameter in module.named_parameters(recurse=False):
            kind = next(kind for kind, belongs in GROUPS.items() if belongs(module, name))
            found.setdefault(layers[place], {})[kind] = parameter
    return found


def optimizer_of(o, parameters):
    """With two groups if only some parameters decay."""
    decayed = o.get("decayed", list(GROUPS))
    groups = [
        {"params": [p for layer in parameters.values() for name, p in layer.items() if name in decayed]},
        {"params": [p for layer in parameters.values() for name, p in layer.items() if name not in decayed], "weight_decay": 0},
    ]
    if o["kind"] == "sgd":
        return torch.optim.SGD(
            groups, lr=o["learningRate"], momentum=o["momentum"], dampening=o.get("dampening", 0), weight_decay=o["weightDecay"])
    make = torch.optim.Adam if o["kind"] == "adam" else torch.optim.AdamW
    return make(groups, lr=o["learningRate"], betas=(o["beta1"], o["beta2"]), eps=o["epsilon"], weight_decay=o["weightDecay"])


def sgd(**changes):
    return {"kind": "sgd", "learningRate": 0.2, "momentum": 0, "nesterov": False, "weightDecay": 0, **changes}


def adam(kind, **changes):
    return {"kind": kind, "learningRate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.1, **changes}


CASES = {
    "decay of weights only": {"optimizer": sgd(weightDecay=0.1, decayed=["weights"])},
    "decay of weights and scales, momentum": {"optimizer": sgd(weightDecay=0.1, momentum=0.8, decayed=["weights", "scale"])},
    "decay of shifts and biases only, adam": {"optimizer": adam("adam", decayed=["bias", "shift"])},
    "decay of weights only, adamw": {"optimizer": adam("adamw", decayed=["weights"])},
    "dampening": {"optimizer": sgd(momentum=0.9, dampening=0.5)},
    "dampening and decay": {"optimizer": sgd(momentum=0.9, dampening=0.9, weightDecay=0.1, decayed=["weights"])},
    "clipping": {"optimizer": sgd(), "maxGradientNorm": 0.3},
    "clipping that rarely acts, adam": {"optimizer": adam("adam"), "maxGradientNorm": 0.9},
    "clipping, dampening, decay": {"optimizer": sgd(momentum=0.9, dampening=0.25, weightDecay=0.05), "maxGradientNorm": 0.2},
    "weight standardization": {"optimizer": sgd(weightDecay=0.01, momentum=0.5), "weightStandardization": True},
}


def settings_fixtures(exact):
    random = numpy.random.RandomState(41)
    grid = lambda *shape: numpy.round(1024 * random.standard_normal(shape)) / 1024
    batches = [grid(ROWS, INPUTS) for _ in range(2)]
    labels = [random.randint(0, OUTPUTS, ROWS) for _ in range(2)]
    initial = {
        layer: {name: numpy.round(1024 * (0.5 * grid(*p.shape) + (name == "scale"))) / 1024 for name, p in parameters.items()}
        for layer, parameters in named(network(False)).items()}
    cases = []
    for name, case in CASES.items():
        net = network(case.get("weightStandardization", False))
        parameters = named(net)
        with torch.no_grad():
            for layer, own in parameters.items():
                for kind, p in own.items():
                    p.copy_(torch.tensor(initial[layer][kind]))
        optimizer = optimizer_of(case["optimizer"], parameters)
        losses, clipped = [], 0
        for step in range(STEPS):
            x, y = torch.tensor(batches[step % 2]), torch.tensor(labels[step % 2])
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            if "maxGradientNorm" in case:
                norm = nn.utils.clip_grad_norm_(net.parameters(), case["maxGradientNorm"])
                clipped += int(norm > case["maxGradientNorm"])
            losses.append(float(loss))
            optimizer.step()
        cases.append({
            "name": name, **case, "losses": losses, "clipped": clipped,
            "parameters": {layer: {kind: [float(v) for v in p.detach().flatten()] for kind, p in own.items()} for layer, own in parameters.items()},
        })
    return {
        "rows": ROWS, "inputs": INPUTS, "outputs": OUTPUTS, "units": UNITS, "steps": STEPS,
        "batches": [exact(b) for b in batches], "labels": [b.tolist() for b in labels],
        "initial": {layer: {kind: exact(v) for kind, v in own.items()} for layer, own in initial.items()},
        "cases": cases,
    }
