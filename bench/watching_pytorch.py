#!/usr/bin/python3
"""
Overhead of src/runs/watcher/batchnorm_lab.py: bench/watching_pytorch.py [--rounds N] [--every N] [--histograms TAP,...] [WORKLOAD...]

Trains each workload on one thread, in rounds of 10 steps. One step of a round is watched, and in every second round with
histograms. Prints the CPU time of a step, the time that a watched step adds, and its share of the time of EVERY steps. All are
medians over interleaved rounds, so that other programs on the machine disturb all of them alike.
"""
import argparse
import json
import os
import statistics
import sys
import tempfile
import time

import torch
from torch import nn

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../src/runs/watcher"))
from batchnorm_lab import watch

STEPS = 10


def mlp():
    """784-3x100 with BatchNorm, 60 examples."""
    widths = [784, 100, 100, 100]
    hidden = [m for a, b in zip(widths, widths[1:]) for m in (nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU())]
    return nn.Sequential(*hidden, nn.Linear(100, 10)), torch.randn(60, 784)


def cnn():
    """Three convolutions with BatchNorm on 28 x 28 pixels, 32 examples."""
    hidden = [m for a, b in ((1, 16), (16, 32), (32, 32))
              for m in (nn.Conv2d(a, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(), nn.MaxPool2d(2))]
    return nn.Sequential(*hidden, nn.Flatten(), nn.Linear(32 * 9, 10)), torch.randn(32, 1, 28, 28)


def resnet18():
    """torchvision's resnet18 on 64 x 64 pixels, 8 examples."""
    from torchvision.models import resnet18

    return resnet18(num_classes=10), torch.randn(8, 3, 64, 64)


WORKLOADS = {"mlp": mlp, "cnn": cnn, "resnet18": resnet18}


def measure(build, rounds, every, histograms):
    torch.manual_seed(1)
    model, x = build()
    y = torch.randint(0, 10, (len(x),))
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    times = {"plain": [], "watched": [], "histograms": []}
    with tempfile.TemporaryDirectory() as folder:
        options = {"watched": (), "histograms": histograms}
        labs = {kind: watch(model, folder, arm=kind, every=2 * STEPS, histograms=taps, start=start)
                for start, (kind, taps) in zip((0, STEPS), options.items())}
        for step in range((rounds + 2) * 2 * STEPS):
            place = step % (2 * STEPS)
            kind = {0: "watched", STEPS: "histograms"}.get(place, "plain")
            start = time.process_time()
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            for lab in labs.values():
                lab.step(loss=loss)
            # The first rounds warm up.
            if step >= 4 * STEPS:
                times[kind].append(1e3 * (time.process_time() - start))
        for lab in labs.values():
            lab.close()
    plain = statistics.median(times["plain"])
    added = {kind: statistics.median(times[kind]) - plain for kind in options}
    return {"step": plain, **added, **{kind + "Share": ms / (every * plain) for kind, ms in added.items()}}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--histograms", default="activated")
    parser.add_argument("workloads", nargs="*", default=list(WORKLOADS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    results = {}
    for name in options.workloads:
        try:
            results[name] = found = measure(WORKLOADS[name], options.rounds, options.every, options.histograms.split(","))
        except ImportError as error:
            print("%-9s not measured: %s (Debian: apt-get install python3-torchvision)" % (name, error))
            continue
        print("%-9s step %8.2f ms   watched +%6.2f ms = %4.1f %%   with histograms +%6.2f ms = %4.1f %%" % (
            name, found["step"], found["watched"], 100 * found["watchedShare"], found["histograms"], 100 * found["histogramsShare"]))
    print(json.dumps(results))


main()
