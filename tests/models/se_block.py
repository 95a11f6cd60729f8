"""Squeeze-and-excitation: channel weights by view(b, c, 1, 1); a twin without it."""

import torch
from torch import nn


class SELayer(nn.Module):
    def __init__(self, channel, reduction=16):
        super().__init__()
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(
            nn.Linear(channel, channel // reduction, bias=False),
            nn.ReLU(inplace=True),
            nn.Linear(channel // reduction, channel, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.avg_pool(x).view(b, c)
        y = self.fc(y).view(b, c, 1, 1)
        return x * y.expand_as(x)


# run: SELayer(64)(randn(2, 64, 8, 8))
# run: SENet()(randn(2, 3, 32, 32))
class SENet(nn.Module):  # params: 2954
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 3, padding=1)
        self.se = SELayer(64)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = self.se(torch.relu(self.conv(x)))  # shape: [N, 64, H, W]
        return self.head(x.mean((-2, -1)))


# run: FlatWeights()(randn(2, 3, 32, 32))
class FlatWeights(nn.Module):
    """The weights [N, 64] meet [N, 64, 32, 32]."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 64, 3, padding=1)
        self.fc = nn.Linear(64, 64)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        x = self.conv(x)
        w = torch.sigmoid(self.fc(x.mean(dim=(2, 3))))  # shape: [N, 64]
        return x * w  # expect: broadcast-mismatch "64"
