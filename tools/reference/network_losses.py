"""Golden values for losses of the compared systems that packages/baselines holds: PyTorch, float64, gradients by autograd.

    pip install -r tools/reference/requirements.txt
    python tools/reference/network_losses.py
"""

import json
import math
from pathlib import Path

import torch

from formula_values import formula_values

OUT = Path(__file__).resolve().parents[2] / "packages" / "baselines" / "test" / "golden" / "network-losses.json"
BATCH, SIZE, MARGIN, FACTOR = 6, 4, 1.5, 1e-2
LABELS = [0, 1, 1, 0, 1, 0]


def tensor(name, *shape):
    return torch.tensor(formula_values(name, math.prod(shape))).reshape(shape).requires_grad_()


def centroid(x, centroids):
    own, other = centroids[LABELS], centroids[[1 - label for label in LABELS]]
    pull = ((x - own) ** 2).sum(1)
    push = torch.clamp(MARGIN - torch.linalg.norm(x - other, dim=1), min=0) ** 2
    return (pull + push).mean()


def case(loss, *inputs):
    value = loss(*inputs)
    return {"loss": value.item(), "gradients": [g.flatten().tolist() for g in torch.autograd.grad(value, inputs)]}


def main():
    x = tensor("x", BATCH, SIZE)
    golden = {
        "generator": "tools/reference/network_losses.py",
        "versions": {"torch": torch.__version__.split("+")[0]},
        "seed": None,
        "tolerance": {"rtol": 1e-5, "atol": 1e-6},
        "sizes": {"batch": BATCH, "size": SIZE},
        "labels": LABELS,
        "margin": MARGIN,
        "factor": FACTOR,
        "centroid": case(centroid, x, tensor("centroids", 2, SIZE)),
        "reconstruction": case(lambda r: torch.nn.functional.mse_loss(r, tensor("y", BATCH, SIZE).detach()), x),
        "penalty": case(lambda a, b: FACTOR * ((a**2).sum() + (b**2).sum()), x, tensor("kernel", 3, 2)),
    }
    OUT.write_text(json.dumps(golden) + "\n")


main()
