"""Golden values for CosineAnnealingLR of packages/optimizers: torch.optim.lr_scheduler.CosineAnnealingLR.

    pip install -r tools/reference/requirements.txt
    python tools/reference/cosine_annealing.py
"""

import json
from pathlib import Path

import torch

OUT = Path(__file__).resolve().parents[2] / "packages" / "optimizers" / "test" / "golden" / "cosine-annealing.json"
CASES = [
    {"learningRate": 1e-4, "tMax": 30, "etaMin": 1e-5, "startEpoch": 0, "stepsPerEpoch": 1},
    {"learningRate": 1e-4, "tMax": 30, "etaMin": 1e-5, "startEpoch": 20, "stepsPerEpoch": 3},
    {"learningRate": 1e-4, "tMax": 7, "etaMin": 0.0, "startEpoch": 2, "stepsPerEpoch": 2},
]
N_EPOCHS = 40


def rates(options):
    """The rate of each update of a training that steps the schedule at the end of an epoch, from epoch startEpoch on."""
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=options["learningRate"])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, options["tMax"], options["etaMin"])
    used = []
    for epoch in range(N_EPOCHS):
        for _ in range(options["stepsPerEpoch"]):
            used.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
        if epoch >= options["startEpoch"]:
            schedule.step()
    return used


OUT.write_text(
    json.dumps(
        {
            "generator": "tools/reference/cosine_annealing.py",
            "versions": {"torch": torch.__version__.split("+")[0]},
            "seed": None,
            "tolerance": {"rtol": 1e-9, "atol": 1e-15},
            "cases": [{"options": case, "learningRates": rates(case)} for case in CASES],
        }
    )
    + "\n"
)
