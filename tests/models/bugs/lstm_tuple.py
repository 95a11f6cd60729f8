"""What an LSTM returns is a tuple."""

import torch
import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.fc = nn.Linear(64, 5)

    def forward(self, x):
        out = self.lstm(x)  # repair: out, _ = self.lstm(x)
        return self.fc(out)  # expect: unpack-mismatch "tuple"


tagger = Tagger()
tagger(torch.randn(3, 12, 32))
