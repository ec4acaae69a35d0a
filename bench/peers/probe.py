"""Prints, as one line of JSON, the version of each tool that this Python can import (null where it cannot)."""

import importlib
import json
import shutil
import subprocess


def version(module):
    try:
        return importlib.import_module(module).__version__.split("+")[0]
    except Exception:  # a tool that breaks while it is imported is not there either
        return None


def debian_torch():
    """Debian's PyTorch calls itself 1.13.0a0; the package knows better. Returns (version, distribution)."""
    import torch

    if "dist-packages" not in torch.__file__ or not shutil.which("dpkg-query"):
        return None
    query = ["dpkg-query", "-W", "-f=${source:Upstream-Version}", "python3-torch"]
    answer = subprocess.run(query, capture_output=True, text=True)
    if answer.returncode != 0:
        return None
    with open("/etc/os-release") as file:
        names = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    return answer.stdout.split("+")[0], names["NAME"].strip('"').split()[0]


versions = {module: version(module) for module in ("torch", "torchaudio", "librosa", "sklearn", "numpy", "timm", "soundfile")}
if versions["torch"]:
    packaged = debian_torch()
    if packaged:
        versions["torch"], versions["distribution"] = packaged
print(json.dumps(versions))
