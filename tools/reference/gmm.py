"""Golden values for packages/gmm: scikit-learn's GaussianMixture from given starts.

    pip install -r tools/reference/requirements.txt
    python tools/reference/gmm.py
"""

import json
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

OUT = Path(__file__).resolve().parents[2] / "packages" / "gmm" / "test" / "golden" / "gmm.json"
SEED = 20250103
TYPES = ("full", "tied", "diag", "spherical")
warnings.simplefilter("ignore", ConvergenceWarning)


def blobs(generator, n_rows, n_features, n_blobs, spread, offset=0.0):
    """Correlated, overlapping clusters, rounded so that the file stays small."""
    rows = []
    for b in range(n_blobs):
        mixing = generator.normal(size=(n_features, n_features)) * (0.4 + 0.3 * b)
        center = offset + spread * generator.normal(size=n_features)
        rows.append(center + generator.normal(size=(n_rows // n_blobs, n_features)) @ mixing)
    return np.round(np.concatenate(rows), 4)


def start(generator, X, covariance_type, n_components):
    weights = generator.integers(2, 9, n_components).astype(float)
    means = X[generator.choice(len(X), n_components, replace=False)]
    n_features = X.shape[1]
    root = np.round(generator.normal(size=(n_components, n_features, n_features)), 2)
    full = root @ root.transpose(0, 2, 1) * 0.2 + np.eye(n_features)
    precisions = {
        "full": full,
        "tied": full[0],
        "diag": np.round(generator.uniform(0.5, 2, (n_components, n_features)), 3),
        "spherical": np.round(generator.uniform(0.5, 2, n_components), 3),
    }[covariance_type]
    return weights / weights.sum(), means, precisions


def listed(array):
    return np.asarray(array).tolist()


def results(mixture, X, test):
    return {
        "weights": listed(mixture.weights_),
        "means": listed(mixture.means_),
        "covariances": listed(mixture.covariances_),
        "precisionsCholesky": listed(mixture.precisions_cholesky_),
        "lowerBound": mixture.lower_bound_,
        "lowerBounds": listed(mixture.lower_bounds_),
        "nIter": mixture.n_iter_,
        "converged": mixture.converged_,
        "bic": mixture.bic(X),
        "aic": mixture.aic(X),
        "score": mixture.score(X),
        "scoreSamples": listed(mixture.score_samples(test)),
        "predictProba": listed(mixture.predict_proba(test)),
        "predict": listed(mixture.predict(test)),
    }


def case(generator, name, data, covariance_type, n_components, **options):
    X, test = data
    weights, means, precisions = start(generator, X, covariance_type, n_components)
    mixture = GaussianMixture(
        n_components,
        covariance_type=covariance_type,
        weights_init=weights,
        means_init=means,
        precisions_init=precisions,
        **options,
    ).fit(X)
    names = {"reg_covar": "regCovar", "max_iter": "maxIter", "tol": "tol"}
    return {
        "name": f"{covariance_type}, {n_components} components, {name}",
        "data": name.split(",")[0],
        "options": {
            "nComponents": n_components,
            "covarianceType": covariance_type,
            **{names[key]: value for key, value in options.items()},
            "weightsInit": listed(weights),
            "meansInit": listed(means),
            "precisionsInit": listed(precisions),
        },
        "expected": results(mixture, X, test),
    }


def warm_case(generator, data, covariance_type):
    X, test = data
    weights, means, precisions = start(generator, X, covariance_type, 2)
    mixture = GaussianMixture(
        2,
        covariance_type=covariance_type,
        weights_init=weights,
        means_init=means,
        precisions_init=precisions,
        warm_start=True,
        max_iter=4,
        tol=1e-5,
    )
    return {
        "covarianceType": covariance_type,
        "maxIter": 4,
        "tol": 1e-5,
        "weightsInit": listed(weights),
        "meansInit": listed(means),
        "precisionsInit": listed(precisions),
        "expected": [results(mixture.fit(X), X, test) for _ in range(3)],
    }


def best_case(covariance_type, X, test):
    """Well separated clusters from scikit-learn's own k-means start: every start should find this optimum."""
    options = dict(covariance_type=covariance_type, n_init=5, tol=1e-10, max_iter=500, random_state=SEED)
    mixture = GaussianMixture(3, **options).fit(X)
    order = np.argsort(mixture.means_[:, 0])
    shared = covariance_type == "tied"
    return {
        "covarianceType": covariance_type,
        "weights": listed(mixture.weights_[order]),
        "means": listed(mixture.means_[order]),
        "covariances": listed(mixture.covariances_ if shared else mixture.covariances_[order]),
        "lowerBound": mixture.lower_bound_,
        "scoreSamples": listed(mixture.score_samples(test)),
    }


def constant_column_case(X):
    """What scikit-learn does to a column without variance: the variance reg_covar."""
    X = X[:20].copy()
    X[:, 1] = 3.0
    expected = {}
    for covariance_type in TYPES:
        mixture = GaussianMixture(1, covariance_type=covariance_type).fit(X)
        expected[covariance_type] = {"covariances": listed(mixture.covariances_), "score": mixture.score(X)}
    return {"X": listed(X), "expected": expected}


if __name__ == "__main__":
    generator = np.random.default_rng(SEED)
    data = {
        "overlapping": blobs(generator, 60, 3, 2, 1.5),
        "offset": blobs(generator, 45, 5, 3, 2.0, offset=40.0),
        "one column": blobs(generator, 30, 1, 2, 2.0),
    }
    data = {name: (X[:-8], X[-8:]) for name, X in data.items()}  # the last rows are scored alone
    cases = []
    for covariance_type in TYPES:
        for n_components in (1, 2, 3, 4):
            cases.append(case(generator, "overlapping", data["overlapping"], covariance_type, n_components))
        cases += [
            case(generator, "overlapping, regCovar 0.3", data["overlapping"], covariance_type, 2, reg_covar=0.3),
            case(generator, "overlapping, tol 1e-7", data["overlapping"], covariance_type, 3, tol=1e-7, max_iter=400),
            case(generator, "overlapping, tol 0.5", data["overlapping"], covariance_type, 2, tol=0.5),
            case(generator, "overlapping, maxIter 3", data["overlapping"], covariance_type, 3, max_iter=3),
            case(generator, "offset", data["offset"], covariance_type, 2),
            case(generator, "one column", data["one column"], covariance_type, 2),
        ]
    separated = np.round(np.concatenate([c + generator.normal(size=(20, 2)) for c in ([-9, 0], [2, 9], [12, -8])]), 4)
    golden = {
        "generator": "tools/reference/gmm.py",
        "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "seed": SEED,
        "tolerance": {"rtol": 1e-6, "atol": 1e-9},
        "data": {name: {"X": listed(X), "test": listed(test)} for name, (X, test) in data.items()},
        "cases": cases,
        "warm": [warm_case(generator, data["overlapping"], covariance_type) for covariance_type in TYPES],
        "separated": {"X": listed(separated), "best": [best_case(t, separated, separated[::9]) for t in TYPES]},
        "constantColumn": constant_column_case(data["overlapping"][0]),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden) + "\n")
    print(f"wrote {OUT} ({OUT.stat().st_size / 1024:.0f} KB)")
