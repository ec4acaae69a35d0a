"""What the scripts network_*.py share: a PyTorch network whose modules are named as ours, filled by formula_values.py, run
once in evaluation and one step in training, in float64; the golden file holds a few numbers of each result.

Every depth is seen twice: by the running statistics of each BatchNorm after a training pass, which are the means and variances
of the activations there, and by the gradient of each parameter."""

import json
from pathlib import Path

import numpy as np
import torch

from formula_values import formula_values, formula_weight

N_SAMPLED = 3
LEARNING_RATE = 1e-2
# Large beside the gradients' noise: Adam's first step would else be the sign of what may be noise.
EPSILON = 1e-2
WEIGHT_DECAY = 0.1
OUTPUT_DIR = Path("packages/baselines/test/golden")


def formula_input(name, shape, scale=1.0):
    values = formula_values(name, int(np.prod(shape))) * scale
    return torch.from_numpy(values.astype(np.float32).astype(np.float64)).reshape(shape)


def to_ours(name, tensor):
    """PyTorch's layout -> ours. Conv2d [out,in,h,w] -> [h,w,in,out], depthwise [c,1,h,w] -> [h,w,c,1], Conv1d as an image of
    height 1, Linear [out,in] -> [1,1,in,out]. A Conv1d of one input channel whose kernel is two strides long is one over two
    blocks of a stride: [out,1,2s] -> [1,2,s,out]."""
    is_depthwise = "conv_dw" in name
    if tensor.dim() == 4:
        return tensor.permute(2, 3, 0, 1) if is_depthwise else tensor.permute(2, 3, 1, 0)
    if tensor.dim() == 3:
        if is_depthwise:
            return tensor.permute(2, 0, 1)[None]
        ours = tensor.permute(2, 1, 0)[None]
        return ours.reshape(1, 2, -1, tensor.shape[0]) if "conv_blocks" in name else ours
    if tensor.dim() == 2:
        return tensor.t()[None, None]
    return tensor


def fill_by_formula(model):
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            # A view of the same memory in our layout, filled in place.
            ours = to_ours(name, tensor)
            values = torch.from_numpy(formula_weight(name, tuple(ours.shape)).astype(np.float64))
            if "conv_blocks" in name:
                tensor.copy_(values.reshape(-1, tensor.shape[0]).t()[:, None])
            else:
                ours.copy_(values)
    return model.double()


def number(value):
    return float(f"{float(value):.7g}")


def summary(tensor):
    flat = tensor.detach().double().contiguous().reshape(-1).numpy()
    indices = np.unique(np.linspace(0, flat.size - 1, min(N_SAMPLED, flat.size)).astype(int))
    return {
        "shape": list(tensor.shape),
        "norm": number(np.sqrt((flat * flat).sum())),
        "maxAbs": number(np.abs(flat).max()),
        "indices": indices.tolist(),
        "values": [number(v) for v in flat[indices]],
    }


def probe(output):
    """A scalar that depends on all outputs: their sum, weighted by formula numbers."""
    weights = torch.from_numpy(formula_values("probe", output.numel()).astype(np.float32).astype(np.float64))
    return (output.reshape(-1) * weights).sum() / output.shape[0]


def run_case(model, inputs, shapes):
    """`inputs` as the module takes them, `shapes` by name as ours takes them."""
    fill_by_formula(model)
    with torch.no_grad():
        evaluation = model.eval()(*inputs)
    output = model.train()(*inputs)
    loss = probe(output)
    loss.backward()
    state = {
        name: summary(to_ours(name, value))
        for name, value in model.state_dict().items()
        if name.endswith(("running_mean", "running_var"))
    }
    gradients = {name: summary(to_ours(name, p.grad)) for name, p in model.named_parameters()}
    torch.optim.AdamW(
        model.parameters(), lr=LEARNING_RATE, eps=EPSILON, weight_decay=WEIGHT_DECAY
    ).step()
    updated = {name: summary(to_ours(name, p)) for name, p in model.named_parameters()}
    return {
        "inputs": shapes,
        "evaluation": summary(evaluation),
        "training": summary(output),
        "loss": number(loss.detach()),
        "runningStatistics": state,
        "gradients": gradients,
        "updated": updated,
    }


def evaluation_case(model, inputs, shapes):
    with torch.no_grad():
        return {"inputs": shapes, "evaluation": summary(fill_by_formula(model).eval()(*inputs))}


def count_multiply_accumulates(model, inputs):
    """Of convolutions and dense layers, for one sample."""
    total = 0

    def count(module, _, output):
        nonlocal total
        n_outputs = output.numel() // output.shape[0]
        total += n_outputs * (module.weight.numel() // module.weight.shape[0])

    layers = [m for m in model.modules() if isinstance(m, (torch.nn.Conv1d, torch.nn.Conv2d, torch.nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    with torch.no_grad():
        model.eval()(*inputs)
    for hook in hooks:
        hook.remove()
    return total


def full_case(model, inputs, shapes):
    """The network at its true size: outputs in evaluation, and how large it is."""
    buffers = [b for name, b in model.named_buffers() if not name.endswith("num_batches_tracked")]
    return {
        **evaluation_case(model, inputs, shapes),
        "nParameters": count_parameters(model),
        "nStatistics": sum(b.numel() for b in buffers),
        "multiplyAccumulates": count_multiply_accumulates(model, inputs),
    }


def count_parameters(model):
    return sum(p.numel() for p in model.parameters())


def write_golden(script, cases):
    golden = {
        "generator": f"tools/reference/{script}.py",
        "versions": {"torch": torch.__version__, "numpy": np.__version__},
        "seed": "none: weights and inputs by tools/reference/formula_values.py",
        "tolerance": {"outputs": {"rtol": 1e-3, "atol": 1e-4}, "gradients": "1e-3 of each tensor's largest value"},
        "optimizer": {"learningRate": LEARNING_RATE, "epsilon": EPSILON, "weightDecay": WEIGHT_DECAY},
        "cases": cases,
    }
    OUTPUT_DIR.mkdir(parents=True, exist_ok=True)
    (OUTPUT_DIR / f"{script}.json").write_text(json.dumps(golden) + "\n")
