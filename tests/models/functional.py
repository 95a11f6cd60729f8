"""torch.func: an ensemble by vmap and a hypernetwork by functional_call; a twin whose samples do not fit."""

import torch
from torch import nn
from torch.func import functional_call


# run: Hyper()(randn(5, 16), randn(8))
class Hyper(nn.Module):
    def __init__(self):
        super().__init__()
        self.target = nn.Linear(16, 4)
        self.weights = nn.Linear(8, 16 * 4)

    # torchlint: input x: [N, 16]
    # torchlint: input z: [8]
    def forward(self, x, z):
        weight = self.weights(z).view(4, 16)
        y = functional_call(self.target, {"weight": weight}, (x,))  # shape: [N, 4]
        return y


# run: Pairwise()(randn(5, 3, 16), randn(5, 16))
class Pairwise(nn.Module):
    # torchlint: input keys: [N, K, 16]
    # torchlint: input query: [N, 16]
    def forward(self, keys, query):
        scores = torch.vmap(lambda k, q: k @ q)(keys, query)  # shape: [N, K]
        spread = torch.vmap(lambda q: q - q.mean(), out_dims=1)(query)  # shape: [16, N]
        return scores, spread


# run: Mispaired()(randn(5, 3, 16), randn(5, 8))
class Mispaired(nn.Module):
    # torchlint: input keys: [N, K, 16]
    # torchlint: input query: [N, 8]
    def forward(self, keys, query):
        return torch.vmap(lambda k, q: k @ q)(keys, query)  # expect: matmul-mismatch "16"
