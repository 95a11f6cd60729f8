"""BCEWithLogitsLoss of [N, 1] against [N]."""

import torch
import torch.nn as nn

model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 1))
criterion = nn.BCEWithLogitsLoss()
x = torch.randn(32, 20)
y = torch.randint(0, 2, (32,)).float()
loss = criterion(model(x), y)  # expect: loss-shape  # repair: loss = criterion(model(x).squeeze(1), y)
