"""BCELoss takes floats as targets."""

import torch
import torch.nn as nn


class LogisticRegression(nn.Module):
    def __init__(self, n_features):
        super().__init__()
        self.linear = nn.Linear(n_features, 1)

    def forward(self, x):
        return torch.sigmoid(self.linear(x))


model = LogisticRegression(8)
criterion = nn.BCELoss()
labels = torch.randint(0, 2, (16, 1))  # repair: labels = torch.randint(0, 2, (16, 1)).float()
loss = criterion(model(torch.randn(16, 8)), labels)  # expect: dtype-mismatch
