"""Golden values for packages/losses-mixup at the ends of float32: each loss and its gradient in float64 by NumPy.

    python tools/reference/extreme_losses.py
"""

import json
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[2] / "packages" / "losses-mixup" / "test" / "golden" / "extreme-losses.json"
LARGEST = float(np.finfo(np.float32).max)
SIZES = [1.0, 88.0, 1e4, 1e19, 1e30, 3e38, LARGEST]
#: Signs and fractions of the size: 3 rows of 3 classes.
PATTERN = np.array([[1.0, -1.0, 0.5], [-1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]])
TARGETS = np.array([[1.0, 0.0, 0.0], [0.7, 0.0, 0.0], [0.0, 0.0, 0.0]])


def softmax_loss(x, targets):
    sums = targets.sum(1, keepdims=True)
    q = targets / np.where(sums > 0, sums, 1)
    share = (sums > 0) / (sums > 0).sum()
    shifted = x - x.max(1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(1, keepdims=True))
    gradient = (np.exp(shifted - log_sums) - q) * share
    return ((log_sums - shifted) * q * share).sum(), gradient


def cross_entropy(x, t):
    with np.errstate(over="ignore"):
        return np.maximum(x, 0) - x * t + np.log1p(np.exp(-np.abs(x))), 1 / (1 + np.exp(-x)) - t


def id_loss(x, targets):
    y = targets.sum(1, keepdims=True)
    share = y / (targets.shape[1] * y.sum())
    value, gradient = cross_entropy(x, targets)
    return (share * value).sum(), share * gradient


def type_loss(x, y):
    value, gradient = cross_entropy(x, y)
    return (value / x.size).sum(), gradient / x.size


def arc_face(embedding, weight, targets, scale=64.0, margin=0.5):
    e = embedding / np.linalg.norm(embedding, axis=1, keepdims=True)
    w = weight / np.linalg.norm(weight, axis=1, keepdims=True)
    cosine = e @ w.T
    shifted = np.cos(np.arccos(np.clip(cosine, -1, 1)) + margin)
    psi = np.where(cosine > np.cos(np.pi - margin), shifted, cosine - margin * np.sin(margin))
    q = targets / np.where(targets.sum(1, keepdims=True) > 0, targets.sum(1, keepdims=True), 1)
    return softmax_loss(scale * (q * psi + (1 - q) * cosine), targets)[0]


def case(size):
    x = (PATTERN * size).astype(np.float32).astype(np.float64)
    rows = {"size": size, "logits": x.tolist()}
    for name, (value, gradient) in {
        "crossEntropyIdLoss": softmax_loss(x, TARGETS),
        "idLoss": id_loss(x, TARGETS),
        "typeLoss": type_loss(x[:, 0], np.array([1.0, 0.0, 0.25])),
    }.items():
        rows[name] = {"loss": float(value), "gradient": gradient.tolist()}
    return rows


def arc_face_case(size):
    rng = np.random.default_rng(7)
    embedding = (rng.uniform(-1, 1, (3, 4)) * size).astype(np.float32).astype(np.float64)
    weight = (rng.uniform(-1, 1, (3, 4)) * size).astype(np.float32).astype(np.float64)
    return {"size": size, "embedding": embedding.tolist(), "weight": weight.tolist(), "loss": arc_face(embedding, weight, TARGETS)}


golden = {
    "generator": "tools/reference/extreme_losses.py",
    "versions": {"numpy": np.__version__},
    "tolerance": {"rtol": 1e-5, "atol": 1e-6},
    "targets": TARGETS.tolist(),
    "y": [1.0, 0.0, 0.25],
    "cases": [case(size) for size in SIZES],
    "arcFace": [arc_face_case(size) for size in [1e-11, 1e-6, 1.0, 1e15, 1e25, 3e38]],
}
OUT.write_text(json.dumps(golden) + "\n")
