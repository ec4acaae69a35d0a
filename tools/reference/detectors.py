"""Golden values for packages/detectors: scikit-learn's outlier detectors on embeddings made by a formula, and one that it
lacks, by NumPy on its search for neighbours.

    pip install -r tools/reference/requirements.txt
    python tools/reference/detectors.py

Neighbours are searched by trees and densities summed in one leaf: scikit-learn's other ways lose digits, by
|x|^2 - 2 x y + |y|^2 or by the difference of bounds. Its one-class SVM keeps the kernel in float32; `optimum` is the
solution of its dual in float64, found from the rows that it puts at the bounds, and checked.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from formula_values import formula_values
from sklearn.covariance import EmpiricalCovariance, LedoitWolf, ShrunkCovariance
from sklearn.neighbors import KernelDensity, LocalOutlierFactor, NearestNeighbors
from sklearn.svm import OneClassSVM

OUT = Path(__file__).resolve().parents[2] / "packages" / "detectors" / "test" / "golden" / "detectors.json"
warnings.filterwarnings("ignore", message="n_neighbors .* is greater than the total number of samples")
N_FACTORS = 4
N_TEST = 12
#: rows of training, columns, distinct rows among those of training
DATA = {
    "few": (40, 128, 40),
    "many": (400, 128, 400),
    "duplicates": (150, 128, 30),
    "low": (60, 3, 60),
}


def embeddings(name, n_rows, n_cols):
    """Anisotropic: a column's own noise shrinks along the columns, and all of them share a few factors."""
    noise = formula_values(f"{name}.noise", n_rows * n_cols).reshape(n_rows, n_cols)
    factors = formula_values(f"{name}.factors", n_rows * N_FACTORS).reshape(n_rows, N_FACTORS)
    loadings = formula_values(f"loadings.{n_cols}", N_FACTORS * n_cols).reshape(N_FACTORS, n_cols)
    rows = 0.25 + noise / (1 + np.arange(n_cols) / 16)
    for k in range(N_FACTORS):
        rows = rows + factors[:, [k]] * loadings[k]
    return rows


def data_of(name):
    """Training rows, and rows to score: normal ones, training rows, and ones far off."""
    n_rows, n_cols, n_distinct = DATA[name]
    train = embeddings(name, n_distinct, n_cols)[np.arange(n_rows) % n_distinct]
    test = embeddings(f"{name}.test", N_TEST, n_cols)
    test[4:6] = train[[0, n_distinct - 1]]
    test[6:9] = test[6:9] * 3
    return train, test


def nearest(train, test, n_neighbors, aggregation):
    distances, _ = NearestNeighbors(n_neighbors=n_neighbors, algorithm="kd_tree").fit(train).kneighbors(test)
    return -(distances.mean(axis=1) if aggregation == "mean" else distances.max(axis=1))


def density_normalized(train, test, n_neighbors):
    """Least ratio of the distance to a training row and that row's mean distance to its nearest others, copies left out."""
    tree = NearestNeighbors(algorithm="kd_tree").fit(train)
    among, _ = tree.kneighbors(train, n_neighbors=len(train))
    local = np.array([row[row > 0][:n_neighbors].mean() for row in among])
    distances = np.sqrt(((test[:, None, :] - train[None, :, :]) ** 2).sum(axis=2))
    return -(distances / local).min(axis=1)


def neighbor_cases(name, train, test):
    for n_neighbors, aggregation in ((5, "mean"), (5, "max"), (1, "mean"), (40, "mean")):
        options = {"nNeighbors": n_neighbors, "aggregation": aggregation}
        yield "KNearestNeighbors", options, nearest(train, test, n_neighbors, aggregation)
    for n_neighbors in (1, 4, 16, 1000):
        yield "DensityNormalizedNeighbors", {"nNeighbors": n_neighbors}, density_normalized(train, test, n_neighbors)
    for n_neighbors in (20, 3, 1000):
        lof = LocalOutlierFactor(n_neighbors, novelty=True, algorithm="kd_tree").fit(train)
        yield "LocalOutlierFactor", {"nNeighbors": n_neighbors}, lof.score_samples(test)


def density_cases(name, train, test):
    for bandwidth in (1.0, 0.05, 30.0, "scott", "silverman"):
        density = KernelDensity(bandwidth=bandwidth, leaf_size=len(train)).fit(train)
        yield "KernelDensity", {"bandwidth": bandwidth}, density.score_samples(test)


