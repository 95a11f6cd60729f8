"""A residual bottleneck: with as many channels out as in, and with half of them."""

import torch
from torch import nn

# run: Bottleneck()(randn(2, 256, 32, 32))
# run: HalfBottleneck()(randn(2, 256, 32, 32))


class Bottleneck(nn.Module):  # params: 43360
    def __init__(self):
        super().__init__()
        self.reduce = nn.Conv2d(256, 64, 1)
        self.conv = nn.Conv2d(64, 32, 3, padding=1)
        self.expand = nn.Conv2d(32, 256, 1)

    # torchlint: input x: [N, 256, 32, 32]
    def forward(self, x):
        y = torch.relu(self.reduce(x))  # shape: [N, 64, 32, 32]
        y = torch.relu(self.conv(y))  # shape: [N, 32, 32, 32]
        y = self.expand(y)  # shape: [N, 256, 32, 32]
        return torch.relu(x + y)


class HalfBottleneck(nn.Module):
    def __init__(self):
        super().__init__()
        self.reduce = nn.Conv2d(256, 64, 1)
        self.conv = nn.Conv2d(64, 32, 3, padding=1)
        self.expand = nn.Conv2d(32, 128, 1)

    # torchlint: input x: [N, 256, 32, 32]
    def forward(self, x):
        y = torch.relu(self.reduce(x))
        y = torch.relu(self.conv(y))
        y = self.expand(y)  # shape: [N, 128, 32, 32]
        return torch.relu(x + y)  # expect: broadcast-mismatch "`x` [N, 256, 32, 32] and `y` [N, 128, 32, 32]"
