#!/usr/bin/python3
"""
Trains small networks that src/runs/watcher/batchnorm_lab.py watches, for test/unit/runs/watcher:

    test/oracle/watched.py FOLDER < PARITY.json

Each scenario writes run logs to a subfolder of its name. Prints one JSON object: by scenario, what the test compares with the logs.
"""

import copy
import gc
import io
import json
import multiprocessing
import os
import pickle
import sys
import warnings
from collections import OrderedDict

import torch
from torch import nn

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/runs/watcher"))
import batchnorm_lab
from batchnorm_lab import watch

torch.set_num_threads(1)
F = nn.functional
SCENARIOS = []


def scenario(function):
    SCENARIOS.append(function)
    return function


def loop(network, lab, steps, batch=16, optimizer=None, **given):
    """Trains on random numbers. The network has 4 inputs and 3 outputs."""
    optimizer = optimizer or torch.optim.SGD(network.parameters(), 0.1)
    for _ in range(steps):
        x, y = torch.randn(batch, 4), torch.randint(0, 3, (batch,))
        optimizer.zero_grad()
        loss = F.cross_entropy(network(x), y)
        loss.backward()
        optimizer.step()
        lab.step(loss=loss, **given)
    return optimizer


def small():
    return nn.Sequential(OrderedDict(
        first=nn.Linear(4, 6), norm=nn.BatchNorm1d(6), act=nn.ReLU(inplace=True), last=nn.Linear(6, 3)))


# ---------------------------------------------------------------------------------------------------- the same as the engine

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "gelu": nn.GELU}


class Rows(nn.Module):
    """Flattens images as the engine does: pixel by pixel."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


def mirrored(layers, parameters, inputs):
    """The engine's network; a layer is named by its first module."""
    modules, width = OrderedDict(), inputs
    for layer in layers:
        name = layer["name"]
        if layer["kind"] == "flatten":
            modules[name], width = Rows(), layer["features"]
            continue
        kind = layer["activation"]["kind"]
        values = {key: torch.tensor(numbers) for key, numbers in parameters[name].items()}
        if layer["kind"] == "convolution":
            channels, side = layer["channels"], layer["kernel"]
            linear = nn.Conv2d(width, channels, side, layer["stride"], layer["padding"], bias="bias" in values)
            # The engine stores the channels of a pixel side by side.
            weights = values["weights"].reshape(channels, side, side, width).permute(0, 3, 1, 2)
            width = channels
        else:
            weights = values["weights"].reshape(-1, width)
            linear = nn.Linear(width, len(weights), bias="bias" in values)
            width = len(weights)
        norm = layer["normalization"]
        with torch.no_grad():
            linear.weight.copy_(weights)
            if "bias" in values:
                linear.bias.copy_(values["bias"])
        modules[name] = linear
        if norm["kind"] == "batch":
            kinds = {"convolution": nn.BatchNorm2d, "dense": nn.BatchNorm1d}
            normalization = kinds[layer["kind"]](width, eps=norm["epsilon"], momentum=norm["momentum"])
        if norm["kind"] == "batch" and norm["placement"] == "before-activation":
            modules[name + "_norm"] = normalization
        if kind != "linear":
            modules[name + "_activation"] = ACTIVATIONS[kind]()
        if norm["kind"] == "batch" and norm["placement"] == "after-activation":
            modules[name + "_norm"] = normalization
    return nn.Sequential(modules)


