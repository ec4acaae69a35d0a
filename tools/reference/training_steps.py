"""Ten training steps of Serial-OE in PyTorch: losses of each step and embeddings after the last.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/training_steps.py
Writes packages/serial-oe/test/golden/training-steps.json. Weights, spectrograms and Mixup-like targets come from
formula_values.py, so that the file holds results alone. Dropout is off. The run is made in float64 and in float32;
the difference between the two (kept in the file) is the noise that any float32 implementation may show.
"""

import copy
import json
from pathlib import Path

import numpy as np
import timm
import torch
from torch.nn import functional

from formula_values import formula_values
from serial_oe_extractor import SerialOeExtractor, fill_by_formula

N_STEPS = 10
BATCH, N_MELS, N_FRAMES = 8, 64, 32
N_MACHINE_IDS = 5
ALPHA = 10.0
MAX_LR = 1e-3
OUTPUT = Path("packages/serial-oe/test/golden/training-steps.json")


def spectrograms(step):
    values = formula_values(f"spectrograms.{step}", BATCH * N_MELS * N_FRAMES)
    return torch.from_numpy(values.astype(np.float32)).reshape(BATCH, 1, N_MELS, N_FRAMES)


def soft_targets(step):
    """y [batch] and t' [batch, ids] as Mixup makes them: sample i and a partner, each normal or not, each of an ID."""
    mix = (formula_values(f"lambda.{step}", BATCH).astype(np.float32) + 1) / 2
    y = np.zeros(BATCH, dtype=np.float32)
    t = np.zeros((BATCH, N_MACHINE_IDS), dtype=np.float32)
    for i, weight in enumerate(mix):
        for sample, share in ((i, weight), ((i + 3) % BATCH, np.float32(1) - weight)):
            is_normal = sample % 2 == 0
            if is_normal:
                y[i] += share
                t[i, (sample // 2 + step) % N_MACHINE_IDS] += share
    return torch.from_numpy(y), torch.from_numpy(t)


def losses(outputs, y, t):
    type_loss = functional.binary_cross_entropy_with_logits(outputs["typeLogits"], y)
    id_loss = functional.binary_cross_entropy_with_logits(outputs["idLogits"], t)
    return type_loss, id_loss, type_loss + ALPHA * id_loss


def train(model, dtype):
    model = copy.deepcopy(model).to(dtype).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=MAX_LR, total_steps=N_STEPS, pct_start=0.3, anneal_strategy="cos",
        div_factor=25.0, final_div_factor=1e4, cycle_momentum=True, base_momentum=0.85, max_momentum=0.95,
    )  # fmt: skip
    history = {"typeLoss": [], "idLoss": [], "loss": []}
    for step in range(N_STEPS):
        y, t = (v.to(dtype) for v in soft_targets(step))
        parts = losses(model(spectrograms(step).to(dtype)), y, t)
        for values, part in zip(history.values(), parts):
            values.append(part.item())
        optimizer.zero_grad()
        parts[2].backward()
        optimizer.step()
        if step < N_STEPS - 1:
            schedule.step()
    probe = spectrograms(N_STEPS).to(dtype)
    with torch.no_grad():
        evaluation = model.eval()(probe)["embedding"]
        training = model.train()(probe)["embedding"]
    return history, {"evaluation": evaluation.double().numpy(), "training": training.double().numpy()}


def rounded(values):
    return [float(f"{v:.8g}") for v in np.asarray(values, dtype=np.float64).ravel()]


def main():
    model = fill_by_formula(SerialOeExtractor(N_MACHINE_IDS))
    history, embeddings = train(model, torch.float64)
    history32, embeddings32 = train(model, torch.float32)
    noise = {k: float(np.max(np.abs(np.divide(history32[k], history[k]) - 1))) for k in history}
    for mode, values in embeddings.items():
        noise[f"{mode}Embedding"] = float(np.max(np.abs(embeddings32[mode] - values)) / np.max(np.abs(values)))
    golden = {
        "generator": "tools/reference/training_steps.py",
        "versions": {"torch": torch.__version__, "timm": timm.__version__, "numpy": np.__version__},
        "seed": "none: weights, inputs and targets by tools/reference/formula_values.py",
        "tolerance": {"losses": {"rtol": 1e-3}, "embeddings": {"rtol": 1e-2, "of": "largest value"}},
        "parameters": {
            "nSteps": N_STEPS, "inputShape": [BATCH, N_MELS, N_FRAMES, 1], "nMachineIds": N_MACHINE_IDS,
            "alpha": ALPHA, "maxLearningRate": MAX_LR,
        },
        "float32Noise": noise,
        "losses": {k: rounded(v) for k, v in history.items()},
        "embeddings": {k: {"shape": list(v.shape), "values": rounded(v)} for k, v in embeddings.items()},
    }  # fmt: skip
    print(json.dumps({"losses": golden["losses"], "float32Noise": noise}, indent=1))
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
