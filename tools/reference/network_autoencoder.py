"""Golden outputs of the dense autoencoder of the DCASE2020 baseline, in PyTorch with Keras' BatchNorm.

Run from the repository's root:
    pip install -r tools/reference/requirements.txt
    python tools/reference/network_autoencoder.py
Writes packages/baselines/test/golden/network_autoencoder.json.
"""

import torch
from torch import nn

from network_parity import formula_input, full_case, run_case, write_golden


class KerasBatchNorm1d(nn.Module):
    """Keras' BatchNormalization of vectors: epsilon 1e-3, momentum 0.99, the running variance takes the biased one."""

    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n))
        self.bias = nn.Parameter(torch.zeros(n))
        self.register_buffer("running_mean", torch.zeros(n))
        self.register_buffer("running_var", torch.ones(n))

    def forward(self, x):
        mean, variance = self.running_mean, self.running_var
        if self.training:
            mean, variance = x.mean(0), x.var(0, unbiased=False)
            with torch.no_grad():
                self.running_mean.mul_(0.99).add_(0.01 * mean)
                self.running_var.mul_(0.99).add_(0.01 * variance)
        return (x - mean) / torch.sqrt(variance + 1e-3) * self.weight + self.bias


class Autoencoder(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_bottleneck):
        super().__init__()
        widths = [n_inputs] + 4 * [n_hidden] + [n_bottleneck] + 4 * [n_hidden]
        self.layers = nn.ModuleList(
            nn.ModuleDict({"linear": nn.Linear(a, b), "bn": KerasBatchNorm1d(b)})
            for a, b in zip(widths, widths[1:])
        )
        self.output = nn.ModuleDict({"linear": nn.Linear(n_hidden, n_inputs)})

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer["bn"](layer["linear"](x)))
        return self.output["linear"](x)


def main():
    small = {"x": [16, 40]}
    full = {"x": [3, 640]}
    model = Autoencoder(640, 128, 8)
    write_golden(
        "network_autoencoder",
        {
            "small": run_case(Autoencoder(40, 24, 4), [formula_input("x", small["x"])], small),
            "full": full_case(model, [formula_input("x", full["x"])], full),
        },
    )


if __name__ == "__main__":
    main()
