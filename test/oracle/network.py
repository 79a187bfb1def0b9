"""
A second implementation of an experiment's network, in PyTorch and float64, with every gradient by autograd.

It shares nothing with src/engine but the names of the specification's properties, so that a mistake there is
not repeated here: statistics come from Tensor.mean and Tensor.var, "detached" is .detach(), and no derivative is
derived manually.
"""

import torch
import torch.nn.functional as F

ACTIVATIONS = {
    "relu": lambda x, slope: F.relu(x),
    "leaky-relu": lambda x, slope: F.leaky_relu(x, slope),
    "sigmoid": lambda x, slope: torch.sigmoid(x),
    "tanh": lambda x, slope: torch.tanh(x),
    "gelu": lambda x, slope: F.gelu(x),
    "linear": lambda x, slope: x,
}


def tensor(values, *shape):
    return torch.tensor(values, dtype=torch.float64).reshape(*shape) if shape else torch.tensor(values, dtype=torch.float64)


def activate(activation, x):
    return ACTIVATIONS[activation["kind"]](x, activation["slope"])


class Layer:
    """A dense layer, its activation and its normalization. `initial` contains the parameters' values, by name."""

    def __init__(self, specification, initial):
        self.name = specification["name"]
        self.activation = specification["activation"]
        self.normalization = specification["normalization"]
        self.parameters = {name: tensor(values).requires_grad_() for name, values in initial.items()}
        self.taps = {}
        if self.normalization["kind"] != "none":
            units = len(initial["weights"])
            statistics = units if self.normalization["statistics"] == "per-feature" else 1
            self.running_mean = torch.zeros(statistics, dtype=torch.float64)
            self.running_variance = torch.ones(statistics, dtype=torch.float64)

    def normalize(self, x, training):
        n = self.normalization
        scope = {"dim": 0} if n["statistics"] == "per-feature" else {"dim": (0, 1)}
        if training:
            mean = x.mean(**scope)
            variance = x.var(**scope, unbiased=n["variance"] == "unbiased")
            with torch.no_grad():
                momentum = n["momentum"]
                self.running_mean = (1 - momentum) * self.running_mean + momentum * x.mean(**scope)
                self.running_variance = (1 - momentum) * self.running_variance + momentum * x.var(**scope, unbiased=True)
            if n["gradient"] == "detached":
                mean, variance = mean.detach(), variance.detach()
        else:
            mean, variance = self.running_mean, self.running_variance
        y = (x - mean) / torch.sqrt(variance + n["epsilon"])
        if "scale" in self.parameters:
            y = y * self.parameters["scale"]
        if "shift" in self.parameters:
            y = y + self.parameters["shift"]
        return y

    def forward(self, x, training):
        linear = x @ self.parameters["weights"].T
        if "bias" in self.parameters:
            linear = linear + self.parameters["bias"]
        # A view, so that "linear" and "activated" remain two tensors even if the activation is the identity.
        self.taps = {"linear": linear}
        if self.normalization["kind"] == "none":
            self.taps["activated"] = activate(self.activation, linear).clone()
        elif self.normalization["placement"] == "before-activation":
            self.taps["normalized"] = self.normalize(linear, training)
            self.taps["activated"] = activate(self.activation, self.taps["normalized"]).clone()
        else:
            self.taps["normalized"] = self.normalize(activate(self.activation, linear), training)
            self.taps["activated"] = self.taps["normalized"]
        for value in self.taps.values():
            if value.requires_grad:
                value.retain_grad()
        return self.taps["activated"]


class Network:
    def __init__(self, layers, initial):
        self.layers = [Layer(layer, initial[layer["name"]]) for layer in layers]

    def forward(self, x, training=True):
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters.values()]


def loss_of(kind, outputs, labels, targets):
    if kind == "cross-entropy":
        return F.cross_entropy(outputs, labels)
    return F.mse_loss(outputs, targets)
