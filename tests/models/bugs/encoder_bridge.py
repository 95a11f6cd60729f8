"""The states of both directions go to a decoder of one."""

import torch
import torch.nn as nn


class Translator(nn.Module):
    def __init__(self, emb=32, hid=64, V=100):
        super().__init__()
        self.e = nn.Embedding(V, emb)
        self.enc = nn.LSTM(emb, hid, bidirectional=True, batch_first=True)
        self.dec = nn.LSTM(emb, hid, batch_first=True)
        self.out = nn.Linear(hid, V)

    def forward(self, src, tgt):
        _, (h, c) = self.enc(self.e(src))
        o, _ = self.dec(self.e(tgt), (h, c))  # expect: recurrent-input-size  # repair: o, _ = self.dec(self.e(tgt), (h[:1] + h[1:], c[:1] + c[1:]))
        return self.out(o)


# run: Translator()(randint(0, 100, (2, 6)), randint(0, 100, (2, 5)))
