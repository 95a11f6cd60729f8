"""A bidirectional GRU with additive attention over time; a twin whose scores do not fit."""

import torch
from torch import nn
import torch.nn.functional as F


# run: Attention(16)(randn(3, 7, 16))
class Attention(nn.Module):
    def __init__(self, dim: int):
        super().__init__()
        self.proj = nn.Linear(dim, dim)
        self.v = nn.Parameter(torch.randn(dim))

    def forward(self, outputs):
        energy = torch.tanh(self.proj(outputs))
        scores = energy @ self.v  # shape: [B, L]
        weights = F.softmax(scores, dim=1)
        context = torch.bmm(weights.unsqueeze(1), outputs).squeeze(1)  # shape: [B, dim]
        return context, weights


# run: GRUAttention()(randint(0, 9, (3, 7)))
class GRUAttention(nn.Module):  # params: 1222404
    def __init__(self, vocab=5000, emb=200, hidden=100, n_classes=4, pad_idx=0):
        super().__init__()
        self.embed = nn.Embedding(vocab, emb, padding_idx=pad_idx)
        self.gru = nn.GRU(emb, hidden, bidirectional=True, batch_first=True, num_layers=1)
        self.attention = Attention(2 * hidden)
        self.out = nn.Linear(2 * hidden, n_classes)

    def forward(self, tokens):
        mask = tokens != 0
        x = self.embed(tokens)  # shape: [B, T, 200]
        outputs, hidden = self.gru(x)  # shape: outputs [B, T, 200], hidden [2, B, 100]
        outputs = outputs.masked_fill(~mask.unsqueeze(-1), 0.0)  # shape: [B, T, 200]
        context, weights = self.attention(outputs)  # shape: context [B, 200], weights [B, T]
        return self.out(context)


# run: WrongAttention()(randn(3, 7, 64))
class WrongAttention(nn.Module):
    """The weights are joined on the wrong side."""

    def __init__(self, dim=64, hidden=100):
        super().__init__()
        self.gru = nn.GRU(dim, hidden, batch_first=True, bidirectional=True)
        self.score = nn.Linear(hidden * 2, 1)

    # torchlint: input x: [N, 7, 64]
    def forward(self, x):
        outputs, _ = self.gru(x)
        weights = torch.softmax(self.score(outputs), dim=1)  # shape: [N, 7, 1]
        return torch.bmm(outputs, weights)  # expect: matmul-mismatch
