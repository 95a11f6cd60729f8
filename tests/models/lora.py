"""LoRA around nn.Linear layers that are found by name and replaced; a twin with its factors the wrong way round."""

import math

import torch
from torch import nn
import torch.nn.functional as F


class LoRALinear(nn.Module):
    def __init__(self, linear: nn.Linear, rank: int = 4, alpha: float = 8.0):
        super().__init__()
        self.linear = linear
        self.linear.weight.requires_grad = False
        self.lora_A = nn.Parameter(torch.empty(rank, linear.in_features))
        self.lora_B = nn.Parameter(torch.zeros(linear.out_features, rank))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))
        self.scaling = alpha / rank

    def forward(self, x):
        return self.linear(x) + (x @ self.lora_A.T @ self.lora_B.T) * self.scaling


def add_lora(model, names=("query", "value"), rank=4):
    for name, child in model.named_children():
        if isinstance(child, nn.Linear) and name in names:
            setattr(model, name, LoRALinear(child, rank))
        else:
            add_lora(child, names, rank)
    return model


class Attention(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.query = nn.Linear(dim, dim)
        self.key = nn.Linear(dim, dim)
        self.value = nn.Linear(dim, dim)

    def forward(self, x):
        q, k, v = self.query(x), self.key(x), self.value(x)
        return F.scaled_dot_product_attention(q, k, v)


# run: LoRALinear(torch.nn.Linear(8, 6))(randn(2, 8))
# run: Attention()(randn(2, 5, 64))
# run: Tuned()(randn(2, 5, 64))
class Tuned(nn.Module):  # params: 13634
    def __init__(self, dim=64, rank=4):
        super().__init__()
        self.attention = add_lora(Attention(dim), rank=rank)
        self.out = nn.Linear(dim, 2)

    # torchlint: input x: [N, T, 64]
    def forward(self, x):
        y = self.attention(x)  # shape: [N, T, 64]
        y = self.out(y[:, 0])  # shape: [N, 2]
        return y


# run: WrongFactors()(randn(2, 5, 64))
class WrongFactors(nn.Module):
    def __init__(self, dim=64, rank=4):
        super().__init__()
        self.linear = nn.Linear(dim, dim)
        self.A = nn.Parameter(torch.randn(rank, dim))
        self.B = nn.Parameter(torch.randn(dim, rank))

    # torchlint: input x: [N, T, 64]
    def forward(self, x):
        return self.linear(x) + x @ self.A @ self.B  # expect: matmul-mismatch "64"
