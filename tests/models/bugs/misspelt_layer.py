"""A layer under another name."""

import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        x = F.adaptive_avg_pool2d(F.relu(self.conv1(x)), 1).flatten(1)
        return self.fc1(x)  # expect: undefined-attribute "fc1"  # repair: return self.fc(x)
