"""Golden values for packages/evaluation: the official figure of DCASE Task 2 with domains, by scikit-learn and SciPy.

    pip install -r tools/reference/requirements.txt
    python tools/reference/domains.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.stats import hmean
from sklearn.metrics import roc_auc_score

OUT = Path(__file__).resolve().parents[2] / "packages" / "evaluation" / "test" / "golden" / "domains.json"
SEED = 20220601
MAX_FPR = 0.1


def auc(rows, max_fpr=None):
    return roc_auc_score([row["label"] for row in rows], [row["anomalyScore"] for row in rows], max_fpr=max_fpr)


def of_2021(section):
    by_domain = {d: [row for row in section if row["domain"] == d] for d in ("source", "target")}
    return [auc(by_domain["source"]), auc(by_domain["target"])] + [auc(by_domain[d], MAX_FPR) for d in by_domain]


def of_2022(section):
    anomalies = [row for row in section if row["label"] == 1]
    normals = {d: [row for row in section if row["label"] == 0 and row["domain"] == d] for d in ("source", "target")}
    return [auc(normals["source"] + anomalies), auc(normals["target"] + anomalies), auc(section, MAX_FPR)]


def main():
    generator = np.random.default_rng(SEED)
    sections = [("bearing", "00"), ("bearing", "01"), ("valve", "00")]
    rows = []
    for machine_type, machine_id in sections:
        for domain, n_normal, n_anomalous, shift in (("source", 25, 20, 1.4), ("target", 12, 15, 0.5)):
            labels = np.r_[np.zeros(n_normal, int), np.ones(n_anomalous, int)]
            scores = np.round(generator.normal(shift * labels + 0.6 * (domain == "target"), 1), 2)
            place = {"machineType": machine_type, "machineId": machine_id, "domain": domain}
            rows += [{**place, "label": int(y), "anomalyScore": float(s)} for y, s in zip(labels, scores)]
    rows = [rows[i] for i in generator.permutation(len(rows))]
    editions = {}
    for edition, figures in ((2021, of_2021), (2022, of_2022)):
        of = {
            s: figures([row for row in rows if (row["machineType"], row["machineId"]) == s]) for s in sections
        }
        types = {s[0] for s in sections}
        editions[edition] = {
            "sections": {"/".join(s): values for s, values in of.items()},
            "perType": {t: hmean([v for s in sections if s[0] == t for v in of[s]]) for t in sorted(types)},
            "officialScore": hmean([v for values in of.values() for v in values]),
        }
    golden = {
        "generator": "tools/reference/domains.py",
        "versions": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
        "seed": SEED,
        "tolerance": "rtol 1e-9",
        "maxFpr": MAX_FPR,
        "results": rows,
        "editions": editions,
    }
    OUT.write_text(json.dumps(golden, indent=1) + "\n")


main()
