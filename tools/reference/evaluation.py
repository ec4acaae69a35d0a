"""Golden values for packages/evaluation: scikit-learn's ROC figures and SciPy's stratified bootstrap.

    pip install -r tools/reference/requirements.txt
    python tools/reference/evaluation.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.stats import bootstrap, hmean, norm
from sklearn.metrics import roc_auc_score, roc_curve

OUT = Path(__file__).resolve().parents[2] / "packages" / "evaluation" / "test" / "golden" / "evaluation.json"
SEED = 20250102
MAX_FPRS = [0.01, 0.05, 0.1, 0.25, 1 / 3, 0.5, 0.999, 1.0]
MAX_FPR = 0.1


def draw(generator, n_normal, n_anomalous, shift, decimals=None):
    labels = np.r_[np.zeros(n_normal, int), np.ones(n_anomalous, int)]
    scores = generator.normal(shift * labels, 1)
    order = generator.permutation(len(labels))
    scores = scores if decimals is None else np.round(scores, decimals)
    return labels[order], scores[order]


def curve(labels, scores, drop):
    fpr, tpr, thresholds = roc_curve(labels, scores, drop_intermediate=drop)
    # the first threshold is inf, which JSON lacks: the test adds it
    return {"fpr": fpr.tolist(), "tpr": tpr.tolist(), "thresholdsFromSecond": thresholds[1:].tolist()}


def roc_case(name, labels, scores):
    return {
        "name": name,
        "labels": np.asarray(labels).tolist(),
        "scores": np.asarray(scores, float).tolist(),
        "auc": roc_auc_score(labels, scores),
        "pAucs": [roc_auc_score(labels, scores, max_fpr=m) for m in MAX_FPRS],
        "dropped": curve(labels, scores, True),
        "full": curve(labels, scores, False),
    }


def roc_cases(generator):
    labels, scores = draw(generator, 6, 5, 0.5)
    return [
        roc_case("continuous", *draw(generator, 40, 30, 1.0)),
        roc_case("worse than chance", *draw(generator, 25, 25, -0.8)),
        roc_case("ties within and across classes", *draw(generator, 60, 45, 1.0, 0)),
        roc_case("some ties", *draw(generator, 45, 60, 0.7, 1)),
        roc_case("few anomalies", *draw(generator, 80, 3, 1.5, 1)),
        roc_case("few normals", *draw(generator, 3, 40, 1.0)),
        roc_case("all scores equal", labels, np.full(11, 0.25)),
        roc_case("perfect", [0, 0, 0, 1, 1], [1, 2, 3, 4, 5]),
        roc_case("reversed", [1, 1, 0, 0, 0], [1, 2, 3, 4, 5]),
        roc_case("one of each", [0, 1], [-1e300, 1e300]),
    ]


def figures(rows):
    labels = [row["label"] for row in rows]
    scores = [row["anomalyScore"] for row in rows]
    auc = roc_auc_score(labels, scores)
    p_auc = roc_auc_score(labels, scores, max_fpr=MAX_FPR)
    return {"auc": auc, "pAuc": p_auc, "aAuc": (auc + p_auc) / 2}


def average(parts):
    return {key: float(np.mean([part[key] for part in parts])) for key in ("auc", "pAuc", "aAuc")}


def harmonic(parts):
    return float(hmean([part[key] for key in ("auc", "pAuc") for part in parts]))


def summary_case(generator):
    rows = []
    sizes = {("fan", "00"): (30, 20, 0.4), ("fan", "02"): (25, 31, 1.5), ("fan", "04"): (18, 22, 0.9)}
    sizes |= {("ToyCar", "01"): (20, 20, 0.1), ("ToyCar", "02"): (15, 40, 2.0)}
    for (machine_type, machine_id), (n_normal, n_anomalous, shift) in sizes.items():
        offset = 3 * int(machine_id)  # unlike score ranges: pooled figures differ from averages
        for label, score in zip(*draw(generator, n_normal, n_anomalous, shift, 1)):
            row = {"machineType": machine_type, "machineId": machine_id}
            rows.append({**row, "label": int(label), "anomalyScore": float(score) + offset})
    rows = [rows[i] for i in generator.permutation(len(rows))]
    per_id = {key: figures([r for r in rows if (r["machineType"], r["machineId"]) == key]) for key in sizes}
    per_type = {}
    for machine_type in ("fan", "ToyCar"):
        ids = [value for key, value in per_id.items() if key[0] == machine_type]
        per_type[machine_type] = {
            **average(ids),
            "mAuc": min(value["auc"] for value in ids),
            "hAuc": harmonic(ids),
            "pooled": figures([r for r in rows if r["machineType"] == machine_type]),
        }
    types = list(per_type.values())
    overall = {
        **average(types),
        "mAuc": float(np.mean([value["mAuc"] for value in types])),
        "hAuc": harmonic(per_id.values()),
        "pooled": figures(rows),
    }
    return {
        "maxFpr": MAX_FPR,
        "results": rows,
        "perId": {"/".join(key): value for key, value in per_id.items()},
        "perType": per_type,
        "overall": overall,
    }


def auc_of(normal, anomalous):
    labels = np.r_[np.zeros(len(normal)), np.ones(len(anomalous))]
    return roc_auc_score(labels, np.r_[normal, anomalous])


def bootstrap_case(generator):
    """SciPy's intervals, and the indices that it drew, so that the test can draw the same ones."""
    labels, scores = draw(generator, 14, 11, 1.2, 1)
    normal, anomalous = scores[labels == 0], scores[labels == 1]
    n_resamples = 120
    settings = dict(n_resamples=n_resamples, vectorized=False, confidence_level=0.9)
    intervals = {}
    for method in ("percentile", "bca"):
        result = bootstrap((normal, anomalous), auc_of, method=method, rng=np.random.default_rng(7), **settings)
        intervals[method] = [result.confidence_interval.low, result.confidence_interval.high]
    rng = np.random.default_rng(7)
    indices = [rng.integers(0, len(x), (n_resamples, len(x)), endpoint=False) for x in (normal, anomalous)]
    replayed = [auc_of(normal[i], anomalous[j]) for i, j in zip(*indices)]
    np.testing.assert_allclose(replayed, result.bootstrap_distribution, rtol=1e-12)
    return {
        "labels": labels.tolist(),
        "scores": scores.tolist(),
        "confidence": 0.9,
        "nResamples": n_resamples,
        "estimate": auc_of(normal, anomalous),
        "normalIndices": indices[0].tolist(),
        "anomalousIndices": indices[1].tolist(),
        "intervals": intervals,
    }


if __name__ == "__main__":
    generator = np.random.default_rng(SEED)
    x = np.linspace(-9, 9, 73)
    golden = {
        "generator": "tools/reference/evaluation.py",
        "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "seed": SEED,
        "tolerance": {"rtol": 1e-12, "atol": 1e-12},
        "maxFprs": MAX_FPRS,
        "roc": roc_cases(generator),
        "summary": summary_case(generator),
        "bootstrap": bootstrap_case(generator),
        "normalCdf": {"x": x.tolist(), "expected": norm.cdf(x).tolist()},
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden) + "\n")
    print(f"wrote {OUT} ({OUT.stat().st_size / 1024:.0f} KB)")
