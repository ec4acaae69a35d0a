"""Golden values for the distance of a sound from those of training (packages/serial-oe/src/model).

Mahalanobis distances to the nearest machine's mean, under one covariance within machines that scikit-learn's Ledoit-Wolf
shrinks; the unit is the largest distance of a cross-fit of 20 folds. Run: python tools/reference/familiarity.py
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.covariance import LedoitWolf

from formula_values import formula_values

OUT = pathlib.Path(__file__).parents[2] / "packages/serial-oe/test/golden/familiarity.json"
N_LEVELS = 16
N_FOLDS = 20


def levels(name, n, center):
    mixing = formula_values("mixing", N_LEVELS * N_LEVELS).reshape(N_LEVELS, N_LEVELS)
    return center + formula_values(name, n * N_LEVELS).reshape(n, N_LEVELS) @ mixing


def fit(x, ids):
    means = {i: x[ids == i].mean(0) for i in np.unique(ids)}
    deviations = np.stack([row - means[i] for row, i in zip(x, ids)])
    return means, LedoitWolf().fit(deviations)


def distances(fitted, x):
    means, covariance = fitted
    squares = [covariance.mahalanobis(x - mean) for mean in means.values()]
    return np.sqrt(np.min(squares, axis=0))


def main():
    x = np.concatenate([levels("a", 12, 0.0), levels("b", 15, 1.5)])
    ids = np.repeat(["00", "02"], [12, 15])
    folds = np.arange(len(x)) % min(N_FOLDS, len(x))
    farthest = max(
        distances(fit(x[folds != f], ids[folds != f]), x[folds == f]).max() for f in np.unique(folds)
    )
    queries = np.concatenate([levels("c", 4, 0.0), levels("d", 4, 6.0)])
    golden = {
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "farthest": farthest,
        "distances": (distances(fit(x, ids), queries) / farthest).tolist(),
    }
    OUT.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
