#!/usr/bin/python3
"""
Makes test/fixtures/experiment/statistics.json, which the tests of claims read: SciPy's own answers about small lists of
paired differences.

    /usr/bin/python3 test/oracle/make_statistics.py [--out FOLDER]

Needs SciPy (Debian's python3-scipy) and NumPy. All values are multiples of 1/1024 and come from NumPy's RandomState, whose
stream is frozen.
"""

import argparse
import json
import os

import numpy
from scipy import stats


def quantized(values):
    return (numpy.round(numpy.asarray(values) * 1024) / 1024).tolist()


def samples():
    random = numpy.random.RandomState(77)
    return {
        "five, all above": quantized(0.1 + 0.02 * random.standard_normal(5)),
        "twelve, normal": quantized(0.3 + random.standard_normal(12)),
        "sixteen, with ties and zeros": quantized(numpy.round(2 * random.standard_normal(16)) / 4),
        "twenty, skewed": quantized(random.exponential(1, 20) - 0.6),
    }


def sign_flips(differences):
    """The exact permutation test of paired samples, in which a permutation changes signs."""
    def p(alternative):
        result = stats.permutation_test(
            (differences,), lambda d, axis: numpy.mean(d, axis=axis), permutation_type="samples", vectorized=True,
            n_resamples=numpy.inf, alternative=alternative, batch=1 << 16,
        )
        return float(result.pvalue)
    # SciPy doubles the smaller side; a distribution that mirrors itself has as much beyond on either side. A mean of 0 is all of it.
    return {"greater": p("greater"), "less": p("less"), "twoSided": p("two-sided")}


def studentized(differences):
    """The studentized bootstrap interval, of resamples and quantiles by SciPy."""
    centre, error = numpy.mean(differences), stats.sem(differences)

    def t(d, axis):
        with numpy.errstate(divide="ignore", invalid="ignore"):
            return (numpy.mean(d, axis=axis) - centre) / stats.sem(d, axis=axis)

    result = stats.bootstrap(
        (differences,), t, n_resamples=200_000, method="percentile", vectorized=True, batch=20_000,
        random_state=numpy.random.RandomState(5),
    )
    low, high = result.confidence_interval
    return [float(centre - high * error), float(centre - low * error)]


def slopes():
    random = numpy.random.RandomState(9)
    cases = []
    for depths in ([1, 2], [1, 2, 3, 4, 5, 6], [1, 10, 20, 40]):
        values = quantized(numpy.exp(0.2 * random.standard_normal(len(depths)) - 0.1 * numpy.array(depths)) + 0.01)
        cases.append({"depths": depths, "values": values, "slope": float(stats.linregress(depths, numpy.log(values)).slope)})
    return cases


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Makes the fixtures of the tests of claims.")
    parser.add_argument("--out", default=os.path.join(here, "..", "fixtures", "experiment"), help="folder to write to")
    folder = parser.parse_args().out
    cases = []
    for name, differences in samples().items():
        interval = studentized(differences) if len(differences) > 5 else None
        cases.append({"name": name, "differences": differences, "p": sign_flips(differences), "interval": interval})
    fixture = {"cases": cases, "slopes": slopes()}
    with open(os.path.join(folder, "statistics.json"), "w") as file:
        file.write(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main()
