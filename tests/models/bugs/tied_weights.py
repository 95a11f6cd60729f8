"""The weights of the embedding are tied to a decoder of another width."""

import torch
import torch.nn as nn


class TiedLM(nn.Module):
    def __init__(self, V=1000, e=128, h=256):
        super().__init__()
        self.emb = nn.Embedding(V, e)
        self.rnn = nn.LSTM(e, h, batch_first=True)  # repair: self.rnn = nn.LSTM(e, e, batch_first=True)
        self.dec = nn.Linear(h, V)
        self.dec.weight = self.emb.weight

    def forward(self, x):
        return self.dec(self.rnn(self.emb(x))[0])  # expect: linear-in-features "256"


# run: TiedLM()(randint(0, 1000, (2, 5)))
