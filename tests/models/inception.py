"""GoogLeNet's inception module, with branches joined over channels; one branch forgets its padding in the twin."""

import torch
from torch import nn


class BasicConv2d(nn.Module):
    def __init__(self, in_channels: int, out_channels: int, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)

    def forward(self, x):
        return torch.relu(self.bn(self.conv(x)))


# run: BasicConv2d(3, 8, kernel_size=3)(randn(2, 3, 16, 16))
# run: Inception(192, 64, 96, 128, 16, 32, 32)(randn(2, 192, 28, 28))
class Inception(nn.Module):
    def __init__(self, in_channels: int, ch1x1: int, ch3x3red: int, ch3x3: int, ch5x5red: int, ch5x5: int, pool_proj: int):
        super().__init__()
        self.branch1 = BasicConv2d(in_channels, ch1x1, kernel_size=1)
        self.branch2 = nn.Sequential(
            BasicConv2d(in_channels, ch3x3red, kernel_size=1), BasicConv2d(ch3x3red, ch3x3, kernel_size=3, padding=1)
        )
        self.branch3 = nn.Sequential(
            BasicConv2d(in_channels, ch5x5red, kernel_size=1), BasicConv2d(ch5x5red, ch5x5, kernel_size=3, padding=1)
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1, ceil_mode=True),
            BasicConv2d(in_channels, pool_proj, kernel_size=1),
        )

    def _forward(self, x):
        return [self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)]

    def forward(self, x):
        outputs = self._forward(x)
        joined = torch.cat(outputs, 1)  # shape: [N, ch1x1 + ch3x3 + ch5x5 + pool_proj, H, W]
        return joined


# run: GoodStack()(randn(2, 192, 28, 28))
class GoodStack(nn.Module):
    def __init__(self):
        super().__init__()
        self.inception3a = Inception(192, 64, 96, 128, 16, 32, 32)
        self.inception3b = Inception(256, 128, 128, 192, 32, 96, 64)

    def forward(self, x):
        x = self.inception3a(x)  # shape: [N, 256, H, W]
        x = self.inception3b(x)  # shape: [N, 480, H, W]
        return x


# run: UnpaddedBranches()(randn(2, 192, 28, 28))
class UnpaddedBranches(nn.Module):
    def __init__(self):
        super().__init__()
        self.branch1 = BasicConv2d(192, 64, kernel_size=1)
        self.branch2 = BasicConv2d(192, 128, kernel_size=3)

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x)], 1)  # expect: cat-mismatch
