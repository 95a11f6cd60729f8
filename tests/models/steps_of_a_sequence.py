"""Loops over the steps or the samples of an input, whose number is a symbol."""

import torch
from torch import nn


# run: Unrolled()(randn(2, 5, 8))
# run: Unrolled()(randn(3, 1, 8))
class Unrolled(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(8, 16)

    def forward(self, x):
        h = x.new_zeros(x.size(0), 16)
        outputs = []
        for t in range(x.size(1)):
            h = self.cell(x[:, t], h)  # shape: [B, 16]
            outputs.append(h)
        x = torch.stack(outputs, dim=1)  # shape: [B, L, 16]
        return x


# run: EachSample()(randn(3, 4, 5, 8))
class EachSample(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        rows = [self.fc(row) for row in x]
        x = torch.stack(rows)  # shape: [B, C, H, 4]
        return x


# run: Unbound()(randn(3, 4, 5, 8))
class Unbound(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)

    def forward(self, x):
        x = torch.cat([self.fc(row) for row in x.unbind(1)], dim=0)  # shape: [B*C, H, 4]
        return x


# run: Padded()(randn(2, 5, 8))
class Padded(nn.Module):
    def __init__(self):
        super().__init__()
        self.start = nn.Parameter(torch.zeros(1, 1, 8))
        self.fc = nn.Linear(8, 6)

    # torchlint: input x: [B, T, 8]
    def forward(self, x):
        steps = [self.start.expand(x.size(0), 1, 8)]
        for step in x.split(1, dim=1):
            steps.append(step)
        x = self.fc(torch.cat(steps, dim=1))  # shape: [B, T + 1, 6]
        return x


# run: WrongWidth()(randn(2, 5, 8))
class WrongWidth(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(8, 16)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        h = torch.zeros(x.size(0), 16)
        states = []
        for t in range(x.size(1)):
            h = self.cell(x[:, t], h)
            states.append(h)
        return self.head(torch.stack(states, 1))  # expect: linear-in-features "takes 8 features, but `torch.stack(states, 1)` has 16"
