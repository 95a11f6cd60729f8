"""A dense block whose layers do not count what was joined before."""

import torch
import torch.nn as nn


class DenseBlock(nn.Module):
    def __init__(self, in_channels=16, growth=12, layers=3):
        super().__init__()
        self.layers = nn.ModuleList()
        for i in range(layers):
            self.layers.append(nn.Conv2d(in_channels, growth, 3, padding=1))  # repair: self.layers.append(nn.Conv2d(in_channels + i * growth, growth, 3, padding=1))

    def forward(self, x):
        for layer in self.layers:
            out = torch.relu(layer(x))  # expect: conv-in-channels "16"
            x = torch.cat([x, out], dim=1)
        return x