def covariance_cases(name, train, test):
    if len(train) > train.shape[1] and name != "duplicates":
        yield "MahalanobisDistance", {}, -EmpiricalCovariance().fit(train).mahalanobis(test)
    for shrinkage in (0.1, 1.0):
        shrunk = ShrunkCovariance(shrinkage=shrinkage).fit(train)
        yield "MahalanobisDistance", {"shrinkage": shrinkage}, -shrunk.mahalanobis(test)
    yield "MahalanobisDistance", {"shrinkage": "ledoitWolf"}, -LedoitWolf().fit(train).mahalanobis(test)


def closed_form_cases():
    for name in DATA:
        train, test = data_of(name)
        for make in (neighbor_cases, density_cases, covariance_cases):
            for detector, options, scores in make(name, train, test):
                yield {"detector": detector, "options": options, "data": name, "scores": scores.tolist()}


def kernel_of(kernel, gamma):
    if kernel == "linear":
        return lambda a, b: a @ b.T
    return lambda a, b: np.exp(-gamma * ((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2))


def optimum(svm, kernel, train, test):
    """Scores of the exact solution: the weights between the bounds solve linear equations; optimality is asserted."""
    alphas = np.zeros(len(train))
    alphas[svm.support_] = svm.dual_coef_[0]
    free = (alphas > 1e-5) & (alphas < 1 - 1e-5)
    full = alphas >= 1 - 1e-5
    gram = kernel(train, train)
    n_free = free.sum()
    system = np.zeros((n_free + 1, n_free + 1))
    system[:-1, :-1] = gram[np.ix_(free, free)]
    system[:-1, -1] = -1
    system[-1, :-1] = 1
    wanted = np.append(-gram[np.ix_(free, full)].sum(axis=1), svm.nu * len(train) - full.sum())
    solution = np.linalg.lstsq(system, wanted)[0]
    alphas = full.astype(float)
    alphas[free] = solution[:-1]
    rho = solution[-1]
    gradients = gram @ alphas
    slack = 1e-11 * np.abs(gradients).max()
    assert alphas.min() > -1e-9 and alphas.max() < 1 + 1e-9
    assert np.abs(gradients[free] - rho).max() < slack
    assert gradients[full].max(initial=-np.inf) < rho + slack
    assert gradients[~free & ~full].min(initial=np.inf) > rho - slack
    return {"scores": (kernel(test, train) @ alphas).tolist(), "offset": float(rho)}


def svm_cases():
    for name in DATA:
        train, test = data_of(name)
        for kernel, gamma, nu in (
            ("rbf", "scale", 0.5),
            ("rbf", "auto", 0.1),
            ("rbf", 0.5, 0.3),
            ("rbf", "scale", 0.01),
            ("linear", "scale", 0.25),
        ):
            if kernel == "linear" and name == "low":
                continue  # a kernel of rank 3, which float32 makes indefinite: scikit-learn does not reach a tol of 1e-9
            options = {"kernel": kernel, "gamma": gamma, "nu": nu}
            by_default = OneClassSVM(**options).fit(train)
            tight = OneClassSVM(**options, tol=1e-9).fit(train)
            yield {
                "options": options,
                "data": name,
                "scores": by_default.score_samples(test).tolist(),
                "offset": float(by_default.offset_[0]),
                "nIter": int(by_default.n_iter_),
                "tight": {"scores": tight.score_samples(test).tolist(), "offset": float(tight.offset_[0])},
                "optimum": optimum(tight, kernel_of(kernel, tight._gamma), train, test),
            }


def singular_case():
    """A column that never varied in training: what the pseudo-inverse makes of a row that deviates in it."""
    train, test = data_of("low")
    train[:, 2] = 0.5
    test = np.repeat(test[:1], 2, axis=0)
    test[:, 2] = [0.5, 100.5]
    return {
        "pseudoInverse": (-EmpiricalCovariance().fit(train).mahalanobis(test)).tolist(),
        "ledoitWolf": (-LedoitWolf().fit(train).mahalanobis(test)).tolist(),
    }


if __name__ == "__main__":
    golden = {
        "generator": "tools/reference/detectors.py",
        "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "seed": "the names of the data, see formula_values.py",
        "tolerance": {"rtol": 1e-9, "atol": 1e-12},
        "data": {
            name: {"nRows": n_rows, "nCols": n_cols, "nDistinct": n_distinct}
            for name, (n_rows, n_cols, n_distinct) in DATA.items()
        },
        "closedForm": list(closed_form_cases()),
        "oneClassSvm": list(svm_cases()),
        "singular": singular_case(),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden) + "\n")
    print(f"wrote {OUT} ({OUT.stat().st_size / 1024:.0f} KB)")
