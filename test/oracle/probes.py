"""
A second implementation of the update probes, in PyTorch and float64: one minibatch, one update by PyTorch's own optimizer,
and every quantity by its definition. Gradients come from autograd, the Wasserstein distance from SciPy.
"""

import math

import numpy
import torch
from scipy.stats import wasserstein_distance

from network import Network, activate, loss_of, tensor

LANDSCAPE = [0.5, 1, 2, 4]


def bin_edges():
    """Bins as in src/engine/bins.ts: four of equal width per octave, from 2^-20 to 2^14, on both sides of one around 0."""
    side = [math.ldexp(1 + quarter / 4, octave) for octave in range(-20, 14) for quarter in range(4)]
    end = math.ldexp(1, 14)
    return numpy.array([-end] + [-edge for edge in reversed(side)] + side + [end])


EDGES = bin_edges()
CENTRES = (EDGES[:-1] + EDGES[1:]) / 2


def counts(x):
    values = x.detach().numpy().ravel()
    nearest = numpy.abs(numpy.abs(values)[:, None] / EDGES[EDGES > 0][None, :] - 1).min()
    assert nearest > 1e-5, "a value so near an edge that float32 could fall on its other side: take another seed"
    return numpy.histogram(values, EDGES)[0]


def parameters_of(network, place):
    return list(network.layers[place].parameters.values())


def gradients(network, loss):
    parameters = network.parameters()
    return torch.autograd.grad(loss, parameters)


class Update:
    """A network before an update and after it, and the gradient between them."""

    def __init__(self, layers, initial, optimizer, x, labels):
        self.x, self.labels, self.optimizer = x, labels, optimizer
        self.fresh = lambda: Network(layers, initial)
        self.before = Network(layers, initial)
        self.after = Network(layers, initial)
        made = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer["kind"]]
        options = {"lr": optimizer["learningRate"], "weight_decay": optimizer["weightDecay"]}
        steps = made(self.after.parameters(), **options)
        self.loss_of(self.after).backward()
        steps.step()
        self.gradient = gradients(self.before, self.loss_of(self.before))

    def loss_of(self, network):
        return loss_of("cross-entropy", network.forward(self.x), self.labels, None)

    def inputs(self, network):
        network.forward(self.x)
        return [self.x] + [layer.taps["activated"] for layer in network.layers[:-1]]

    def drift(self):
        found = {}
        before, after = self.inputs(self.before), self.inputs(self.after)
        for place in range(1, len(before)):
            x, y = before[place].detach(), after[place].detach()
            variance = x.var(0, unbiased=False)
            sigma = variance.mean().sqrt()
            name = self.before.layers[place].name
            found[f"{name}/drift/mean"] = (y.mean(0) - x.mean(0)).square().mean().sqrt() / sigma
            found[f"{name}/drift/variance"] = (y.var(0, unbiased=False) - variance).square().mean().sqrt() / sigma**2
            found[f"{name}/drift/wasserstein"] = wasserstein_distance(CENTRES, CENTRES, counts(x), counts(y)) / float(sigma)
        return found

    def mixture(self, updated):
        """The network with the parameters after the update in the given layers, and those before it in all others."""
        network = self.fresh()
        for place in updated:
            with torch.no_grad():
                for one, other in zip(parameters_of(network, place), parameters_of(self.after, place)):
                    one.copy_(other)
        return network

    def gradient_drift(self):
        found = {}
        for place in range(1, len(self.before.layers)):
            network = self.mixture(range(place))
            weights = network.layers[place].parameters["weights"]
            (other,) = torch.autograd.grad(self.loss_of(network), [weights])
            (one,) = torch.autograd.grad(self.loss_of(self.before), [self.before.layers[place].parameters["weights"]])
            name = network.layers[place].name
            found[f"{name}/gradientDrift/norm"] = (one - other).norm()
            found[f"{name}/gradientDrift/relative"] = (one - other).norm() / one.norm()
            found[f"{name}/gradientDrift/cosine"] = torch.nn.functional.cosine_similarity(one.ravel(), other.ravel(), dim=0)
        return found

    def landscape(self):
        rate = self.optimizer["learningRate"]
        length = math.sqrt(sum(float(g.square().sum()) for g in self.gradient))
        losses, changes, slopes = [], [], []
        for t in LANDSCAPE:
            network = self.fresh()
            with torch.no_grad():
                for p, g in zip(network.parameters(), self.gradient):
                    p -= t * rate * g
            loss = self.loss_of(network)
            losses.append(float(loss))
            moved = gradients(network, loss)
            changes.append(math.sqrt(sum(float((a - b).square().sum()) for a, b in zip(moved, self.gradient))))
            slopes.append(changes[-1] / (t * rate * length))
        values = {
            "lossMin": min(losses), "lossMax": max(losses), "lossRange": max(losses) - min(losses),
            "gradientChangeMin": min(changes), "gradientChangeMax": max(changes), "smoothness": max(slopes),
        }
        return {f"network/landscape/{name}": value for name, value in values.items()}

    def effective_rate(self):
        found = {}
        rate, power = self.optimizer["learningRate"], 2 if self.optimizer["kind"] == "sgd" else 1
        for one, other in zip(self.before.layers, self.after.layers):
            w, moved = one.parameters["weights"].detach(), other.parameters["weights"].detach()
            if one.normalization["kind"] != "none":
                found[f"{one.name}/effectiveRate/rate"] = rate / w.norm() ** power
            found[f"{one.name}/effectiveRate/update"] = (moved - w).norm() / w.norm()
            found[f"{one.name}/effectiveRate/turn"] = (moved / moved.norm() - w / w.norm()).norm()
        return found

    def taken_back(self):
        found = {}
        self.before.forward(self.x)
        inputs = self.inputs(self.before)
        for place, layer in enumerate(self.before.layers):
            if layer.normalization["kind"] == "none":
                continue
            moved = self.fresh().layers[place]
            with torch.no_grad():
                for name in ("weights", "bias"):
                    if name in moved.parameters:
                        moved.parameters[name].copy_(self.after.layers[place].parameters[name])
                moved.forward(inputs[place], True)
                y, changed = layer.taps["normalized"], moved.taps["normalized"]
                u, u_changed = read(layer, inputs[place]), read(moved, inputs[place])
                expected = held(layer, u_changed, u) - held(layer, u, u)
            rms = lambda v: v.square().mean().sqrt()
            found[f"{layer.name}/takenBack/share"] = 1 - (changed - y).square().sum() / expected.square().sum()
            found[f"{layer.name}/takenBack/expected"] = rms(expected)
            found[f"{layer.name}/takenBack/change"] = rms(changed - y)
        return found


def read(layer, x):
    """The input of the layer's normalization."""
    linear = x @ layer.parameters["weights"].T + layer.parameters.get("bias", 0)
    return linear if layer.normalization["placement"] == "before-activation" else activate(layer.activation, linear)


def held(layer, u, batch):
    """u normalized with the statistics of another batch."""
    n = layer.normalization
    scope = {"dim": 0} if n["statistics"] == "per-feature" else {"dim": (0, 1)}
    y = (u - batch.mean(**scope)) / torch.sqrt(batch.var(**scope, unbiased=n["variance"] == "unbiased") + n["epsilon"])
    return y * layer.parameters.get("scale", 1) + layer.parameters.get("shift", 0)


def probed(layers, initial, optimizer, x, labels):
    update = Update(layers, initial, optimizer, tensor(x), torch.tensor(labels))
    return {
        **update.landscape(), **update.drift(), **update.gradient_drift(), **update.effective_rate(), **update.taken_back(),
    }
