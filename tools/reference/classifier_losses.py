"""Golden values for the losses of the compared systems: ArcFace under a noisy margin, the supervised contrastive loss.

    pip install -r tools/reference/requirements.txt
    python tools/reference/classifier_losses.py

Written out from their formulas in PyTorch, float64; gradients by its autograd.
"""

import json
import math
from pathlib import Path

import torch

from formula_values import formula_values

OUT = Path(__file__).resolve().parents[2] / "packages" / "losses-mixup" / "test" / "golden" / "classifier-losses.json"
BATCH, CLASSES, SIZE = 6, 4, 5
OWN, PARTNER = [0, 1, 2, 1, 3, 0], [2, 1, 0, 3, 3, 1]


def tensor(name, *shape):
    return torch.tensor(formula_values(name, math.prod(shape))).reshape(shape).requires_grad_()


def one_hot(labels):
    return torch.nn.functional.one_hot(torch.tensor(labels), CLASSES).double()


def margin_logits(embedding, weight, labels, scale, margin):
    cosine = torch.nn.functional.normalize(embedding) @ torch.nn.functional.normalize(weight).T
    sine = torch.sqrt(torch.clamp(1 - cosine**2, min=1e-7))
    phi = cosine * math.cos(margin) - sine * math.sin(margin)
    phi = torch.where(cosine > math.cos(math.pi - margin), phi, cosine - margin * math.sin(math.pi - margin))
    is_own = one_hot(labels)
    return scale * (is_own * phi + (1 - is_own) * cosine)


def noisy(embedding, weight, share, scale, margin):
    """The logits bear the margin of the own class for both terms."""
    logits = margin_logits(embedding, weight, OWN, scale, margin)
    cross_entropy = torch.nn.functional.cross_entropy
    return share * cross_entropy(logits, torch.tensor(OWN)) + (1 - share) * cross_entropy(logits, torch.tensor(PARTNER))


def contrastive(embedding, labels, temperature):
    z = torch.nn.functional.normalize(embedding)
    terms = []
    for i in range(len(labels)):
        others = [a for a in range(len(labels)) if a != i]
        positives = [p for p in others if labels[p] == labels[i]]
        if not positives:
            continue
        denominator = torch.logsumexp(torch.stack([z[i] @ z[a] / temperature for a in others]), 0)
        terms.append(-sum(z[i] @ z[p] / temperature - denominator for p in positives) / len(positives))
    return sum(terms) / len(terms)


def case(loss, *inputs, **options):
    value = loss(*inputs, **options)
    gradients = torch.autograd.grad(value, inputs)
    return {"options": options, "loss": value.item(), "gradients": [g.flatten().tolist() for g in gradients]}


def main():
    embedding, weight = tensor("embedding", BATCH, SIZE), tensor("weight", CLASSES, SIZE)
    golden = {
        "generator": "tools/reference/classifier_losses.py",
        "versions": {"torch": torch.__version__.split("+")[0]},
        "seed": None,
        "tolerance": {"rtol": 1e-5, "atol": 1e-6},
        "sizes": {"batch": BATCH, "nClasses": CLASSES, "embeddingSize": SIZE},
        "own": OWN,
        "partner": PARTNER,
        "noisy": [
            case(noisy, embedding, weight, share=share, scale=scale, margin=margin)
            for share, scale, margin in [(0.7, 30.0, 0.7), (0.2, 30.0, 1.0), (1.0, 8.0, 0.3)]
        ],
        "contrastive": [
            case(contrastive, embedding, labels=labels, temperature=temperature)
            for labels, temperature in [(OWN, 0.1), (OWN, 1.0), ([0, 0, 0, 0, 0, 0], 0.1), (PARTNER, 0.1)]
        ],
    }
    OUT.write_text(json.dumps(golden) + "\n")


main()
