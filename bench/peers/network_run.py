"""The networks of bench/ours/network.mjs in PyTorch: those of tools/reference, with our weights."""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "tools" / "reference"))

from inputs import read_float32, read_json, read_safetensors
from network_autoencoder import Autoencoder
from network_mobilenetv2 import MobileNetV2
from network_parity import to_ours
from network_resnet import ResnetTwoHeads
from network_scadacos import Scadacos
from network_stgram import Stgram
from network_wavenet import WaveNetPair
from serving import serve

CREATE = {
    "stgram": lambda: Stgram("head", 160_000, 128),
    "tastgram": lambda: Stgram("head", 160_000, 128, has_attention=True),
    "scadacos": lambda: Scadacos(4),
    "wavenet": lambda: WaveNetPair(160_000, 128),
    "mobilenet": lambda: MobileNetV2(41),
    "resnet": lambda: ResnetTwoHeads(),
    "autoencoder": lambda: Autoencoder(640, 128, 8),
}
name, kind = sys.argv[2:4]
setup = read_json(f"{name}.json")
network = CREATE[name]()
weights = read_safetensors(f"{name}.safetensors")
with torch.no_grad():
    for key, tensor in network.state_dict().items():
        if key.endswith("num_batches_tracked"):
            continue
        ours = torch.from_numpy(weights[key])
        if "conv_blocks" in key:
            tensor.copy_(ours.reshape(-1, tensor.shape[0]).t()[:, None])
        else:
            to_ours(key, tensor).copy_(ours)  # a view in our layout of PyTorch's memory

n_samples = setup["batchSize"] if kind == "step" else setup["nScored"]
inputs = []
for entry in setup["inputs"]:
    samples = torch.from_numpy(read_float32(entry["file"])).reshape(-1, *entry["shape"])
    inputs.append(samples[:n_samples].clone())


def score():
    with torch.no_grad():
        return network(*inputs).sum().item()


def create_step():
    factors = torch.from_numpy(read_float32(f"{name}-probe.f32")).reshape(n_samples, -1)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=0.0)

    def step():
        """The loss before the update."""
        loss = (network(*inputs) * factors).sum()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


network.train(kind == "step")
run = create_step() if kind == "step" else score
serve(check=run(), run=run, warm_up=1)
