"""
A second implementation of the measures, in PyTorch and float64, each by its definition: the Hessian comes from
torch.autograd.functional.hessian and its eigenvalues from torch.linalg, precise statistics from the concatenated inputs of the
normalizations, the noise scale from the estimates of McCandlish et al. for two batch sizes. The layers are PyTorch's own.
"""

import math

import numpy
import torch
from torch import nn

INPUTS, UNITS, OUTPUTS, TRAIN, TEST, BATCH, SEED = 3, 6, 3, 48, 15, 8, 5
# From the random streams of the lab, for this seed: the first minibatch, and those of the measures.
STEP = [15, 27, 13, 4, 6, 18, 31, 43]
PROBED = [
    [22, 1, 19, 27, 40, 17, 30, 7], [29, 38, 14, 11, 5, 15, 47, 18], [31, 25, 24, 44, 34, 33, 39, 8],
    [41, 10, 12, 16, 32, 20, 6, 42], [46, 36, 2, 4, 35, 37, 26, 13], [43, 45, 21, 28, 3, 0, 9, 23]]
OPTIMIZER = {"kind": "sgd", "learningRate": 0.2, "momentum": 0.6, "nesterov": False, "dampening": 0.25, "weightDecay": 0.05}


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden2, self.norm2 = nn.Linear(UNITS, UNITS, bias=False), nn.BatchNorm1d(UNITS)
        self.hidden3 = nn.Linear(UNITS, UNITS)

    def forward(self, x):
        self.skip, self.inner = x, torch.tanh(self.norm2(self.hidden2(x)))
        self.branch = self.hidden3(self.inner)
        return x + self.branch


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden1, self.norm1 = nn.Linear(INPUTS, UNITS, bias=False), nn.BatchNorm1d(UNITS)
        self.residual1, self.output = Residual(), nn.Linear(UNITS, OUTPUTS)

    def forward(self, x):
        self.first = torch.tanh(self.norm1(self.hidden1(x)))
        self.sum = self.residual1(self.first)
        self.logits = self.output(self.sum)
        return self.logits


def named(net):
    """Parameters in the order and with the names of the lab."""
    block = net.residual1
    return {
        "hidden1": {"weights": net.hidden1.weight, "scale": net.norm1.weight, "shift": net.norm1.bias},
        "hidden2": {"weights": block.hidden2.weight, "scale": block.norm2.weight, "shift": block.norm2.bias},
        "hidden3": {"weights": block.hidden3.weight, "bias": block.hidden3.bias},
        "output": {"weights": net.output.weight, "bias": net.output.bias},
    }


def similarity(h):
    m = h @ h.T
    rank = m.trace() ** 2 / torch.linalg.norm(m) ** 2
    cosines = nn.functional.cosine_similarity(h[:, None], h[None], dim=2).abs()
    pairs = torch.triu_indices(len(h), len(h), 1)
    return {"rank": rank, "cosine": cosines[pairs[0], pairs[1]].mean()}


