"""The loop over a configuration forgets to count the channels on."""

import torch
import torch.nn as nn


class VGG(nn.Module):
    def __init__(self, cfg=[64, "M", 128, "M", 256], cin=3, n=10):
        super().__init__()
        layers = []
        for v in cfg:
            if v == "M":
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(cin, v, 3, padding=1), nn.BatchNorm2d(v), nn.ReLU(True)]  # repair: layers += [nn.Conv2d(cin, v, 3, padding=1), nn.BatchNorm2d(v), nn.ReLU(True)]\ncin = v
        self.f = nn.Sequential(*layers)
        self.c = nn.Linear(256, n)

    def forward(self, x):
        return self.c(self.f(x).mean((2, 3)))  # expect: conv-in-channels "64"


# run: VGG()(randn(2, 3, 16, 16))
