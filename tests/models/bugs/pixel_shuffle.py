"""Sixty-four channels are no nine."""

import torch
import torch.nn as nn


class SuperResolution(nn.Module):
    def __init__(self, s=3):
        super().__init__()
        self.body = nn.Conv2d(3, 64, 3, padding=1)
        self.up = nn.Sequential(nn.Conv2d(64, 64, 3, padding=1), nn.PixelShuffle(s))  # repair: self.up = nn.Sequential(nn.Conv2d(64, 64 * s * s, 3, padding=1), nn.PixelShuffle(s))
        self.out = nn.Conv2d(64, 3, 3, padding=1)

    def forward(self, x):
        return self.out(self.up(self.body(x)))  # expect: reshape-size "64"


# run: SuperResolution()(randn(2, 3, 8, 8))
