"""Golden values for packages/evaluation: paired differences by SciPy, pairs needed by statsmodels.

    pip install -r tools/reference/requirements.txt
    python tools/reference/paired_statistics.py
"""

import json
import math
from pathlib import Path

import numpy as np
import scipy
import statsmodels
from scipy.stats import bootstrap, nct, t, ttest_rel
from statsmodels.stats.power import TTestPower

OUT = Path(__file__).resolve().parents[2] / "packages" / "evaluation" / "test" / "golden" / "paired-statistics.json"
SEED = 20250601
DEGREES = [1, 2, 3, 4, 5, 7, 8, 19, 30, 99, 400]
LEVELS = [0.6, 0.9, 0.95, 0.975, 0.995, 0.9995]
POINTS = [-40, -3.5, -1, -0.1, 0, 0.3, 1, 2.5, 12, 300]


def student():
    return [
        {
            "nDegrees": n,
            "cdf": t.cdf(POINTS, n).tolist(),
            "quantiles": t.ppf(LEVELS, n).tolist(),
        }
        for n in DEGREES
    ]


def noncentral():
    cases = [(n, shift, x) for n in (1, 2, 4, 9, 50, 400) for shift in (-1.0, 0.0, 0.7, 3.0) for x in (-4.0, 0.5, 2.8)]
    return [{"nDegrees": n, "shift": shift, "t": x, "cdf": float(nct.cdf(x, n, shift))} for n, shift, x in cases]


def differences(generator):
    """Figures of two systems over seeds, which share what the seed does."""
    cases = []
    for n in (2, 3, 5, 8, 23):
        shared = generator.normal(0.9, 0.03, n)
        base, values = shared + generator.normal(0, 0.01, n), shared + generator.normal(0.02, 0.01, n)
        for confidence in (0.95, 0.8):
            interval = ttest_rel(values, base).confidence_interval(confidence)
            cases.append(
                {
                    "values": values.tolist(),
                    "base": base.tolist(),
                    "confidence": confidence,
                    "mean": float(np.mean(values - base)),
                    "std": float(np.std(values - base, ddof=1)),
                    "lower": float(interval.low),
                    "upper": float(interval.high),
                }
            )
    return cases


def power_of(n_pairs, effect, significance):
    """Both tails; SciPy's lower one is NaN where it is 0 for all that float64 can tell."""
    limit, shift = t.ppf(1 - significance / 2, n_pairs - 1), effect * math.sqrt(n_pairs)
    return float(nct.sf(limit, n_pairs - 1, shift) + np.nan_to_num(nct.cdf(-limit, n_pairs - 1, shift)))


def needed():
    """The smallest number of pairs with the power, the same as statsmodels' where it finds one, and the power at it."""
    cases = []
    for std in (0.004, 0.01, 0.02, 0.025, 0.05, 0.12):
        for power, significance in ((0.8, 0.05), (0.9, 0.01)):
            effect = 0.03 / std
            n_pairs = next(n for n in range(2, 1000) if power_of(n, effect, significance) >= power)
            if effect < 2:
                np.testing.assert_allclose(TTestPower().power(effect, n_pairs, significance), power_of(n_pairs, effect, significance), rtol=1e-9)
                assert n_pairs == math.ceil(TTestPower().solve_power(effect, None, significance, power))
            cases.append(
                {
                    "options": {"std": std, "difference": 0.03, "power": power, "significance": significance},
                    "nPairs": n_pairs,
                    "power": power_of(n_pairs, effect, significance),
                }
            )
    return cases


def paired_bootstrap(generator):
    """SciPy's paired bootstrap of a difference of means, and the indices that it drew."""
    n, n_resamples = 11, 60
    first = generator.normal(1, 1, n)
    second = first + generator.normal(0.3, 0.5, n)
    statistic = lambda a, b: np.mean(b) - np.mean(a)
    result = bootstrap(
        (first, second),
        statistic,
        paired=True,
        vectorized=False,
        n_resamples=n_resamples,
        confidence_level=0.9,
        method="percentile",
        rng=np.random.default_rng(11),
    )
    indices = np.random.default_rng(11).integers(0, n, (n_resamples, n), endpoint=False)
    replayed = [statistic(first[i], second[i]) for i in indices]
    np.testing.assert_allclose(replayed, result.bootstrap_distribution, rtol=1e-12)
    return {
        "first": first.tolist(),
        "second": second.tolist(),
        "nResamples": n_resamples,
        "confidence": 0.9,
        "indices": indices.tolist(),
        "estimate": float(statistic(first, second)),
        "interval": [float(result.confidence_interval.low), float(result.confidence_interval.high)],
    }


if __name__ == "__main__":
    generator = np.random.default_rng(SEED)
    golden = {
        "generator": "tools/reference/paired_statistics.py",
        "versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__, "numpy": np.__version__},
        "seed": SEED,
        "tolerance": {"rtol": 1e-9, "atol": 1e-12},
        "noncentralTolerance": {"rtol": 0, "atol": 1e-8},
        "points": POINTS,
        "levels": LEVELS,
        "student": student(),
        "noncentral": noncentral(),
        "differences": differences(generator),
        "needed": needed(),
        "bootstrap": paired_bootstrap(generator),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden, allow_nan=False) + "\n")
    print(f"wrote {OUT} ({OUT.stat().st_size / 1024:.0f} KB)")
