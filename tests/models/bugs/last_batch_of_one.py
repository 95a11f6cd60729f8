"""The remainder of an epoch is one sample."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(30, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 2))

    def forward(self, x):
        return self.net(x)


X, y = torch.randn(569, 30), torch.randint(0, 2, (569,))
loader = DataLoader(TensorDataset(X, y), batch_size=8, shuffle=True)  # expect: last-batch-of-one "1 sample"  # repair: loader = DataLoader(TensorDataset(X, y), batch_size=8, shuffle=True, drop_last=True)
model = MLP()
for epoch in range(2):
    for xb, yb in loader:
        loss = nn.functional.cross_entropy(model(xb), yb)
