"""After the concatenation there are twice as many channels."""

import torch
import torch.nn as nn


def double_conv(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(cout, cout, 3, padding=1), nn.ReLU(inplace=True)
    )


class TinyUNet(nn.Module):
    def __init__(self, n_class=1):
        super().__init__()
        self.down1 = double_conv(3, 32)
        self.down2 = double_conv(32, 64)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(64, 32, 2, stride=2)
        self.dec = double_conv(32, 32)  # repair: self.dec = double_conv(64, 32)
        self.last = nn.Conv2d(32, n_class, 1)

    def forward(self, x):
        c1 = self.down1(x)
        x = self.down2(self.pool(c1))
        x = self.up(x)
        x = torch.cat([x, c1], dim=1)
        x = self.dec(x)  # expect: conv-in-channels "32"
        return self.last(x)


# run: TinyUNet()(randn(2, 3, 16, 16))
