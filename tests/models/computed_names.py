"""Layers under computed names: setattr and getattr loops, ModuleDict with computed keys, add_module; a twin one off."""

import torch
from torch import nn


# run: Numbered()(randn(2, 8))
class Numbered(nn.Module):  # params: 924
    def __init__(self, sizes=(8, 16, 32, 4)):
        super().__init__()
        self.depth = len(sizes) - 1
        for i in range(self.depth):
            setattr(self, f"layer{i}", nn.Linear(sizes[i], sizes[i + 1]))
            self.add_module("norm%d" % i, nn.LayerNorm(sizes[i + 1]))

    def forward(self, x):
        for i in range(self.depth):
            x = getattr(self, f"layer{i}")(x)
            x = torch.relu(getattr(self, "norm" + str(i))(x))  # shape: [B, 4]
        return x


# run: Keyed()(randn(2, 3, 32, 32))
class Keyed(nn.Module):  # params: 1863
    def __init__(self, scales=(1, 2, 4), width=8):
        super().__init__()
        self.scales = scales
        self.branches = nn.ModuleDict()
        for s in scales:
            self.branches[f"scale_{s}"] = nn.Sequential(nn.Conv2d(3, width * s, 3, padding=1), nn.AvgPool2d(s))
        self.heads = nn.ModuleDict({str(s): nn.Conv2d(width * s, 5, 1) for s in scales})

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        outs = {}
        for key, branch in self.branches.items():
            outs[key] = self.heads[key.split("_")[1]](branch(x))
        fine = outs["scale_1"]  # shape: [N, 5, 32, 32]
        coarse = outs["scale_4"]  # shape: [N, 5, 8, 8]
        return fine.mean() + coarse.mean()


# run: OneOff()(randn(2, 8))
class OneOff(nn.Module):
    def __init__(self, sizes=(8, 16, 32)):
        super().__init__()
        for i in range(len(sizes) - 1):
            setattr(self, f"layer{i}", nn.Linear(sizes[i], sizes[i + 1]))

    def forward(self, x):
        for i in range(3):
            x = getattr(self, f"layer{i}")(x)  # expect: undefined-attribute "layer2"
        return x
