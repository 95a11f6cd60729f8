"""Heads that squeeze and unsqueeze: a regression score per sample, and one that squeezes too much."""

import torch
from torch import nn


class Scorer(nn.Module):  # params: 305
    def __init__(self, dim=32):
        super().__init__()
        self.conv = nn.Conv1d(1, 8, 5, padding=2)
        self.fc = nn.Linear(8 * dim, 1)

    def forward(self, x):
        x = x.unsqueeze(1)  # shape: [B, 1, 32]
        x = torch.relu(self.conv(x))  # shape: [B, 8, 32]
        x = self.fc(x.flatten(1))  # shape: [B, 1]
        return x.squeeze(-1)


# run: Scorer()(randn(4, 32))
# run: Unlifted()(randn(4, 32))
class Unlifted(nn.Module):
    """A channel axis is missing: 4-D weights, 2-D input."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)

    # torchlint: input x: [N, 32]
    def forward(self, x):
        return self.conv(x)  # expect: wrong-rank


# run: NoSuchDim()(randn(4, 32))
class NoSuchDim(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(32, 4)

    # torchlint: input x: [N, 32]
    def forward(self, x):
        return torch.softmax(self.fc(x), dim=2)  # expect: dim-out-of-range
