"""Token numbers that were made as floats."""

import torch
import torch.nn as nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 16)
        self.fc = nn.Linear(16, 2)

    def forward(self, x):
        return self.fc(self.embed(x).mean(1))  # expect: dtype-mismatch "float32"


batch = torch.zeros(4, 12)  # repair: batch = torch.zeros(4, 12, dtype=torch.long)
Model()(batch)
