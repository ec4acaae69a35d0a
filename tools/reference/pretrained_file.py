"""What timm makes of a weights file of tf_efficientnet_b0: witness of the import of pretrained weights.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/pretrained_file.py
Writes packages/efficientnet-extractor/test/golden/pretrained.json.

timm saves an RGB model whose weights come from formula_values.py (20 MB, not kept: the golden file holds the
safetensors header and the file's SHA-256, and the tests rebuild the same bytes by the same formula). timm then loads
that file as its own pretrained weights with in_chans=1, where it adapts the stem itself. Of that model: the pooled
features of the last 1x1 convolution, and the checksum of all tensors in our layout.
"""

import hashlib
import json
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import timm
import torch
from timm.models import save_for_hf

from efficientnet import summary
from formula_values import formula_values
from serial_oe_extractor import fill_by_formula, to_ours

MODEL = "tf_efficientnet_b0"
INPUT_SHAPE = (3, 64, 32)  # batch, mels, frames
OUTPUT = Path("packages/efficientnet-extractor/test/golden/pretrained.json")


def header_of(file):
    length = int.from_bytes(file[:8], "little")
    return file[8 : 8 + length].decode()


def checksums(model):
    """A line a tensor in the order of the forward pass, and the SHA-256 of all lines."""
    lines = []
    for name, tensor in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        ours = np.ascontiguousarray(to_ours(name, tensor).numpy().astype("<f4"))
        shape = ", ".join(str(size) for size in ours.shape)
        lines.append(f"{hashlib.sha256(ours.tobytes()).hexdigest()}  {name} [{shape}]\n")
    return lines, hashlib.sha256("".join(lines).encode()).hexdigest()


def main():
    torch.manual_seed(0)
    values = formula_values("input", int(np.prod(INPUT_SHAPE))).astype(np.float32)
    x = torch.from_numpy(values).reshape(INPUT_SHAPE[0], 1, *INPUT_SHAPE[1:])
    rgb = fill_by_formula(timm.create_model(MODEL, pretrained=False)).eval()
    with tempfile.TemporaryDirectory() as folder:
        save_for_hf(rgb, folder, safe_serialization=True)
        path = Path(folder) / "model.safetensors"
        file = path.read_bytes()
        overlay = {"file": str(path)}
        model = timm.create_model(MODEL, pretrained=True, pretrained_cfg_overlay=overlay, in_chans=1, num_classes=0)
    with torch.no_grad():
        features = model.eval()(x)
        rgb.reset_classifier(0)
        of_rgb = rgb(x.repeat(1, 3, 1, 1))
    torch.testing.assert_close(of_rgb, features, rtol=1e-4, atol=1e-5)  # the same input in each channel
    lines, checksum = checksums(model)
    golden = {
        "generator": "tools/reference/pretrained_file.py",
        "versions": {name: version(name) for name in ("timm", "torch", "safetensors", "numpy")},
        "model": f"{MODEL}, saved with 3 input channels by timm's save_for_hf, loaded by timm with in_chans=1",
        "seed": "none: weights and inputs by tools/reference/formula_values.py",
        "tolerance": {"features": {"rtol": 1e-3, "atol": 1e-4}, "checksum": "exact"},
        "header": header_of(file),
        "fileBytes": len(file),
        "fileSha256": hashlib.sha256(file).hexdigest(),
        "nTensors": len(lines),
        "nValues": sum(t.numel() for name, t in model.state_dict().items() if not name.endswith("num_batches_tracked")),
        "checksum": checksum,
        "inputShape": [*INPUT_SHAPE, 1],
        "features": summary(features),
    }
    OUTPUT.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
