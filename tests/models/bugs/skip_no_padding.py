"""Without padding the image shrinks, and the skip connection does not."""

import torch
import torch.nn as nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3),  # repair: nn.Conv2d(channels, channels, 3, padding=1),
        )

    def forward(self, x):
        return x + self.body(x)  # expect: broadcast-mismatch


# run: Block(8)(randn(2, 8, 16, 16))