@scenario
def parity(folder):
    for name, given in json.load(sys.stdin).items():
        network = mirrored(given["layers"], given["parameters"], given["image"][-1] if "image" in given else given["inputs"])
        optimizer = torch.optim.SGD(network.parameters(), given["learningRate"])
        lab = watch(network, folder, arm=name, every=1, units=given["units"], saturation=given["saturation"],
                    histograms=("linear", "activated", "normalizedGradient", "weights", "weightsGradient"))
        for batch in given["batches"]:
            x, y = torch.tensor(batch["features"]), torch.tensor(batch["labels"])
            if "image" in given:
                x = x.reshape(len(y), *given["image"]).permute(0, 3, 1, 2)
            outputs = network(x)
            loss = F.cross_entropy(outputs, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            lab.step(loss=loss, accuracy=(outputs.argmax(1) == y).float().mean())
        lab.close()


# ------------------------------------------------------------------------------------------------------- the loops of others


@scenario
def exception(folder):
    """A loop that fails in the middle of a watched step, without a call of close."""
    network = small()
    lab = watch(network, folder, every=2)
    try:
        loop(network, lab, 4)
        network(torch.randn(8, 5))
    except RuntimeError:
        pass
    del lab
    gc.collect()
    return {"hooks": len(nn.modules.module._global_forward_hooks)}


@scenario
def unwatched(folder):
    """Calls of the hook, and registered hooks, at each step."""
    network = small()
    calls = []
    see = batchnorm_lab.Watcher._see
    batchnorm_lab.Watcher._see = lambda self, *given: calls.append(self._step) or see(self, *given)
    try:
        with watch(network, folder, every=5) as lab:
            optimizer, hooks = None, []
            for _ in range(11):
                optimizer = loop(network, lab, 1, optimizer=optimizer)
                hooks.append(len(nn.modules.module._global_forward_hooks))
    finally:
        batchnorm_lab.Watcher._see = see
    return {"calls": calls, "hooks": hooks, "of_modules": sum(len(m._forward_hooks) + len(m._backward_hooks) for m in network.modules())}


@scenario
def transfers(folder):
    """Tensors that a watched step copies to the host."""
    network = small()
    copies = []
    real = torch.Tensor.cpu, torch.Tensor.item, torch.Tensor.__float__
    with watch(network, folder, every=1) as lab:
        torch.Tensor.cpu = lambda self: copies.append("cpu") or real[0](self)
        torch.Tensor.item = lambda self: copies.append("item") or real[1](self)
        torch.Tensor.__float__ = lambda self: copies.append("float") or real[2](self)
        try:
            loop(network, lab, 1)
        finally:
            torch.Tensor.cpu, torch.Tensor.item, torch.Tensor.__float__ = real
    return copies


@scenario
def evaluation(folder):
    """Evaluations in eval mode and without gradients, before, between and after the passes of a step."""
    network = small()
    seen = []
    with watch(network, folder, every=1) as lab:

        def remember(module, inputs, output):
            if module.training:
                seen.append(float(inputs[0].mean()))

        network.norm.register_forward_hook(remember)
        optimizer = None
        for _ in range(3):
            network.eval()
            network(100 * torch.randn(9, 4))
            network.train()
            with torch.no_grad():
                network[0](100 * torch.randn(9, 4))
            optimizer = loop(network, lab, 1, optimizer=optimizer, accuracy=0.5)
            network.eval()
            lab.test(loss=1.5, accuracy=0.25)
            network.train()
    return seen


class Shared(nn.Module):
    """One Linear and one ReLU that are used twice, and a sum before a ReLU."""

    def __init__(self):
        super().__init__()
        self.enter, self.same, self.act, self.leave = nn.Linear(4, 5), nn.Linear(5, 5), nn.ReLU(), nn.Linear(5, 3)

    def forward(self, x):
        x = self.act(self.enter(x))
        x = x + self.act(self.same(x))
        return self.leave(self.act(self.same(x)))


@scenario
def shared(folder):
    network = Shared()
    with watch(network, folder, every=1, units=0) as lab:
        loop(network, lab, 2)


@scenario
def appearing(folder):
    """A module that is there from the third step on, before the last one."""
    network = small()
    with watch(network, folder, every=1) as lab:
        optimizer = loop(network, lab, 2)
        last = network.last
        del network.last
        network.added, network.last = nn.Linear(6, 6), last
        optimizer.add_param_group({"params": list(network.added.parameters())})
        loop(network, lab, 2, optimizer=optimizer)


@scenario
def accumulation(folder):
    """Two minibatches for each update: values of the first, gradients of parameters of both."""
    network = small()
    optimizer = torch.optim.SGD(network.parameters(), 0.1)
    means, norms = [], []
    with watch(network, folder, every=1) as lab:
        for _ in range(2):
            optimizer.zero_grad()
            for part in range(2):
                x, y = torch.randn(8, 4), torch.randint(0, 3, (8,))
                if part == 0:
                    with torch.no_grad():
                        means.append(float(network.first(x).mean()))
                F.cross_entropy(network(x), y).backward()
            norms.append(float(network.last.weight.grad.norm()))
            optimizer.step()
            lab.step()
    return {"means": means, "norms": norms}


@scenario
def precision(folder):
    """Autocast to bfloat16, and a loss that is multiplied by 1024 before the backward pass."""

    class Scaler:
        def scale(self, tensor):
            return tensor * 1024

    results = {}
    for arm, scaler in (("plain", None), ("scaled", Scaler())):
        torch.manual_seed(3)
        network = small()
        optimizer = torch.optim.SGD(network.parameters(), 0.1)
        dtypes = []
        network.first.register_forward_hook(lambda module, inputs, output: dtypes.append(str(output.dtype)))
        with watch(network, folder, arm=arm, every=1, scaler=scaler) as lab:
            x, y = torch.randn(16, 4), torch.randint(0, 3, (16,))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = F.cross_entropy(network(x), y)
            (scaler.scale(loss) if scaler else loss).backward()
            if scaler:
                for parameter in network.parameters():
                    parameter.grad /= 1024
            optimizer.step()
            lab.step(loss=loss)
        results[arm] = dtypes
    return results


@scenario
def optimizers(folder):
    """Two optimizers, found by the watcher, with rates that a schedule changes after the update."""
    network = small()
    first = torch.optim.SGD(network.first.parameters(), 0.1)
    last = torch.optim.Adam(network.last.parameters(), 0.01)
    schedule = torch.optim.lr_scheduler.StepLR(first, 1, 0.5)
    found = []
    for arm, given in (("found", None), ("given", [first, last])):
        network.zero_grad()
        with watch(network, folder, arm=arm, every=1, optimizers=given) as lab:
            F.cross_entropy(network(torch.randn(8, 4)), torch.randint(0, 3, (8,))).backward()
            found.append(sorted(lab._rates))
            first.step(), last.step()
            schedule.step()
            lab.step()
    return found


@scenario
def gap(folder):
    """Results with both statistics after the update; nothing of the network changes."""
    network = nn.Sequential(small(), nn.Dropout(0.5))
    optimizer = torch.optim.SGD(network.parameters(), 0.1)
    x, y = 2 + torch.randn(16, 4), torch.randint(0, 3, (16,))
    with watch(network, folder, every=1) as lab:
        F.cross_entropy(network(x), y).backward()
        optimizer.step()
        before = copy.deepcopy(network.state_dict())
        random = torch.get_rng_state()
        lab.step(loss=1.0, gap=lambda net: (F.cross_entropy(net(x), y), (net(x).argmax(1) == y).float().mean()))
        after = network.state_dict()
    unchanged = all(torch.equal(before[key], after[key]) for key in before) and torch.equal(random, torch.get_rng_state())
    modes = all(module.training for module in network.modules())
    with torch.no_grad():
        network.eval()
        running = float(F.cross_entropy(network(x), y))
        network[0].norm.train()
        batch = float(F.cross_entropy(network(x), y))
    return {"unchanged": unchanged and modes, "running": running, "batch": batch}


@scenario
def copies(folder):
    """Saving and copying a network between the passes of a watched step, and a forked process."""
    network = small()
    with watch(network, folder, every=1) as lab:
        optimizer = loop(network, lab, 1)
        pickle.dumps(network)
        torch.save(network, io.BytesIO())
        other = copy.deepcopy(network)
        other(torch.randn(8, 4))
        child = multiprocessing.get_context("fork").Process(target=loop, args=(network, lab, 3))
        child.start()
        child.join()
        loop(network, lab, 1, optimizer=optimizer)
    return {"exit": child.exitcode}


@scenario
def many(folder):
    """200 normalizations, each after a convolution."""
    modules = [nn.Conv2d(4, 4, 3, padding=1) if k % 2 == 0 else nn.BatchNorm2d(4) for k in range(400)]
    network = nn.Sequential(*modules, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))
    with watch(network, folder, every=1) as lab:
        optimizer = torch.optim.SGD(network.parameters(), 0.1)
        F.cross_entropy(network(torch.randn(2, 4, 3, 3)), torch.tensor([0, 1])).backward()
        optimizer.step()
        lab.step()


