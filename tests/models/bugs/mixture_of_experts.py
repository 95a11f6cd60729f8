"""The experts are stacked last, and read as if they came before the features."""

import torch
import torch.nn as nn


class MixtureOfExperts(nn.Module):
    def __init__(self, d=64, e=4):
        super().__init__()
        self.gate = nn.Linear(d, e)
        self.experts = nn.ModuleList([nn.Linear(d, d) for _ in range(e)])

    def forward(self, x):
        g = self.gate(x).softmax(-1)
        y = torch.stack([ex(x) for ex in self.experts], dim=-1)  # repair: y = torch.stack([ex(x) for ex in self.experts], dim=-2)
        return torch.einsum("bne,bned->bnd", g, y)  # expect: matmul-mismatch


# run: MixtureOfExperts()(randn(2, 5, 64))
