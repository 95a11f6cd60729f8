"""The MLP widens by four and comes back from three."""

from dataclasses import dataclass

import torch.nn as nn


@dataclass
class Config:
    n_embd: int = 96
    dropout: float = 0.0


class MLP(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd)
        self.gelu = nn.GELU()
        self.c_proj = nn.Linear(3 * config.n_embd, config.n_embd)  # repair: self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x):
        return self.dropout(self.c_proj(self.gelu(self.c_fc(x))))  # expect: linear-in-features


# run: MLP(Config())(randn(2, 5, 96))
