"""The pooled image has sixteen positions, not four."""

import torch
import torch.nn as nn


class ImageAndMeta(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1), nn.AdaptiveAvgPool2d(4), nn.Flatten())
        self.b = nn.Sequential(nn.Linear(20, 64), nn.ReLU())
        self.h = nn.Linear(32 * 4 + 64, 5)  # repair: self.h = nn.Linear(32 * 4 * 4 + 64, 5)

    def forward(self, img, meta):
        return self.h(torch.cat([self.a(img), self.b(meta)], dim=1))  # expect: linear-in-features "576"


# run: ImageAndMeta()(randn(2, 3, 16, 16), randn(2, 20))
