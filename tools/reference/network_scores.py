"""Golden values for the scores of the compared systems (packages/baselines): NumPy, SciPy and scikit-learn, from their formulas.

    pip install -r tools/reference/requirements.txt
    python tools/reference/network_scores.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from formula_values import formula_values

OUT = Path(__file__).resolve().parents[2] / "packages" / "baselines" / "test" / "golden" / "network-scores.json"
N_CLASSES, SIZE, N_TRAIN, N_TEST, N_COMPONENTS = 3, 4, 40, 5, 2


def matrix(name, rows, columns):
    return formula_values(name, rows * columns).astype(np.float32).astype(np.float64).reshape(rows, columns)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def own_id(embeddings, weight, label, scale, margin):
    cosine = unit(embeddings) @ unit(weight).T
    logits = scale * cosine
    theta = np.arccos(cosine[:, label])
    psi = np.where(theta < np.pi - margin, np.cos(theta + margin), cosine[:, label] - margin * np.sin(margin))
    logits[:, label] = scale * psi
    return logsumexp(logits, axis=1) - logits[:, label]


def gaussians(train, test, centres):
    mixture = GaussianMixture(len(centres), covariance_type="full", reg_covar=1e-3, means_init=unit(centres), random_state=0)
    mixture.fit(unit(train))
    densities = [multivariate_normal(m, c).logpdf(unit(test)) for m, c in zip(mixture.means_, mixture.covariances_)]
    return -np.max(densities, axis=0)


def selective_mahalanobis(errors, domains, tests):
    def distance(own):
        covariance = np.cov(own, rowvar=False)
        covariance += 1e-6 * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
        return np.einsum("ij,jk,ik->i", tests, np.linalg.inv(covariance), tests)

    return np.min([distance(errors[domains == domain]) for domain in (0, 1)], axis=0)


def main():
    embeddings, weight = matrix("embeddings", N_TEST, SIZE), matrix("weight", N_CLASSES, SIZE)
    # Two groups of directions far apart, so that EM has one answer whatever k-means it starts from.
    centres = np.array([[1.0, 0, 0, 0.2], [0, 1.0, -0.3, 0]])
    train = 0.25 * matrix("train", N_TRAIN, SIZE) + centres[np.arange(N_TRAIN) % 2]
    reconstructions, inputs = matrix("reconstructions", N_TRAIN, SIZE), matrix("inputs", N_TRAIN, SIZE)
    errors, domains = inputs - reconstructions, (np.arange(N_TRAIN) // 4) % 2
    logits = 3 * matrix("logits", N_TEST, N_CLASSES)
    probability = np.exp(logits - logsumexp(logits, axis=1, keepdims=True))
    golden = {
        "generator": "tools/reference/network_scores.py",
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "seed": 0,
        "tolerance": {"rtol": 1e-6, "atol": 1e-9},
        "sizes": {"nClasses": N_CLASSES, "size": SIZE, "nTrain": N_TRAIN, "nTest": N_TEST},
        "centres": centres.flatten().tolist(),
        "ownId": [
            {"label": label, "scale": scale, "margin": margin, "scores": own_id(embeddings, weight, label, scale, margin).tolist()}
            for label, scale, margin in [(0, 30.0, 0.7), (1, 30.0, 1.0), (2, 30.0, 0.0), (1, 8.0, 2.5)]
        ],
        "gaussians": gaussians(train, embeddings, centres).tolist(),
        "reconstruction": (errors**2).mean(1)[:N_TEST].tolist(),
        "selectiveMahalanobis": selective_mahalanobis(errors, domains, errors[:N_TEST] * 2).tolist(),
        "oddsAgainst": [np.log((1 - probability[:, k]) / probability[:, k]).tolist() for k in range(N_CLASSES)],
    }
    OUT.write_text(json.dumps(golden) + "\n")


main()
