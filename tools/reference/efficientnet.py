"""Golden outputs of EfficientNet-B0 (timm's tf_efficientnet_b0, one input channel), neck and heads.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/efficientnet.py
Writes packages/efficientnet-extractor/test/golden/efficientnet.json. All weights and inputs come from
formula_values.py; the file holds outputs alone: of each depth its shape, mean, mean of squares and some values.
"""

import json
from pathlib import Path

import numpy as np
import timm
import torch

from formula_values import formula_values
from serial_oe_extractor import SerialOeExtractor, fill_by_formula, our_name, to_ours

N_MACHINE_IDS = 5
N_SAMPLED = 24
CASES = {"small": (4, 64, 32), "odd": (3, 63, 47), "full": (4, 224, 126)}
GRADIENTS_OF = [
    "conv_stem.weight", "bn1.weight", "bn1.bias",
    "blocks.0.0.conv_dw.weight", "blocks.0.0.se.conv_reduce.weight", "blocks.0.0.se.conv_expand.bias",
    "blocks.1.0.conv_pw.weight", "blocks.1.0.conv_dw.weight", "blocks.1.0.bn2.weight", "blocks.1.1.conv_pwl.weight",
    "blocks.2.0.conv_dw.weight", "blocks.2.1.conv_dw.weight", "blocks.3.2.se.conv_expand.weight",
    "blocks.4.1.bn1.bias", "blocks.5.0.conv_dw.weight", "blocks.6.0.conv_pwl.weight", "conv_head.weight",
    "bn2.weight", "neck.linear1.weight", "neck.bn.weight", "neck.bn.bias", "neck.prelu.weight",
    "neck.linear2.weight", "neck.linear2.bias", "type_head.weight", "type_head.bias", "id_head.weight",
]  # fmt: skip
STATISTICS_OF = ["bn1", "blocks.1.0.bn2", "blocks.3.1.bn3", "blocks.6.0.bn1", "bn2", "neck.bn"]
OUTPUT_DIR = Path("packages/efficientnet-extractor/test/golden")


def rounded(values):
    return [float(f"{v:.8g}") for v in np.asarray(values, dtype=np.float64).ravel()]


def summary(tensor):
    flat = tensor.detach().double().contiguous().reshape(-1).numpy()
    indices = np.unique(np.linspace(0, flat.size - 1, N_SAMPLED).astype(int))
    return {
        "shape": list(tensor.shape),
        "mean": float(f"{flat.mean():.8g}"),
        "meanSquare": float(f"{(flat * flat).mean():.8g}"),
        "maxAbs": float(f"{np.abs(flat).max():.8g}"),
        "indices": indices.tolist(),
        "values": rounded(flat[indices]),
    }


def probe(outputs):
    """A scalar that depends on every head: sum of embedding, type logits and ID logits times formula numbers."""
    total = 0
    for name in ("embedding", "typeLogits", "idLogits"):
        weights = formula_values(f"probe.{name}", outputs[name].numel()).astype(np.float32)
        total = total + (outputs[name] * torch.from_numpy(weights).reshape(outputs[name].shape)).sum()
    return total


def run_case(batch, n_mels, n_frames):
    values = formula_values("input", batch * n_mels * n_frames).astype(np.float32)
    x = torch.from_numpy(values).reshape(batch, 1, n_mels, n_frames)
    model = fill_by_formula(SerialOeExtractor(N_MACHINE_IDS))
    with torch.no_grad():
        evaluation = {k: summary(v) for k, v in model.eval()(x).items()}
    outputs = model.train()(x)
    probe(outputs).backward()
    parameters = {our_name(k): v for k, v in model.named_parameters()}
    state = {our_name(k): v for k, v in model.state_dict().items()}
    statistics = {
        f"{name}.{which}": summary(state[f"{name}.{which}"])
        for name in STATISTICS_OF
        for which in ("running_mean", "running_var")
    }
    return {
        "inputShape": [batch, n_mels, n_frames, 1],
        "evaluation": evaluation,
        "training": {k: summary(v) for k, v in outputs.items()},
        "runningStatistics": statistics,
        "gradients": {name: summary(to_ours(name, parameters[name].grad)) for name in GRADIENTS_OF},
    }


def main():
    torch.manual_seed(0)
    golden = {
        "generator": "tools/reference/efficientnet.py",
        "versions": {"torch": torch.__version__, "timm": timm.__version__, "numpy": np.__version__},
        "model": "tf_efficientnet_b0, in_chans=1; neck and heads of tools/reference/serial_oe_extractor.py",
        "seed": "none: weights and inputs by tools/reference/formula_values.py",
        "tolerance": {"outputs": {"rtol": 1e-3, "atol": 1e-4}, "gradients": "1e-3 of each tensor's largest value"},
        "nMachineIds": N_MACHINE_IDS,
        "cases": {name: run_case(*shape) for name, shape in CASES.items()},
    }
    OUTPUT_DIR.mkdir(parents=True, exist_ok=True)
    (OUTPUT_DIR / "efficientnet.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