class Kinds(nn.Module):
    """A module of each kind; everything else is functional."""

    def __init__(self):
        super().__init__()
        self.volume, self.back, self.group = nn.Conv3d(1, 4, 3), nn.ConvTranspose2d(4, 4, 2), nn.GroupNorm(2, 4)
        self.instance = nn.InstanceNorm2d(4, affine=True, track_running_stats=True)
        self.line, self.layer, self.gelu = nn.Conv1d(4, 6, 3), nn.LayerNorm(6), nn.GELU()
        self.out = nn.utils.weight_norm(nn.Linear(6, 3))

    def forward(self, x):
        x = self.group(self.back(self.volume(x).mean(2)))
        x = self.line(self.instance(x).flatten(2)).mean(2)
        return self.out(self.gelu(self.layer(x)))


@scenario
def kinds(folder):
    network = Kinds()
    x = torch.randn(4, 1, 4, 4, 4)
    with watch(network, folder, every=1) as lab:
        F.cross_entropy(network(x), torch.tensor([0, 1, 2, 0])).backward()
        lab.step()


@scenario
def wrappers(folder):
    """DataParallel, and what torch.compile returns: names are those of the network."""

    class Compiled(nn.Module):
        def __init__(self, module):
            super().__init__()
            self._orig_mod = module

        def forward(self, x):
            return self._orig_mod(x)

    for arm, wrap in (("parallel", nn.DataParallel), ("compiled", Compiled)):
        network = wrap(small())
        with watch(network, folder, arm=arm, every=1) as lab:
            loop(network, lab, 1)


