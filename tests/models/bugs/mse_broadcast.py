"""MSELoss of [N, 1] against [N] compares everything with everything."""

import torch
import torch.nn as nn


class Regressor(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(13, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, x):
        return self.layers(x)


model = Regressor()
loss_fn = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
X = torch.randn(64, 13)
y = torch.randn(64)
for epoch in range(3):
    optimizer.zero_grad()
    pred = model(X)
    loss = loss_fn(pred, y)  # expect: loss-broadcast "[64, 64]"  # repair: loss = loss_fn(pred.squeeze(-1), y)
    loss.backward()
    optimizer.step()
