"""The targets of CrossEntropyLoss are a column."""

import torch
import torch.nn as nn

net = nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 128), nn.ReLU(), nn.Linear(128, 10))
criterion = nn.CrossEntropyLoss()
x = torch.randn(32, 1, 28, 28)
y = torch.randint(0, 10, (32, 1))
out = net(x)
loss = criterion(out, y)  # expect: loss-shape  # repair: loss = criterion(out, y.squeeze(1))
