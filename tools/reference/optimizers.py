"""Golden values for packages/optimizers: torch.optim.AdamW and torch.optim.lr_scheduler.OneCycleLR.

    pip install -r tools/reference/requirements.txt
    python tools/reference/optimizers.py

Parameters and gradients come from formulas that the test repeats; the arithmetic here is float64.
"""

import json
import math
from pathlib import Path

import torch

OUT = Path(__file__).resolve().parents[2] / "packages" / "optimizers" / "test" / "golden" / "optimizers.json"
SHAPES = {"kernel": [3, 4], "bias": [5], "scale": [1], "filter": [2, 2, 1, 3]}
N_STEPS = 30
KEPT_STEPS = [1, 2, 3, 10, 20, 30]


def initial(variable, size):
    """Parameter values: sin(0.7 i + variable) + 0.3 cos(1.3 i)."""
    return [math.sin(0.7 * i + variable) + 0.3 * math.cos(1.3 * i) for i in range(size)]


def gradient(variable, size, step):
    """Gradient at a step (from 1): size 10^-variable, sign and size change with element and step."""
    return [
        10.0**-variable * (math.sin(0.9 * i + 0.37 * step + variable) + 0.2 * math.cos(2.1 * step - i))
        for i in range(size)
    ]


def run(case):
    adamw = dict(case["adamw"])
    parameters = {
        name: torch.tensor(initial(k, math.prod(shape)), dtype=torch.float64).reshape(shape).requires_grad_()
        for k, (name, shape) in enumerate(SHAPES.items())
    }
    optimizer = torch.optim.AdamW(
        parameters.values(),
        lr=adamw["learningRate"],
        betas=(adamw["beta1"], adamw["beta2"]),
        eps=adamw["epsilon"],
        weight_decay=adamw["weightDecay"],
        foreach=False,
    )
    schedule = one_cycle(optimizer, case["schedule"]) if case["schedule"] else None
    learning_rates, beta1s, kept = [], [], {}
    for step in range(1, N_STEPS + 1):
        learning_rates.append(optimizer.param_groups[0]["lr"])
        beta1s.append(optimizer.param_groups[0]["betas"][0])
        for k, (name, parameter) in enumerate(parameters.items()):
            is_skipped = name == case["skipped"] and step % 3 == 0
            values = torch.tensor(gradient(k, parameter.numel(), step), dtype=torch.float64)
            parameter.grad = None if is_skipped else values.reshape(parameter.shape)
        optimizer.step()
        if schedule:
            schedule.step()
        if step in KEPT_STEPS:
            kept[str(step)] = {name: p.detach().flatten().tolist() for name, p in parameters.items()}
    state = {
        name: {
            "step": int(optimizer.state[p]["step"]),
            "m": optimizer.state[p]["exp_avg"].flatten().tolist(),
            "v": optimizer.state[p]["exp_avg_sq"].flatten().tolist(),
        }
        for name, p in parameters.items()
    }
    return {**case, "learningRates": learning_rates, "beta1s": beta1s, "parameters": kept, "state": state}


def one_cycle(optimizer, options):
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=options["maxLearningRate"],
        total_steps=options["totalSteps"],
        pct_start=options.get("pctStart", 0.3),
        anneal_strategy=options.get("annealStrategy", "cos"),
        div_factor=options.get("divFactor", 25.0),
        final_div_factor=options.get("finalDivFactor", 1e4),
        cycle_momentum=options.get("cycleMomentum", True),
        base_momentum=options.get("baseMomentum", 0.85),
        max_momentum=options.get("maxMomentum", 0.95),
    )


