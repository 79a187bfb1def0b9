"""
Reads a folder of event files with TensorBoard's own reader: tensorboard_read.py FOLDER. Prints one line of JSON: the time of its
EventAccumulator, which checks records, decodes them and samples 10,000 values per tag, as `tensorboard --load_fast=false` does.
"""
import json
import pathlib
import resource
import sys
import time

import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder = pathlib.Path(sys.argv[1])
begin = time.perf_counter()
size = 0
for run in sorted({file.parent for file in folder.rglob("*tfevents*")}):
    accumulator = EventAccumulator(str(run))
    accumulator.Reload()
    size += sum(file.stat().st_size for file in run.glob("*tfevents*"))
print(
    json.dumps(
        {
            "version": tensorboard.__version__,
            "megabytes": size / 1e6,
            "seconds": time.perf_counter() - begin,
            "cpuSeconds": time.process_time(),
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        }
    )
)
