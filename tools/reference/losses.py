"""Golden values for packages/losses-mixup: each loss and its gradients by PyTorch autograd in float64.

    pip install -r tools/reference/requirements.txt
    python tools/reference/losses.py

The losses are written here from their definitions, with none of the closed forms that the package uses.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

OUT = Path(__file__).resolve().parents[2] / "packages" / "losses-mixup" / "test" / "golden" / "losses.json"
SEED = 20250131
BATCH, CLASSES, SIZE, SUB_CLUSTERS = 6, 4, 5, 3


def rounded(tensor):
    """float32 values, so that both sides start from the same numbers, held as float64."""
    return tensor.to(torch.float32).to(torch.float64)


def draw(*shape, scale=1.0):
    return rounded(scale * torch.randn(*shape, generator=GENERATOR, dtype=torch.float64))


def make_labels():
    """Hard labels of 3 normal clips and 3 outliers, their Mixup, and a batch of outliers alone."""
    y = torch.tensor([1.0, 1.0, 1.0, 0.0, 0.0, 0.0], dtype=torch.float64)
    targets = torch.zeros(BATCH, CLASSES, dtype=torch.float64)
    for row, column in enumerate([2, 0, 3]):
        targets[row, column] = 1
    weight = rounded(torch.tensor([0.9, 0.35, 0.99, 0.2, 1.0, 0.6], dtype=torch.float64))
    partner = torch.tensor([3, 0, 1, 2, 4, 5])
    mix = lambda t: rounded(weight.view(-1, *[1] * (t.ndim - 1)) * t + (1 - weight).view(-1, *[1] * (t.ndim - 1)) * t[partner])
    return {
        "hard": (y, targets),
        "mixed": (mix(y), mix(targets)),
        "outliers": (torch.zeros_like(y), torch.zeros_like(targets)),
    }


def listed(tensor):
    return tensor.detach().flatten().tolist()


def with_gradients(loss, inputs):
    """Runs loss(*inputs) and collects value and gradients."""
    leaves = [x.clone().requires_grad_() for x in inputs]
    value = loss(*leaves)
    gradients = torch.autograd.grad(value, leaves, allow_unused=True)
    gradients = [torch.zeros_like(x) if g is None else g for x, g in zip(leaves, gradients)]
    return {"loss": value.item(), "gradients": [listed(g) for g in gradients]}


def type_loss(logits, y):
    return F.binary_cross_entropy_with_logits(logits, y)


def id_loss(logits, targets, normalization):
    per_sample = F.binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(1)
    if normalization == "all":
        return per_sample.sum() / (logits.shape[0] * logits.shape[1])
    y = targets.sum(1)
    if y.sum() == 0:
        return 0 * logits.sum()
    if normalization == "printed":
        return per_sample.sum() / (logits.shape[1] * y.sum())
    if normalization == "text":
        return F.binary_cross_entropy_with_logits(logits[y > 0], targets[y > 0])
    return (y * per_sample).sum() / (logits.shape[1] * y.sum())


def softmax_loss(log_probabilities, targets, weighting):
    """-sum q log p over the rows with a target, q the target rescaled to sum 1."""
    sums = targets.sum(1)
    rows = sums > 0
    if not rows.any():
        return 0 * log_probabilities.sum()
    per_row = -(targets[rows] / sums[rows, None] * log_probabilities[rows]).sum(1)
    weights = sums[rows] if weighting == "target" else torch.ones_like(per_row)
    return (weights * per_row).sum() / weights.sum()


def arc_face_loss(embedding, weight, targets, scale, margin, weighting):
    cosine = F.linear(F.normalize(embedding), F.normalize(weight))
    theta = torch.acos(cosine)
    shifted = torch.where(theta + margin < math.pi, torch.cos(theta + margin), cosine - margin * math.sin(margin))
    sums = targets.sum(1, keepdim=True)
    q = torch.where(sums > 0, targets / sums, torch.zeros_like(targets))
    logits = scale * (q * shifted + (1 - q) * cosine)
    return softmax_loss(F.log_softmax(logits, dim=1), targets, weighting)


def ada_cos_loss(embedding, weight, targets, scale):
    cosine = F.linear(F.normalize(embedding), F.normalize(weight))
    probabilities = torch.softmax(scale * cosine, dim=1).reshape(-1, CLASSES, SUB_CLUSTERS).sum(2)
    return softmax_loss(torch.log(probabilities), targets, "equal")


def ada_cos_scale(embedding, weight, targets, scale):
    rows = targets.sum(1) > 0
    if not rows.any():
        return scale
    cosine = F.linear(F.normalize(embedding), F.normalize(weight))[rows]
    mean = torch.exp(scale * cosine).sum(1).mean()
    nearest = cosine.reshape(-1, CLASSES, SUB_CLUSTERS).max(2).values
    own = nearest.gather(1, targets[rows].argmax(1, keepdim=True)).squeeze(1)
    median = torch.quantile(torch.acos(own), 0.5)
    return (torch.log(mean) / math.cos(min(math.pi / 4, median.item()))).item()


def ada_cos_case(labels):
    """Training steps on changing batches; the embeddings of the later ones lie near the centres of their class."""
    weight = draw(CLASSES * SUB_CLUSTERS, SIZE)
    scale = math.sqrt(2) * math.log(CLASSES * SUB_CLUSTERS - 1)
    steps = []
    for step, kind in enumerate(["hard", "mixed", "outliers", "hard", "mixed"]):
        targets = labels[kind][1]
        embedding = draw(BATCH, SIZE)
        if step >= 3:
            centres = weight.reshape(CLASSES, SUB_CLUSTERS, SIZE)[:, step % SUB_CLUSTERS]
            embedding = rounded(2 * centres[targets.argmax(1)] + 0.3 * embedding)
        scale = ada_cos_scale(embedding, weight, targets, scale)
        result = with_gradients(lambda e, w: ada_cos_loss(e, w, targets, scale), [embedding, weight])
        steps.append({"labels": kind, "embedding": listed(embedding), "scale": scale, **result})
    return {"weight": listed(weight), "steps": steps}


def golden():
    labels = make_labels()
    type_logits, extreme = draw(BATCH, scale=3), torch.tensor([90.0, -90.0, 30.0, -30.0, 1e-4, 0.0], dtype=torch.float64)
    id_logits = draw(BATCH, CLASSES, scale=3)
    embedding, weight = draw(BATCH, SIZE, scale=2), draw(CLASSES, SIZE)
    embedding[2] = rounded(-1.5 * weight[3] + 0.05 * embedding[2])  # nearly opposite its class: theta + m > pi
    cases = {"typeLoss": [], "idLoss": [], "crossEntropyIdLoss": [], "arcFaceLoss": [], "outlierExposureLoss": []}
    for kind, (y, t) in labels.items():
        for logits in (type_logits, extreme):
            result = with_gradients(lambda x: type_loss(x, y), [logits])
            cases["typeLoss"].append({"labels": kind, "logits": listed(logits), **result})
        for normalization in ("normals", "all", "printed", "text"):
            result = with_gradients(lambda x: id_loss(x, t, normalization), [id_logits])
            cases["idLoss"].append({"labels": kind, "options": {"normalization": normalization}, **result})
        for weighting in ("equal", "target"):
            result = with_gradients(lambda x: softmax_loss(F.log_softmax(x, dim=1), t, weighting), [id_logits])
            cases["crossEntropyIdLoss"].append({"labels": kind, "options": {"weighting": weighting}, **result})
        for options in (
            {"scale": 64, "margin": 0.5, "weighting": "equal"},
            {"scale": 12, "margin": 0.2, "weighting": "target"},
            {"scale": 5, "margin": 0.0, "weighting": "equal"},
            {"scale": 30, "margin": 0.7, "weighting": "equal"},
        ):
            result = with_gradients(lambda e, w: arc_face_loss(e, w, t, **options), [embedding, weight])
            cases["arcFaceLoss"].append({"labels": kind, "options": options, **result})
        for options in (
            {"alpha": 10},
            {"alpha": 2.5, "normalization": "all"},
            {"alpha": 10, "normalization": "printed"},
            {"alpha": 10, "normalization": "text"},
            {"alpha": 0},
            {"alpha": 3, "useTypeLoss": False},
        ):
            def total(a, b):
                first = type_loss(a, y) if options.get("useTypeLoss", True) else 0 * a.sum()
                return first + options["alpha"] * id_loss(b, t, options.get("normalization", "normals"))

            result = with_gradients(total, [type_logits, id_logits])
            cases["outlierExposureLoss"].append({"labels": kind, "options": options, **result})
    return {
        "generator": "tools/reference/losses.py",
        "versions": {"torch": torch.__version__.split("+")[0]},
        "seed": SEED,
        "tolerance": {"rtol": 1e-5, "atol": 1e-6},
        "sizes": {"batch": BATCH, "nClasses": CLASSES, "embeddingSize": SIZE, "nSubClusters": SUB_CLUSTERS},
        "labels": {kind: {"y": listed(y), "targets": listed(t)} for kind, (y, t) in labels.items()},
        "typeLogits": listed(type_logits),
        "idLogits": listed(id_logits),
        "embedding": listed(embedding),
        "weight": listed(weight),
        "cases": cases,
        "subClusterAdaCos": ada_cos_case(labels),
    }


if __name__ == "__main__":
    GENERATOR = torch.Generator().manual_seed(SEED)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden()) + "\n")
    print(f"wrote {OUT} ({OUT.stat().st_size / 1024:.0f} KB)")
