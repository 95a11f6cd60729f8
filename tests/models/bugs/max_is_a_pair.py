"""The maximum along a dimension comes with its indices."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class PointNet(nn.Module):
    def __init__(self, k=40):
        super().__init__()
        self.c1 = nn.Conv1d(3, 64, 1); self.c2 = nn.Conv1d(64, 1024, 1)
        self.f1 = nn.Linear(1024, 256); self.f2 = nn.Linear(256, k)
        self.bn1 = nn.BatchNorm1d(64); self.bn2 = nn.BatchNorm1d(1024)

    def forward(self, x):
        x = F.relu(self.bn1(self.c1(x)))
        x = F.relu(self.bn2(self.c2(x)))
        x = torch.max(x, 2, keepdim=True)  # repair: x = torch.max(x, 2, keepdim=True)[0]
        x = x.view(-1, 1024)  # expect: unpack-mismatch "view"
        return self.f2(F.relu(self.f1(x)))


# run: PointNet()(randn(2, 3, 9))
