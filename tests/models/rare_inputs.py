"""Right models of inputs that are hard to guess: single samples where batches are usual, several inputs, masks."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


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


# run: CrossAttn()(randn(2, 5, 64), randn(2, 7, 96))
class CrossAttn(nn.Module):
    def __init__(self, dim=64, heads=4, ctx=96):
        super().__init__()
        self.h = heads
        self.q = nn.Linear(dim, dim); self.kv = nn.Linear(ctx, 2 * dim); self.o = nn.Linear(dim, dim)

    def forward(self, x, context=None, mask=None):
        context = x if context is None else context
        b, n, d = x.shape
        q = self.q(x).view(b, n, self.h, -1).transpose(1, 2)
        k, v = self.kv(context).chunk(2, -1)
        k, v = (t.view(b, t.size(1), self.h, -1).transpose(1, 2) for t in (k, v))
        a = q @ k.transpose(-1, -2) / math.sqrt(d // self.h)
        if mask is not None:
            a = a.masked_fill(~mask[:, None, None], float("-inf"))
        return self.o((a.softmax(-1) @ v).transpose(1, 2).reshape(b, n, d))


# run: Dec()(randint(0, 50, (2,)), randn(2, 32), randn(6, 2, 32))
class Dec(nn.Module):
    def __init__(self, V=50, e=16, h=32):
        super().__init__()
        self.e = nn.Embedding(V, e); self.g = nn.GRU(e + h, h); self.a = nn.Linear(2 * h, h); self.v = nn.Linear(h, 1, bias=False)
        self.o = nn.Linear(2 * h + e, V)

    def forward(self, tok, hid, enc):
        e = self.e(tok.unsqueeze(0))
        L = enc.shape[0]
        hh = hid.unsqueeze(1).repeat(1, L, 1); en = enc.permute(1, 0, 2)
        a = F.softmax(self.v(torch.tanh(self.a(torch.cat((hh, en), 2)))).squeeze(2), 1).unsqueeze(1)
        w = torch.bmm(a, en).permute(1, 0, 2)
        o, h = self.g(torch.cat((e, w), 2), hid.unsqueeze(0))
        return self.o(torch.cat((o.squeeze(0), w.squeeze(0), e.squeeze(0)), 1)), h.squeeze(0)


# run: NeRF()(randn(9, 90))
class NeRF(nn.Module):
    def __init__(self, D=4, W=64, i=63, v=27, skips=[2]):
        super().__init__()
        self.skips = skips; self.i, self.v = i, v
        self.p = nn.ModuleList([nn.Linear(i, W)] + [nn.Linear(W, W) if k not in skips else nn.Linear(W + i, W) for k in range(D - 1)])
        self.views = nn.Linear(v + W, W // 2); self.f = nn.Linear(W, W); self.al = nn.Linear(W, 1); self.rgb = nn.Linear(W // 2, 3)

    def forward(self, x):
        pts, vs = torch.split(x, [self.i, self.v], dim=-1)
        h = pts
        for k, l in enumerate(self.p):
            h = F.relu(l(h))
            if k in self.skips: h = torch.cat([pts, h], -1)
        a = self.al(h); h = torch.cat([self.f(h), vs], -1)
        return torch.cat([self.rgb(F.relu(self.views(h))), a], -1)


# run: Unet1()(randn(2, 3, 8, 8), randn(2))
class Unet1(nn.Module):
    def __init__(self, c=16, t=32):
        super().__init__()
        self.t = nn.Linear(t, 2 * c); self.i = nn.Conv2d(3, c, 3, padding=1); self.d = nn.Conv2d(c, 2 * c, 4, 2, 1)
        self.m = nn.Conv2d(2 * c, 2 * c, 3, padding=1); self.u = nn.ConvTranspose2d(2 * c, c, 4, 2, 1); self.o = nn.Conv2d(2 * c, 3, 1)
        self.td = t

    def emb(self, t):
        half = self.td // 2
        f = torch.exp(torch.arange(half, device=t.device) * -(math.log(10000) / (half - 1)))
        a = t[:, None] * f[None]
        return torch.cat((a.sin(), a.cos()), -1)

    def forward(self, x, time):
        a = self.i(x)
        b = self.m(self.d(a)) + self.t(self.emb(time))[:, :, None, None]
        return self.o(torch.cat([a, self.u(b)], 1))


# run: Packed()(randint(1, 100, (2, 5)), torch.tensor([5, 3]))
class Packed(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(100, 16, padding_idx=0); self.r = nn.LSTM(16, 8, batch_first=True, bidirectional=True); self.f = nn.Linear(16, 2)

    def forward(self, x, lens):
        p = nn.utils.rnn.pack_padded_sequence(self.e(x), lens, batch_first=True, enforce_sorted=False)
        o, (h, c) = self.r(p)
        o, _ = nn.utils.rnn.pad_packed_sequence(o, batch_first=True)
        return self.f(o.max(1)[0]) + self.f(torch.cat((h[0], h[1]), 1))


# run: CRNN()(randn(2, 1, 32, 40))
class CRNN(nn.Module):
    def __init__(self, n=37):
        super().__init__()
        self.c = nn.Sequential(nn.Conv2d(1, 64, 3, 1, 1), nn.MaxPool2d(2, 2), nn.Conv2d(64, 128, 3, 1, 1), nn.MaxPool2d(2, 2), nn.Conv2d(128, 256, (8, 1)))
        self.r = nn.LSTM(256, 128, bidirectional=True); self.f = nn.Linear(256, n)

    def forward(self, x):
        x = self.c(x); b, c, h, w = x.size()
        assert h == 1
        x = x.squeeze(2).permute(2, 0, 1)
        return self.f(self.r(x)[0])


# run: GNN()(randn(5, 8), randint(0, 5, (2, 9)))
class GNN(nn.Module):
    def __init__(self, i=8, h=16):
        super().__init__()
        self.l = nn.Linear(2 * i, h); self.o = nn.Linear(h, 1)

    def forward(self, x, edge_index):
        s, d = edge_index
        m = F.relu(self.l(torch.cat([x[s], x[d]], -1)))
        out = torch.zeros(x.size(0), m.size(1), device=x.device).index_add_(0, d, m)
        return self.o(out)


# run: TF()(randint(0, 100, (2, 5)), randint(0, 100, (2, 6)))
class TF(nn.Module):
    def __init__(self, V=100, d=32):
        super().__init__()
        self.e = nn.Embedding(V, d); self.t = nn.Transformer(d, 4, 1, 1, 64, batch_first=True); self.o = nn.Linear(d, V)

    def forward(self, src, tgt):
        m = self.t.generate_square_subsequent_mask(tgt.size(1))
        return self.o(self.t(self.e(src), self.e(tgt), tgt_mask=m))
