"""Sequential takes layers, not a list of them."""

import torch.nn as nn


def mlp(sizes):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(layers[:-1])  # expect: sequential-of-list  # repair: return nn.Sequential(*layers[:-1])


net = mlp([10, 64, 64, 2])
