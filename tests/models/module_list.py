"""Layers in ModuleList and ModuleDict, chosen by index and by name."""

import torch
from torch import nn


class MLP(nn.Module):  # params: 235146
    def __init__(self, sizes=(784, 256, 128, 10), activation="relu", dropout=0.1):
        super().__init__()
        self.layers = nn.ModuleList()
        for n_in, n_out in zip(sizes[:-1], sizes[1:]):
            self.layers.append(nn.Linear(n_in, n_out))
        self.activations = nn.ModuleDict({"relu": nn.ReLU(), "gelu": nn.GELU()})
        self.activation = activation
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        x = x.view(x.size(0), -1)  # shape: [B, 784]
        for i, layer in enumerate(self.layers):
            x = layer(x)  # shape: [B, 10]
            if i < len(self.layers) - 1:
                x = self.dropout(self.activations[self.activation](x))
        return x


class WrongMLP(nn.Module):
    """The pairs are zipped one off."""

    def __init__(self, sizes=(784, 256, 128, 10)):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[2:]))

    def forward(self, x):
        for layer in self.layers:
            x = torch.relu(layer(x))  # expect: linear-in-features "256"
        return x
