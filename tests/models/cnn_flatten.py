"""CIFAR-10 classifiers: the flatten size is right in one and stale in the other."""

import torch
import torch.nn as nn
import torch.nn.functional as F

# run: CifarNet()(randn(4, 3, 32, 32))
# run: StaleNet()(randn(4, 3, 32, 32))


class CifarNet(nn.Module):  # params: 62006
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))  # shape: [N, 6, 14, 14]
        x = self.pool(F.relu(self.conv2(x)))  # shape: [N, 16, 5, 5]
        x = torch.flatten(x, 1)  # shape: [N, 400]
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


class StaleNet(nn.Module):  # params: 62006
    """The padding came later; nobody touched `fc1`."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 5, padding=2)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(x.size(0), -1)  # shape: [N, 576]
        x = F.relu(self.fc1(x))  # expect: linear-in-features "takes 400 features, but `x` has 576"
        x = F.relu(self.fc2(x))
        return self.fc3(x)
