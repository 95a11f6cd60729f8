"""The last states of both directions are joined along the batch."""

import torch
import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self, n_tokens=1000, emb=64, hid=128, n_classes=4):
        super().__init__()
        self.emb = nn.Embedding(n_tokens, emb)
        self.rnn = nn.GRU(emb, hid, bidirectional=True, batch_first=True)
        self.out = nn.Linear(2 * hid, n_classes)

    def forward(self, tokens):
        _, h = self.rnn(self.emb(tokens))
        h = torch.cat([h[-2], h[-1]], dim=0)  # repair: h = torch.cat([h[-2], h[-1]], dim=1)
        return self.out(h)  # expect: linear-in-features "256"


# run: Encoder()(randint(0, 1000, (2, 7)))
