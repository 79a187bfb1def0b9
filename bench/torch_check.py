"""Whether PyTorch does the same training step: torch_check.py WORKLOAD FILE, with FILE as oneStep.ts prints it.

The step is done from the same weights on the same minibatch in float64, and once more in float32. The error of loss,
gradients and updated parameters is taken relative to the float64 ones, for each tensor as a whole (Euclidean norm).
Prints one line of JSON with the largest such error of the engine ("error") and of PyTorch's own float32 ("float32"),
which tells how much rounding alone does to this network.
"""
import json
import sys

import torch
from torch import nn
from torch_workloads import WORKLOADS, build

NAMES = {nn.Linear: {"weights": "weight", "bias": "bias"}, nn.BatchNorm1d: {"scale": "weight", "shift": "bias"}}


def parameters(net, layers):
    """Pairs of (PyTorch's parameter, the engine's layer and name for it), in the engine's order."""
    index, pairs = -1, []
    for module in net:
        if isinstance(module, nn.Linear):
            index += 1
        for name, attribute in NAMES.get(type(module), {}).items():
            parameter = getattr(module, attribute)
            if (parameter is None) != (name not in layers[index]):
                sys.exit(f"Layer {index + 1} has {name} on one side only.")
            if parameter is not None:
                pairs.append((parameter, index, name))
    return pairs


def one_step(workload, given, dtype):
    """Loss, gradients and updated parameters as a flat list of tensors."""
    net = build(workload).to(dtype)
    pairs = parameters(net, given["initial"])
    with torch.no_grad():
        for parameter, layer, name in pairs:
            parameter.copy_(torch.tensor(given["initial"][layer][name], dtype=torch.float64).reshape(parameter.shape))
    optimizer = torch.optim.SGD(net.parameters(), lr=given["learningRate"])
    x, y = torch.tensor(given["features"], dtype=dtype), torch.tensor(given["labels"])
    loss = nn.CrossEntropyLoss()(net(x), y)
    loss.backward()
    gradients = [parameter.grad.clone().flatten() for parameter, _, _ in pairs]
    optimizer.step()
    updated = [parameter.detach().flatten() for parameter, _, _ in pairs]
    places = [(layer, name) for _, layer, name in pairs]
    return places, [loss.detach().flatten(), *gradients, *updated]


def largest_error(values, exact):
    # What is zero but for rounding (the gradient before a dead unit) is held against the largest tensor's scale.
    floor = 1e-6 * max(float(e.norm()) for e in exact)
    return max(float((v.double() - e).norm()) / max(float(e.norm()), floor) for v, e in zip(values, exact))


def main():
    workload = WORKLOADS[sys.argv[1]]
    with open(sys.argv[2], encoding="utf-8") as file:
        given = json.load(file)
    torch.set_num_threads(1)
    places, exact = one_step(workload, given, torch.float64)
    _, single = one_step(workload, given, torch.float32)
    engine = [torch.tensor([given["loss"]], dtype=torch.float64)]
    for part in ("gradients", "updated"):
        engine += [torch.tensor(given[part][layer][name], dtype=torch.float64) for layer, name in places]
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
