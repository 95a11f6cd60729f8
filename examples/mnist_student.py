"""A first network for MNIST, with two mistakes that run without an error."""

import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, 5)
        self.conv2 = nn.Conv2d(10, 20, 5)
        self.drop = nn.Dropout2d()
        self.fc = nn.Linear(50, 10)

    # torchlint: input x: [N, 1, 28, 28]
    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.drop(self.conv2(x)), 2))
        x = torch.flatten(x, 1)  # shape: [N, 320]
        x = F.relu(nn.Linear(x.shape[1], 50)(x))  # expect: layer-created-in-forward "made in `forward`"
        return F.log_softmax(self.fc(x))  # expect: implicit-softmax-dim "does not say which dimension"
