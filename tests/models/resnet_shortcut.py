"""A small residual network whose shortcut is not strided, and its repaired twin."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, in_channels, channels, stride, shortcut_stride):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride, 1)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1)
        self.shortcut = nn.Conv2d(in_channels, channels, 1, shortcut_stride)

    def forward(self, x):
        out = self.conv2(F.relu(self.conv1(x)))
        return F.relu(out + self.shortcut(x))


# run: Block(3, 8, 2, 2)(randn(2, 3, 16, 16))
# run: GoodNet()(randn(2, 3, 32, 32))
class GoodNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = Block(3, 16, 1, 1)
        self.down = Block(16, 32, 2, 2)
        self.head = nn.Linear(32, 10)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        x = self.stem(x)  # shape: [N, 16, 32, 32]
        x = self.down(x)  # shape: [N, 32, 16, 16]
        x = x.mean(dim=(2, 3))  # shape: [N, 32]
        return self.head(x)


# run: BadNet()(randn(2, 3, 32, 32))
class BadNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.conv1 = nn.Conv2d(16, 32, 3, 2, 1)
        self.conv2 = nn.Conv2d(32, 32, 3, 1, 1)
        self.shortcut = nn.Conv2d(16, 32, 1)
        self.head = nn.Linear(32, 10)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        x = torch.relu(self.stem(x))
        out = self.conv2(F.relu(self.conv1(x)))
        x = F.relu(out + self.shortcut(x))  # expect: broadcast-mismatch "16"
        return self.head(x.mean((2, 3)))
