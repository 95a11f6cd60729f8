"""Right models of inputs that are hard to guess: single samples where batches are usual, several inputs, masks."""

import torch
import torch.nn as nn


# run: HWC()(randn(9, 9, 3))
class HWC(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

    def forward(self, img):
        return self.c(img.permute(2, 0, 1))


# run: Three()(randn(2, 5, 3), randn(2, 6, 3), randn(2, 6, 5))
class Three(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Linear(3, 4)
        self.o = nn.Linear(5, 4)

    def forward(self, q, k, v, mask=None):
        s = torch.bmm(self.q(q), self.q(k).transpose(1, 2))
        if mask is not None:
            s = s.masked_fill(mask, -1e9)
        return self.o(torch.bmm(s.softmax(-1), v))


# run: Emb()(torch.tensor(3), randn(1, 1, 6))
class Emb(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(10, 4)
        self.l = nn.GRU(4, 6, batch_first=True)

    def forward(self, word, h):
        x = self.e(word).view(1, 1, -1)
        o, h = self.l(x, h)
        return o[0], h


# run: Rank1()(randn(28, 28))
class Rank1(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(1, 4, 3)
        self.f = nn.Linear(4 * 26 * 26, 10)

    def forward(self, x):
        x = x.view(1, 28, 28)
        return self.f(self.c(x).view(-1))


# run: BatchedBranches()(randn(2, 3, 5, 5))
class BatchedBranches(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x):
        if x.dim() == 3:
            return self.c(x)
        return torch.stack([self.c(i) for i in x])


# run: Single()(randn(2, 4, 5))
class Single(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 6, batch_first=True)
        self.fc = nn.Linear(6, 2)

    def forward(self, x):
        o, (h, c) = self.lstm(x)
        return self.fc(h[-1])
