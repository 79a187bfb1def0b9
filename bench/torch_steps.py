"""Time of one workload's training steps in PyTorch on the CPU, as one process: torch_steps.py WORKLOAD SECONDS THREADS.

Eager mode. Prints one line of JSON: microseconds a step, and the process's peak memory in MiB. The first fifth of the
time warms up and is not counted.
"""
import json
import resource
import sys
import time

import torch
from torch import nn
from torch_workloads import LEARNING_RATE, WORKLOADS, build


def peak_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    name, seconds, threads = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    empty = peak_memory()
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    w = WORKLOADS[name]
    net = build(w)
    optimizer = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE)
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
    print(
        json.dumps(
            {
                "minimum": times[0],
                "median": times[len(times) // 2],
                "peakMemoryMiB": peak_memory(),
                "emptyMemoryMiB": empty,
            }
        )
    )


main()
