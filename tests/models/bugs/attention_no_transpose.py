"""The keys are not transposed."""

import torch
import torch.nn as nn


class Head(nn.Module):
    def __init__(self, n_embd=32, head_size=16):
        super().__init__()
        self.key = nn.Linear(n_embd, head_size, bias=False)
        self.query = nn.Linear(n_embd, head_size, bias=False)
        self.value = nn.Linear(n_embd, head_size, bias=False)

    def forward(self, x):
        k = self.key(x)
        q = self.query(x)
        wei = q @ k * k.shape[-1] ** -0.5  # expect: matmul-mismatch  # repair: wei = q @ k.transpose(-2, -1) * k.shape[-1] ** -0.5
        wei = torch.softmax(wei, dim=-1)
        return wei @ self.value(x)


head = Head()
y = head(torch.randn(4, 8, 32))
