"""A small safetensors file of every dtype that the reader knows, written by the safetensors library.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/safetensors_file.py
Writes packages/safetensors/test/golden/safetensors.json: the file as base64 and its values.
"""

import base64
import json
from importlib.metadata import version
from pathlib import Path

import torch
from safetensors.torch import save

OUTPUT = Path("packages/safetensors/test/golden/safetensors.json")
# Zero, subnormal halves, the largest half, and numbers that round differently in each dtype.
FLOATS = [0.0, -0.0, 1.0, -1.5, 0.1, 3.14159265358979, 6.0e-8, -6.1e-5, 65504.0, 1.0e-30, -12345.678]
DTYPES = {"f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}


def main():
    tensors = {name: torch.tensor(FLOATS, dtype=torch.float64).to(dtype) for name, dtype in DTYPES.items()}
    tensors["i64"] = torch.tensor([[1, -2, 3], [4, 5, 1 << 20]], dtype=torch.int64)
    tensors["i32"] = torch.tensor([7, -8], dtype=torch.int32)
    tensors["i16"] = torch.tensor([-300], dtype=torch.int16)
    tensors["i8"] = torch.tensor([-3, 4], dtype=torch.int8)
    tensors["u8"] = torch.tensor([250], dtype=torch.uint8)
    tensors["bool"] = torch.tensor([True, False, True])
    tensors["scalar"] = torch.tensor(12, dtype=torch.int64)
    tensors["empty"] = torch.zeros((0, 3))
    metadata = {"format": "pt", "note": "äöü"}
    golden = {
        "generator": "tools/reference/safetensors_file.py",
        "versions": {"safetensors": version("safetensors"), "torch": torch.__version__},
        "seed": "none",
        "tolerance": "exact in float32",
        "base64": base64.b64encode(save(tensors, metadata)).decode(),
        "metadata": metadata,
        "tensors": {
            name: {"shape": list(t.shape), "values": t.to(torch.float32).reshape(-1).tolist()}
            for name, t in tensors.items()
        },
    }
    OUTPUT.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
