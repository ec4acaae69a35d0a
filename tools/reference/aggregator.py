"""Golden values for packages/aggregator: NumPy's sort, mean, median and max over one to eleven chunk scores.

    pip install -r tools/reference/requirements.txt
    python tools/reference/aggregator.py
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[2] / "packages" / "aggregator" / "test" / "golden" / "aggregator.json"
SEED = 20250101
QUANTILES = ["0", "0.25", "0.3", "0.5", "0.7", "0.9", "0.95", "1"]


def upper_mean(ordered, n_kept):
    return float(np.mean(ordered[len(ordered) - n_kept :]))


def case(scores):
    ordered = np.sort(scores)
    n = len(ordered)
    # exact rational arithmetic: the count must not depend on the rounding of 1 - q
    counts = {q: max(1, math.ceil((1 - Fraction(q)) * n)) for q in QUANTILES}
    return {
        "chunkScores": scores.tolist(),
        "upperHalfMean": upper_mean(ordered, math.ceil(n / 2)),
        "lowerHalfMean": float(np.mean(ordered[: math.ceil(n / 2)])),
        "mean": float(np.mean(scores)),
        "max": float(np.max(scores)),
        "median": float(np.median(scores)),
        "upperQuantileMean": {q: upper_mean(ordered, count) for q, count in counts.items()},
    }


if __name__ == "__main__":
    generator = np.random.default_rng(SEED)
    cases = [case(generator.normal(-50, 40, n)) for n in range(1, 12)]
    cases.append(case(np.round(generator.normal(0, 2, 10))))  # ties
    golden = {
        "generator": "tools/reference/aggregator.py",
        "versions": {"numpy": np.__version__},
        "seed": SEED,
        "tolerance": {"rtol": 1e-12, "atol": 1e-13},
        "cases": cases,
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden) + "\n")
    print(f"wrote {OUT} ({OUT.stat().st_size / 1024:.0f} KB)")
