"""Steps per second of one workload in PyTorch on the CPU, as one process: torch_steps.py WORKLOAD SECONDS THREADS.

Builds the same networks as workloads.ts, eager mode, as a person would write them. Prints one line of JSON.
"""
import json
import resource
import sys
import time

import torch
from torch import nn

HUNDREDS = dict(inputs=784, hidden=[100] * 3, outputs=10, activation=nn.Sigmoid, batch=60)
WORKLOADS = {
    "W1a": dict(HUNDREDS, norm=False),
    "W1b": dict(HUNDREDS, norm=True),
    "W3": dict(inputs=2, hidden=[32] * 30, outputs=3, activation=nn.ReLU, batch=64, norm=True),
}


def build(w):
    layers, width = [], w["inputs"]
    for units in w["hidden"]:
        layers.append(nn.Linear(width, units, bias=not w["norm"]))
        if w["norm"]:
            layers.append(nn.BatchNorm1d(units))
        layers.append(w["activation"]())
        width = units
    return nn.Sequential(*layers, nn.Linear(width, w["outputs"]))


def main():
    name, seconds, threads = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    w = WORKLOADS[name]
    net = build(w)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    x, y = torch.randn(2048, w["inputs"]), torch.randint(0, w["outputs"], (2048,))
    order = torch.randperm(2048)
    loss_of = nn.CrossEntropyLoss()
    position = 0

    def step():
        nonlocal position, order
        if position + w["batch"] > 2048:
            order, position = torch.randperm(2048), 0
        rows = order[position : position + w["batch"]]
        position += w["batch"]
        optimizer.zero_grad(set_to_none=True)
        loss_of(net(x[rows]), y[rows]).backward()
        optimizer.step()

    def time_steps(duration):
        times, end = [], time.perf_counter() + duration
        while time.perf_counter() < end:
            start = time.perf_counter()
            step()
            times.append((time.perf_counter() - start) * 1e6)
        return sorted(times)

    time_steps(seconds * 0.2)
    times = time_steps(seconds * 0.8)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"microseconds": {"minimum": times[0], "median": times[len(times) // 2]}, "peakMemoryMiB": peak}))


main()
