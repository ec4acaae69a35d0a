"""One update in PyTorch: forward, loss, backward, AdamW. Counterpart of bench/ours/train-step.mjs."""

import torch
from torch.nn import functional

from inputs import read_float32, read_json, read_safetensors
from network import SerialOeNetwork, load_weights
from serving import serve

ALPHA = 10.0
setup = read_json("train.json")
batch, n_ids = setup["batchSize"], setup["nMachineIds"]
x = torch.from_numpy(read_float32("spectrograms.f32")).reshape(batch, 1, setup["nMels"], setup["nFrames"])
y = torch.tensor(setup["y"], dtype=torch.float32)
targets = torch.tensor(setup["targets"], dtype=torch.float32).reshape(batch, n_ids)
is_normal = y > 0

network = SerialOeNetwork(n_ids)
load_weights(network, read_safetensors("train.safetensors"))
network.train()
optimizer = torch.optim.AdamW(network.parameters(), lr=setup["learningRate"], weight_decay=0.0)


def run():
    """The loss before the update."""
    type_logits, id_logits = network(x)
    type_loss = functional.binary_cross_entropy_with_logits(type_logits, y)
    id_loss = functional.binary_cross_entropy_with_logits(id_logits[is_normal], targets[is_normal])
    loss = type_loss + ALPHA * id_loss
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.item()


serve(check=run(), run=run, warm_up=1)
