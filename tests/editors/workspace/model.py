import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        y = torch.relu(self.norm(self.conv1(x)))
        return torch.relu(self.conv2(y) + x)


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 16, 5, padding=2)
        self.block = Residual(16)
        self.pool = nn.MaxPool2d(4)
        self.head = nn.Linear(784, 10)

    # torchlint: input x: [N, 1, 28, 28]
    def forward(self, x):
        x = torch.relu(self.stem(x))
        x = self.pool(self.block(x))
        x = x.permute(0, 2, 3, 1)
        x = x.view(-1, 784)
        return self.head(x)
