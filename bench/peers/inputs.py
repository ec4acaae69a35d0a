"""Reads what bench/ours/write-inputs.mjs wrote. The folder is the first argument of every contender."""

import json
import sys
from pathlib import Path

import numpy as np

FOLDER = Path(sys.argv[1])


def read_float32(name):
    return np.fromfile(FOLDER / name, dtype="<f4")


def read_float64(name):
    return np.fromfile(FOLDER / name, dtype="<f8")


def read_json(name):
    return json.loads((FOLDER / name).read_text())


DTYPES = {"F32": "<f4", "F64": "<f8"}


def read_safetensors(name):
    """name -> array."""
    content = (FOLDER / name).read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    return {
        key: np.frombuffer(
            content[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]], DTYPES[entry["dtype"]]
        )
        .reshape(entry["shape"])
        .copy()
        for key, entry in header.items()
        if key != "__metadata__"
    }
