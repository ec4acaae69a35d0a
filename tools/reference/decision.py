"""Golden values for packages/decision: distributions, gamma and generalised Pareto fits, and thresholds for new sessions, by SciPy.

    pip install -r tools/reference/requirements.txt
    python tools/reference/decision.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
from scipy import special, stats
from scipy.optimize import brentq, minimize

OUT = Path(__file__).resolve().parents[2] / "packages" / "decision" / "test" / "golden" / "decision.json"
SEED = 20261129
UPPER = [0.5, 0.1, 0.01, 1 / 8640]


def distributions():
    gammas = [(a, x) for a in [0.5, 1, 2.5, 40, 9000] for x in [a * 0.02, a * 0.7, a, a * 1.1, a * 3 + 5]]
    betas = [(a, b, x) for a, b in [(0.5, 0.5), (1, 40), (3, 198), (2000, 8000.5), (12, 0.5)] for x in [1e-4, 0.01, 0.2, 0.5, 0.97]]
    quantiles = [(p, a, b) for a, b in [(1, 40), (6, 95), (96, 5), (1, 1), (501, 9500)] for p in [0.025, 0.5, 0.975]]
    students = [(t, n) for n in [1, 2, 4, 29] for t in [-3.0, 0.0, 0.4, 6.0, 300.0]]
    return {
        "logGamma": [[x, special.gammaln(x)] for x in [0.1, 0.5, 1.5, 3.0, 11.9, 12.0, 250.0, 1e6]],
        "digamma": [[x, special.digamma(x)] for x in [0.1, 0.5, 1.5, 3.0, 11.9, 12.0, 250.0, 1e6]],
        "gammaUpper": [[a, x, special.gammaincc(a, x)] for a, x in gammas],
        "gammaQuantile": [[a, u, stats.gamma.isf(u, a)] for a in [0.5, 1, 2.5, 40, 9000] for u in UPPER],
        "betaCdf": [[x, a, b, special.betainc(a, b, x)] for a, b, x in betas],
        "betaQuantile": [[p, a, b, stats.beta.ppf(p, a, b)] for p, a, b in quantiles],
        "normalUpper": [[z, stats.norm.sf(z)] for z in [-9.0, -1.0, 0.0, 0.3, 2.0, 8.0, 30.0]],
        "normalQuantile": [[u, stats.norm.isf(u)] for u in [0.999, 0.5, 0.1, 1e-6, 1e-100]],
        "studentTUpper": [[t, n, stats.t.sf(t, n)] for t, n in students],
    }


def polished(distribution, scores, start):
    """SciPy's simplex search stops early: it is started again where it stopped."""
    best = start
    for _ in range(8):
        best = minimize(lambda p: distribution.nnlf(p, scores), best, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 20000}).x
    return tuple(float(x) for x in best)


def gammas(generator):
    cases = []
    for shape, location, scale, n in [(3, -300, 12, 300), (8, 0, 0.5, 1000), (2.2, -5, 1, 60), (20, 40, 2, 2000)]:
        scores = (location + scale * generator.standard_gamma(shape, n)).round(6)
        a, loc, s = polished(stats.gamma, scores, stats.gamma.fit(scores))
        cases.append({
            "scores": scores.tolist(),
            "shape": a,
            "location": loc,
            "scale": s,
            "negativeLogLikelihood": stats.gamma.nnlf((a, loc, s), scores),
            "upper": UPPER,
            "thresholds": [stats.gamma.isf(u, a, loc, s) for u in UPPER],
        })
    return cases


def paretos(generator):
    cases = []
    for shape, scale, n in [(0.3, 2, 400), (-0.2, 0.1, 400), (0.02, 5, 100), (0.6, 1, 1000)]:
        excesses = stats.genpareto.rvs(shape, scale=scale, size=n, random_state=generator).round(8)
        fit = stats.genpareto.fit(excesses, floc=0)
        free = lambda p: stats.genpareto.nnlf((p[0], 0, p[1]), excesses)
        best = np.array([fit[0], fit[2]])
        for _ in range(8):
            best = minimize(free, best, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 20000}).x
        c, s = (float(x) for x in best)
        cases.append({"excesses": excesses.tolist(), "shape": c, "scale": s, "upper": UPPER, "quantiles": [stats.genpareto.isf(u, c, 0, s) for u in UPPER]})
    return cases


def session_threshold(scores, sessions, rate, n_levels=40_000):
    """The rate over a new session, integrated finely: Student's t of the means, order statistics of the residuals."""
    labels = sorted(set(sessions))
    means = np.array([scores[sessions == label].mean() for label in labels])
    residuals = np.sort(np.concatenate([scores[sessions == label] - scores[sessions == label].mean() for label in labels]))
    n = len(residuals)
    uppers = (np.arange(n_levels) + 0.5) / n_levels
    n_above = np.maximum(0, np.minimum(n, np.floor((n + 1) * uppers + 1e-9)).astype(int) - 1)
    values = residuals[n - 1 - n_above]
    scale = means.std(ddof=1) * np.sqrt(1 + 1 / len(means))
    excess = lambda x: stats.t.sf((x - means.mean() - values) / scale, len(means) - 1).mean() - rate
    return brentq(excess, -1e6, 1e6, xtol=1e-9)


def sessions(generator):
    cases = []
    for n_sessions, n_each, spread, rate in [(2, 20, 1, 0.1), (5, 12, 2, 0.05), (9, 30, 0.3, 0.01)]:
        labels = np.repeat(np.arange(n_sessions), n_each)
        scores = (generator.normal(0, spread, n_sessions)[labels] + generator.gumbel(0, 1, len(labels))).round(4)
        cases.append({"scores": scores.tolist(), "sessions": labels.tolist(), "rate": rate, "threshold": session_threshold(scores, labels, rate)})
    return cases


generator = np.random.default_rng(SEED)
golden = {
    "generator": "tools/reference/decision.py",
    "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
    "seed": SEED,
    "tolerance": {"distributions": 1e-10, "fits": 1e-4, "sessions": 5e-3},
    "distributions": distributions(),
    "gammas": gammas(generator),
    "paretos": paretos(generator),
    "sessions": sessions(generator),
}
OUT.write_text(json.dumps(golden, default=float) + "\n")