def train_distributed(rank, folder, port):
    torch.distributed.init_process_group("gloo", init_method="tcp://127.0.0.1:%d" % port, rank=rank, world_size=2)
    network = nn.parallel.DistributedDataParallel(small())
    with watch(network, folder, every=1) as lab:
        loop(network, lab, 3, gap=lambda net: F.cross_entropy(net(torch.zeros(8, 4)), torch.zeros(8, dtype=torch.long)))
    torch.distributed.destroy_process_group()


@scenario
def distributed(folder):
    """Two processes; the first writes."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = multiprocessing.get_context("fork")
    ranks = [context.Process(target=train_distributed, args=(rank, folder, port)) for rank in range(2)]
    for rank in ranks:
        rank.start()
    for rank in ranks:
        rank.join()
    return [rank.exitcode for rank in ranks]


@scenario
def unwritable(folder):
    """A folder that cannot be made: the loop goes on."""
    os.makedirs(folder)
    file = os.path.join(folder, "file")
    open(file, "w").close()
    network = small()
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        with watch(network, file, every=1) as lab:
            loop(network, lab, 3)
    return [str(each.message) for each in shown]


@scenario
def wrong(folder):
    """Wrong options, and a loop that never calls the watched network."""
    messages = []
    for options in ({"taps": ["activations"]}, {"histograms": "activated"}, {"every": 0}, {"saturation": 0.97}):
        try:
            watch(small(), folder, **options)
        except ValueError as error:
            messages.append(str(error))
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        with watch(small(), folder, every=1) as lab:
            loop(small(), lab, 30)
    return messages + [str(each.message) for each in shown]


@scenario
def options(folder):
    """Some layers and taps only, and no gradients."""
    network = small()
    chosen = dict(layers=["la*"], taps=["activated"], gradients=False, histograms=[], units=1)
    with watch(network, folder, arm="some", seed=7, every=1, **chosen) as lab:
        loop(network, lab, 2)


@scenario
def longer(folder):
    """Long enough for frames that TensorBoard does not show in full."""
    network = small()
    with watch(network, folder, every=1, start=100) as lab:
        loop(network, lab, 40)


def main():
    folder = sys.argv[1]
    results = {}
    for function in SCENARIOS:
        torch.manual_seed(1)
        results[function.__name__] = function(os.path.join(folder, function.__name__))
    print(json.dumps(results))


main()
