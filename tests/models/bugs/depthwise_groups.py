"""Groups must divide both channels."""

import torch.nn as nn


class Depthwise(nn.Module):
    def __init__(self, channels=24, expand=2):
        super().__init__()
        hidden = channels * expand
        self.pw = nn.Conv2d(channels, hidden, 1)
        self.dw = nn.Conv2d(hidden, hidden, 3, padding=1, groups=channels + 1)  # expect: conv-in-channels "48"  # repair: self.dw = nn.Conv2d(hidden, hidden, 3, padding=1, groups=hidden)

    def forward(self, x):
        return self.dw(self.pw(x))