def measures_fixtures(exact):
    random = numpy.random.RandomState(43)
    grid = lambda *shape: numpy.round(1024 * random.standard_normal(shape)) / 1024
    features, labels = grid(TRAIN, INPUTS), random.randint(0, OUTPUTS, TRAIN)
    test_features, test_labels = grid(TEST, INPUTS), random.randint(0, OUTPUTS, TEST)
    net = Net().double()
    initial = {
        layer: {name: numpy.round(1024 * (0.6 * grid(*p.shape) + (name == "scale"))) / 1024 for name, p in own.items()}
        for layer, own in named(net).items()}
    with torch.no_grad():
        for layer, own in named(net).items():
            for name, p in own.items():
                p.copy_(torch.tensor(initial[layer][name]))
    x, y, test_x, test_y = map(torch.tensor, (features, labels, test_features, test_labels))
    norms = {"hidden1": net.norm1, "hidden2": net.residual1.norm2}
    cross_entropy = nn.functional.cross_entropy
    expected = {}

    def put(layer, tap, values):
        expected.update({f"{layer}/{tap}/{name}": float(value) for name, value in values.items()})

    # The training pass of the step, which also updates the running statistics.
    net.train()
    loss = cross_entropy(net(x[STEP]), y[STEP])
    gradient = torch.autograd.grad(loss, list(net.parameters()))
    block = net.residual1
    for layer, h in {"hidden1": net.first, "hidden2": block.inner, "hidden3": block.branch, "residual1": net.sum, "output": net.logits}.items():
        put(layer, "similarity", similarity(h.detach()))
    variance, skip = (part.detach().var(0, unbiased=False).mean() for part in (block.branch, block.skip))
    put("residual1", "branch", {"variance": variance, "skipVariance": skip, "share": variance / (variance + skip)})

    def results(name, rows, of):
        logits = net(rows)
        return {f"{name}Loss": cross_entropy(logits, of), f"{name}Accuracy": (logits.argmax(1) == of).double().mean()}

    # Inputs and outputs of the normalizations.
    seen = {}
    for layer, norm in norms.items():
        norm.register_forward_hook(lambda module, given, out, layer=layer: seen.setdefault(layer, []).append((given[0].detach(), out.detach())))
    copy = {key: value.clone() for key, value in net.state_dict().items()}
    with torch.no_grad():
        batch = results("batch", x[STEP], y[STEP])
        trained = {layer: found[0][1] for layer, found in seen.items()}
        net.load_state_dict(copy)
        net.eval()
        seen.clear()
        running = results("running", x[STEP], y[STEP])
        for layer, norm in norms.items():
            u, out = seen[layer][0]
            v, w = u.var(0, unbiased=True) + norm.eps, norm.running_var + norm.eps
            put(layer, "varianceShift", {
                "mean": ((u.mean(0) - norm.running_mean).square() / w).mean().sqrt(),
                "variance": torch.maximum(v / w, w / v).mean(),
                "output": (out - trained[layer]).norm() / trained[layer].norm(),
            })
        net.train()
        seen.clear()
        for indices in PROBED:
            net(x[indices])
        for layer, norm in norms.items():
            everything = torch.cat([given for given, _ in seen[layer]])
            norm.running_mean.copy_(everything.mean(0))
            norm.running_var.copy_(everything.var(0, unbiased=True))
        net.eval()
        put("network", "trainTest", {**batch, **running, **results("precise", x[STEP], y[STEP]), **results("preciseTest", test_x, test_y)})
        net.load_state_dict(copy)
        net.train()

    def gradient_of(indices):
        return torch.cat([g.flatten() for g in torch.autograd.grad(cross_entropy(net(x[indices]), y[indices]), list(net.parameters()))])

    gradients = torch.stack([gradient_of(indices) for indices in PROBED])
    small, big = BATCH, BATCH * len(PROBED)
    of_small, of_big = gradients.square().sum(1).mean(), gradients.mean(0).square().sum()
    squared_norm = (big * of_big - small * of_small) / (big - small)
    noise = (of_small - of_big) / (1 / small - 1 / big)
    put("network", "noiseScale", {"squaredNorm": squared_norm, "variance": noise, "scale": noise / squared_norm})

    names = [name for name, _ in net.named_parameters()]
    shapes = [p.shape for p in net.parameters()]

    def loss_at(vector):
        parts = [part.reshape(shape) for part, shape in zip(vector.split([s.numel() for s in shapes]), shapes)]
        return cross_entropy(functional(dict(zip(names, parts)), x[STEP]), y[STEP])

    def functional(p, rows):
        norm = lambda u, name: nn.functional.batch_norm(u, None, None, p[name + ".weight"], p[name + ".bias"], True)
        first = torch.tanh(norm(rows @ p["hidden1.weight"].T, "norm1"))
        inner = torch.tanh(norm(first @ p["residual1.hidden2.weight"].T, "residual1.norm2"))
        both = first + inner @ p["residual1.hidden3.weight"].T + p["residual1.hidden3.bias"]
        return both @ p["output.weight"].T + p["output.bias"]

    vector = torch.cat([p.detach().flatten() for p in net.parameters()])
    eigenvalues = torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss_at, vector))
    assert eigenvalues[-1] > -eigenvalues[0]
    kept = (1 - OPTIMIZER["dampening"]) * OPTIMIZER["learningRate"]
    threshold = (2 + 2 * OPTIMIZER["momentum"]) / kept
    put("network", "sharpness", {"eigenvalue": eigenvalues[-1], "threshold": threshold, "ratio": eigenvalues[-1] / threshold})

    before = {layer: own["weights"].detach().clone() for layer, own in named(net).items()}
    optimizer = torch.optim.SGD(
        net.parameters(), lr=OPTIMIZER["learningRate"], momentum=OPTIMIZER["momentum"], dampening=OPTIMIZER["dampening"],
        weight_decay=OPTIMIZER["weightDecay"])
    for p, g in zip(net.parameters(), gradient):
        p.grad = g
    optimizer.step()
    turn = math.sqrt(2 * kept * OPTIMIZER["weightDecay"] / (1 + OPTIMIZER["momentum"]))
    for layer in norms:
        w, moved = before[layer], named(net)[layer]["weights"].detach()
        put(layer, "equilibrium", {"expected": turn, "ratio": (moved / moved.norm() - w / w.norm()).norm() / turn})
    return {
        "inputs": INPUTS, "units": UNITS, "outputs": OUTPUTS, "batch": BATCH, "seed": SEED, "step": STEP, "probed": PROBED,
        "optimizer": OPTIMIZER, "initial": {layer: {k: exact(v) for k, v in own.items()} for layer, own in initial.items()},
        "train": {"x": exact(features), "labels": labels.tolist()}, "test": {"x": exact(test_features), "labels": test_labels.tolist()},
        "expected": expected,
    }