def schedule_only(options):
    """Learning rate and beta1 after 0, 1, ... totalSteps steps."""
    optimizer = torch.optim.AdamW([torch.zeros(1, requires_grad=True)], lr=0.1, betas=(0.9, 0.999))
    schedule = one_cycle(optimizer, options)
    learning_rates, beta1s = [], []
    for step in range(options["totalSteps"] + 1):
        if step:
            optimizer.step()
            schedule.step()
        learning_rates.append(optimizer.param_groups[0]["lr"])
        beta1s.append(optimizer.param_groups[0]["betas"][0])
    return {"options": options, "learningRates": learning_rates, "beta1s": beta1s}


def stopped_schedule(options, n_steps):
    """Learning rate and beta1 of the last update of a training that ends before its schedule does."""
    optimizer = torch.optim.AdamW([torch.zeros(1, requires_grad=True)], lr=0.1, betas=(0.9, 0.999))
    schedule = one_cycle(optimizer, options)
    for _ in range(n_steps - 1):
        optimizer.step()
        schedule.step()
    group = optimizer.param_groups[0]
    return {"options": options, "nSteps": n_steps, "learningRate": group["lr"], "beta1": group["betas"][0]}


DEFAULTS = {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01}
CYCLE = {"maxLearningRate": 0.05, "totalSteps": N_STEPS}
CASES = [
    {"name": "defaults", "adamw": DEFAULTS, "schedule": None, "skipped": None},
    {
        "name": "no weight decay, one cycle with beta1",
        "adamw": {**DEFAULTS, "weightDecay": 0.0},
        "schedule": CYCLE,
        "skipped": None,
    },
    {
        "name": "weight decay, one cycle with beta1",
        "adamw": {**DEFAULTS, "weightDecay": 0.3},
        "schedule": CYCLE,
        "skipped": None,
    },
    {
        "name": "linear cycle without beta1, every option off its default, a variable without some gradients",
        "adamw": {"learningRate": 0.02, "beta1": 0.7, "beta2": 0.95, "epsilon": 1e-3, "weightDecay": 0.1},
        "schedule": {
            "maxLearningRate": 0.02,
            "totalSteps": 40,
            "pctStart": 0.45,
            "annealStrategy": "linear",
            "divFactor": 4,
            "finalDivFactor": 50,
            "cycleMomentum": False,
        },
        "skipped": "bias",
    },
]
SCHEDULES = [
    {"maxLearningRate": 1e-3, "totalSteps": 100},
    {"maxLearningRate": 1e-3, "totalSteps": 7},
    {"maxLearningRate": 0.5, "totalSteps": 11, "pctStart": 0.5, "baseMomentum": 0.5, "maxMomentum": 0.99},
    {"maxLearningRate": 2.0, "totalSteps": 25, "pctStart": 0.25, "annealStrategy": "linear", "divFactor": 3},
    {"maxLearningRate": 2.0, "totalSteps": 25, "pctStart": 0.8, "finalDivFactor": 7, "cycleMomentum": False},
    {"maxLearningRate": 1.0, "totalSteps": 9, "pctStart": 0.0},
    {"maxLearningRate": 1.0, "totalSteps": 2, "pctStart": 0.3},
]

# Serial-OE's published training of 5,000 clips: 40 updates an epoch, of a schedule made for 5,000 // 64 + 1 = 79.
STOPPED = [({"maxLearningRate": 1e-3, "totalSteps": 7900}, 4000)]

if __name__ == "__main__":
    golden = {
        "generator": "tools/reference/optimizers.py",
        "versions": {"torch": torch.__version__.split("+")[0]},
        "seed": None,
        "tolerance": {"rtol": 1e-5, "atol": 1e-7},
        "scheduleTolerance": {"rtol": 1e-12, "atol": 1e-15},
        "shapes": SHAPES,
        "nSteps": N_STEPS,
        "cases": [run(case) for case in CASES],
        "schedules": [schedule_only(options) for options in SCHEDULES],
        "stopped": [stopped_schedule(options, n_steps) for options, n_steps in STOPPED],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(golden) + "\n")
    print(f"wrote {OUT} ({OUT.stat().st_size / 1024:.0f} KB)")
