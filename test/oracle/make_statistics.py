#!/usr/bin/python3
"""
Makes test/fixtures/experiment/statistics.json, which the tests of claims read: SciPy's own answers about small lists of
paired differences, and exact arithmetic's where SciPy rounds or is slow.

    /usr/bin/python3 test/oracle/make_statistics.py [--out FOLDER]

Needs SciPy (Debian's python3-scipy) and NumPy. All values are multiples of 1/1024 and come from NumPy's RandomState, whose
stream is frozen.
"""

import argparse
import fractions
import json
import math
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


def broken():
    """Samples that break a test whose tolerance for rounding is too coarse, or missing."""
    random = numpy.random.RandomState(78)
    small = quantized(0.5 + random.exponential(1, 13))
    return {
        "zeros alone": [0.0] * 8,
        "zeros and one": [0.0] * 11 + [1.0],
        "all equal": [0.25] * 12,
        "all equal, on both sides": [0.25] * 5 + [-0.25] * 4,
        "ties of whole numbers": [1.0, 2.0, 3.0, -1.0, -2.0, 4.0, -3.0, 6.0, 1.0, 0.0],
        "ties of tenths": [0.1, 0.2, -0.3, 0.1, -0.1, 0.4, 0.6, -0.2, 0.3],
        "one of 1e12 among small ones": small + [1e12],
        "one of -1e12 among small ones": small + [-1e12],
        "one of 1e16 among small ones": small + [1e16],
        "one of 1e100 among small ones of both signs": quantized(random.standard_normal(11)) + [1e100],
    }


def sign_flips(differences):
    """The exact permutation test of paired samples, in which a permutation changes signs."""
    def p(alternative):
        result = stats.permutation_test(
            (differences,), lambda d, axis: numpy.mean(d, axis=axis), permutation_type="samples", vectorized=True,
            n_resamples=numpy.inf, alternative=alternative, batch=1 << 16,
        )
        return float(result.pvalue)
    # SciPy doubles the smaller tail; in a symmetric distribution both tails are equal. With a mean of 0 the tail is everything.
    return {"greater": p("greater"), "less": p("less"), "twoSided": p("two-sided")}


def exact_flips(differences):
    """The same by rational arithmetic over all sign changes. SciPy tolerates 1e-14 of the mean, which exceeds a difference of 1e16,
    and takes 19 s for 20 differences.

    Numbers are read as they are written, so that 0.1 + 0.2 is 0.3.
    """
    numbers = [fractions.Fraction(repr(value)) for value in differences]
    scale = math.lcm(*(number.denominator for number in numbers))
    whole = [int(number * scale) for number in numbers]
    observed = sum(whole)
    sums = [0]
    for value in whole:
        sums = [each + value for each in sums] + [each - value for each in sums]
    count = len(sums)
    return {
        "greater": sum(each >= observed for each in sums) / count,
        "less": sum(each <= observed for each in sums) / count,
        "twoSided": sum(abs(each) >= abs(observed) for each in sums) / count,
    }


def signed_ranks():
    """Wilcoxon's signed-rank test is the sign-flip test of ranks, without ties and zeros."""
    random = numpy.random.RandomState(79)
    cases = []
    for count in (6, 12, 20):
        differences = 0.4 + random.standard_normal(count)
        ranks = (numpy.sign(differences) * stats.rankdata(abs(differences))).tolist()
        # The parameter's name changed with SciPy 1.13; "auto" is exact for few values without ties.
        p = {
            side: float(stats.wilcoxon(differences, alternative=alternative).pvalue)
            for side, alternative in (("greater", "greater"), ("less", "less"), ("twoSided", "two-sided"))
        }
        cases.append({"ranks": ranks, "p": p})
    return cases


def studentized(differences):
    """The studentized bootstrap interval, with resamples and quantiles by SciPy."""
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
    for name, differences in {**samples(), **broken()}.items():
        exact = exact_flips(differences)
        is_comparable = len(differences) < 20 and "1e1" not in name.replace("1e12", "")
        if is_comparable and sign_flips(differences) != exact:
            raise SystemExit(f"SciPy and exact arithmetic disagree: {name}, {sign_flips(differences)}, {exact}")
        interval = studentized(differences) if name in samples() and len(differences) > 5 else None
        cases.append({"name": name, "differences": differences, "p": exact, "interval": interval})
    fixture = {"cases": cases, "ranks": signed_ranks(), "slopes": slopes()}
    with open(os.path.join(folder, "statistics.json"), "w") as file:
        file.write(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main()
