"""Checks that PyTorch computes the same training step: torch_check.py WORKLOAD FILE, with FILE as oneStep.ts writes it.

The step is done from the same weights on the same minibatch in float64, and once more in float32. The error of the
losses before and after, gradients and updated parameters is taken relative to the float64 ones, for each tensor as a
whole (Euclidean norm).
Prints one line of JSON with the largest such error of the engine ("error") and of PyTorch's own float32 ("float32"),
which tells how much rounding alone does to this network.
"""
import base64
import json
import sys

import torch
from torch import nn
from torch_workloads import WORKLOADS, build

NAMES = {
    nn.Linear: {"weights": "weight", "bias": "bias"},
    nn.Conv2d: {"weights": "weight", "bias": "bias"},
    nn.BatchNorm1d: {"scale": "weight", "shift": "bias"},
    nn.BatchNorm2d: {"scale": "weight", "shift": "bias"},
}


def numbers(text, dtype=torch.float64):
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float32).to(dtype)


def engine_order(module, parameter):
    """Index of each of the parameter's numbers, in PyTorch's order, in the engine's order, where channels come last."""
    places = torch.arange(parameter.numel())
    if parameter.dim() == 4:
        outputs, inputs, height, width = parameter.shape
        places = places.reshape(outputs, height, width, inputs).permute(0, 3, 1, 2)
    elif parameter.dim() == 2 and hasattr(module, "reads"):
        channels, height, width = module.reads
        places = places.reshape(-1, height, width, channels).permute(0, 3, 1, 2)
    return places.flatten()


def parameters(net, layers):
    """PyTorch's parameters with the engine's layer, name and order of numbers for each, in the engine's order."""
    index, found = -1, []
    for module in net:
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            index += 1
        for name, attribute in NAMES.get(type(module), {}).items():
            parameter = getattr(module, attribute)
            if (parameter is None) != (name not in layers[index]):
                sys.exit(f"Layer {index + 1} has {name} on one side only.")
            if parameter is not None:
                found.append((parameter, index, name, engine_order(module, parameter)))
    return found


def one_step(workload, given, dtype):
    """Losses before and after, gradients and updated parameters as a flat list of tensors."""
    net = build(workload).to(dtype)
    found = parameters(net, given["initial"])
    with torch.no_grad():
        for parameter, layer, name, order in found:
            parameter.copy_(numbers(given["initial"][layer][name])[order].reshape(parameter.shape))
    optimizer = torch.optim.SGD(net.parameters(), lr=given["learningRate"])
    x, y = numbers(given["features"], dtype).reshape(-1, workload["inputs"]), torch.tensor(given["labels"])
    loss = nn.CrossEntropyLoss()(net(x), y)
    loss.backward()
    gradients = [parameter.grad.clone().flatten() for parameter, *_ in found]
    optimizer.step()
    updated = [parameter.detach().flatten() for parameter, *_ in found]
    with torch.no_grad():
        after = nn.CrossEntropyLoss()(net(x), y)
    places = [place for _, *place in found]
    return places, [loss.detach().flatten(), after.flatten(), *gradients, *updated]


def largest_error(values, exact):
    # A tensor that is zero except for rounding (the gradient before a dead unit) is compared at the largest tensor's scale.
    floor = 1e-6 * max(float(e.norm()) for e in exact)
    return max(float((v.double() - e).norm()) / max(float(e.norm()), floor) for v, e in zip(values, exact))


def main():
    workload = WORKLOADS[sys.argv[1]]
    with open(sys.argv[2], encoding="utf-8") as file:
        given = json.load(file)
    torch.set_num_threads(1)
    places, exact = one_step(workload, given, torch.float64)
    _, single = one_step(workload, given, torch.float32)
    engine = [torch.tensor([loss], dtype=torch.float64) for loss in given["losses"]]
    for part in ("gradients", "updated"):
        engine += [numbers(given[part][layer][name])[order] for layer, name, order in places]
    print(
        json.dumps(
            {
                "version": torch.__version__,
                "error": largest_error(engine, exact),
                "float32": largest_error(single, exact),
            }
        )
    )


main()
