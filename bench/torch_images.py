"""Memory and time of training on 60,000 images in PyTorch on the CPU: torch_images.py FOLDER STEPS THREADS.

FOLDER has the four files of Fashion-MNIST (or MNIST), gzipped. The images are float32 in one tensor, as most tutorials
have them. Three dense layers of 100 sigmoid units with BatchNorm1d, batch size 60. Prints one line of JSON: the process's
CPU seconds and peak memory in MiB, with the import of PyTorch, reading the files and one evaluation of the test images.
"""
import gzip
import json
import resource
import sys
import time

import torch
from torch import nn
from torch_workloads import LEARNING_RATE, WORKLOADS, build


def peak_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read(path, header):
    with gzip.open(path) as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.uint8)[header:]


def main():
    folder, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    empty = peak_memory()
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    parts = {}
    for part in ("train", "t10k"):
        labels = read(f"{folder}/{part}-labels-idx1-ubyte.gz", 8).long()
        parts[part] = read(f"{folder}/{part}-images-idx3-ubyte.gz", 16).reshape(len(labels), -1) / 255, labels
    x, y = parts["train"]
    net = build(WORKLOADS["W1b"])
    optimizer = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE)
    loss_of = nn.CrossEntropyLoss()
    done = 0
    while done < steps:
        for rows in torch.randperm(len(y)).split(60)[: steps - done]:
            optimizer.zero_grad(set_to_none=True)
            loss_of(net(x[rows]), y[rows]).backward()
            optimizer.step()
            done += 1
    net.eval()
    with torch.no_grad():
        x, y = parts["t10k"]
        accuracy = (net(x).argmax(1) == y).double().mean().item()
    print(
        json.dumps(
            {
                "cpuSeconds": time.process_time(),
                "accuracy": accuracy,
                "peakMemoryMiB": peak_memory(),
                "emptyMemoryMiB": empty,
            }
        )
    )


main()
