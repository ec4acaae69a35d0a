"""Golden values for packages/onnx: files of exportOnnx, checked by onnx and run by its reference implementation (NumPy).

    pip install -r tools/reference/requirements.txt
    npx tsx packages/onnx/test/write-golden-files.ts FOLDER
    python tools/reference/onnx_file.py FOLDER

FOLDER then holds float32.onnx, float16.onnx and features.json, which the test writes again and compares by checksum.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

OUT = Path(__file__).resolve().parents[2] / "packages" / "onnx" / "test" / "golden" / "onnx.json"
folder = Path(sys.argv[1])
features = json.loads((folder / "features.json").read_text())
x = np.array(features["data"], dtype=np.float32).reshape(features["shape"])

cases = {}
for weights in ("float32", "float16"):
    content = (folder / f"{weights}.onnx").read_bytes()
    model = onnx.load_from_string(content)
    onnx.checker.check_model(model, full_check=True)
    (embedding,) = ReferenceEvaluator(model).run(None, {"features": x})
    cases[weights] = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "metadata": {entry.key: entry.value for entry in model.metadata_props},
        "opset": model.opset_import[0].version,
        "embedding": embedding.astype(float).flatten().tolist(),
    }

golden = {
    "generator": "tools/reference/onnx_file.py",
    "versions": {"onnx": onnx.__version__, "numpy": np.__version__},
    "seed": 1,
    "tolerance": {"rtol": 1e-5, "atol": 1e-6},
    "cases": cases,
}
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(golden) + "\n")
