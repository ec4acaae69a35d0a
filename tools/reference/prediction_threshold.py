"""Golden values for packages/evaluation: limits of one new value of a normal distribution, by SciPy's Student t.

    pip install -r tools/reference/requirements.txt
    python tools/reference/prediction_threshold.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy.stats import t

OUT = Path(__file__).resolve().parents[2] / "packages" / "evaluation" / "test" / "golden" / "prediction-threshold.json"
SEED = 20261129
RATES = [0.5, 0.1, 0.05, 1 / 1440, 1 / 8640, 1e-6]


def limits(scores):
    n = len(scores)
    scale = scores.std(ddof=1) * np.sqrt(1 + 1 / n)
    return [scores.mean() + t.isf(rate, n - 1) * scale for rate in RATES]


generator = np.random.default_rng(SEED)
cases = []
for n in [3, 4, 12, 75, 1000]:
    scores = generator.normal(2, 0.5, n).round(4)
    cases.append({"scores": scores.tolist(), "thresholds": limits(scores)})
OUT.write_text(json.dumps({"madeBy": f"SciPy {scipy.__version__}", "rates": RATES, "cases": cases}, indent=1) + "\n")
