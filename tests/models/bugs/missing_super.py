"""super().__init__() is missing."""

import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        self.fc = nn.Linear(10, 2)  # expect: missing-super-init  # repair: super().__init__()\nself.fc = nn.Linear(10, 2)

    def forward(self, x):
        return self.fc(x)
