"""A Transformer from scratch, heads split by view and transpose; twins that view too early and mis-split."""

import copy
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def clones(module, N):
    return nn.ModuleList([copy.deepcopy(module) for _ in range(N)])


def attention(query, key, value, mask=None, dropout=None):
    d_k = query.size(-1)
    scores = torch.matmul(query, key.transpose(-2, -1)) / math.sqrt(d_k)
    if mask is not None:
        scores = scores.masked_fill(mask == 0, -1e9)
    p_attn = scores.softmax(dim=-1)
    if dropout is not None:
        p_attn = dropout(p_attn)
    return torch.matmul(p_attn, value), p_attn


# run: MultiHeadedAttention()(randn(2, 7, 512), randn(2, 9, 512), randn(2, 9, 512))
class MultiHeadedAttention(nn.Module):  # params: 1050624
    def __init__(self, h=8, d_model=512, dropout=0.1):
        super().__init__()
        assert d_model % h == 0
        self.d_k = d_model // h
        self.h = h
        self.linears = clones(nn.Linear(d_model, d_model), 4)
        self.attn = None
        self.dropout = nn.Dropout(p=dropout)

    def forward(self, query, key, value, mask=None):
        if mask is not None:
            mask = mask.unsqueeze(1)
        nbatches = query.size(0)
        query, key, value = [
            lin(x).view(nbatches, -1, self.h, self.d_k).transpose(1, 2) for lin, x in zip(self.linears, (query, key, value))
        ]
        x, self.attn = attention(query, key, value, mask=mask, dropout=self.dropout)
        x = x.transpose(1, 2).contiguous().view(nbatches, -1, self.h * self.d_k)
        return self.linears[-1](x)


# run: SelfAttention()(randn(2, 7, 512))
class SelfAttention(nn.Module):
    def __init__(self, embed_size=512, heads=8):
        super().__init__()
        self.heads = heads
        self.head_dim = embed_size // heads
        assert self.head_dim * heads == embed_size, "Embed size needs to be divisible by heads"
        self.values = nn.Linear(embed_size, embed_size, bias=False)
        self.keys = nn.Linear(embed_size, embed_size, bias=False)
        self.queries = nn.Linear(embed_size, embed_size, bias=False)
        self.fc_out = nn.Linear(heads * self.head_dim, embed_size)

    def forward(self, x):
        N, L, C = x.shape
        q = self.queries(x).reshape(N, L, self.heads, self.head_dim)  # shape: [B, L, 8, 64]
        k = self.keys(x).reshape(N, L, self.heads, self.head_dim)
        v = self.values(x).reshape(N, L, self.heads, self.head_dim)
        energy = torch.einsum("nqhd,nkhd->nhqk", [q, k])  # shape: [B, 8, L, L]
        weights = torch.softmax(energy / (C ** (1 / 2)), dim=3)
        out = torch.einsum("nhql,nlhd->nqhd", [weights, v]).reshape(N, L, C)  # shape: [B, L, 512]
        return self.fc_out(out)


class LayerNorm(nn.Module):
    def __init__(self, features, eps=1e-6):
        super().__init__()
        self.a_2 = nn.Parameter(torch.ones(features))
        self.b_2 = nn.Parameter(torch.zeros(features))
        self.eps = eps

    def forward(self, x):
        mean = x.mean(-1, keepdim=True)
        std = x.std(-1, keepdim=True)
        return self.a_2 * (x - mean) / (std + self.eps) + self.b_2


class SublayerConnection(nn.Module):
    def __init__(self, size, dropout):
        super().__init__()
        self.norm = LayerNorm(size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, sublayer):
        return x + self.dropout(sublayer(self.norm(x)))


class EncoderLayer(nn.Module):
    def __init__(self, size, self_attn, feed_forward, dropout):
        super().__init__()
        self.self_attn = self_attn
        self.feed_forward = feed_forward
        self.sublayer = clones(SublayerConnection(size, dropout), 2)
        self.size = size

    def forward(self, x, mask):
        x = self.sublayer[0](x, lambda x: self.self_attn(x, x, x, mask))
        return self.sublayer[1](x, self.feed_forward)


# run: LayerNorm(32)(randn(2, 7, 32))
# run: SublayerConnection(32, 0.1)(randn(2, 7, 32), torch.nn.Linear(32, 32))
# run: EncoderLayer(32, MultiHeadedAttention(2, 32), torch.nn.Linear(32, 32), 0.1)(randn(2, 7, 32), None)
# run: Encoder()(randint(0, 9, (2, 7)))
class Encoder(nn.Module):  # params: 19427328
    def __init__(self, N=6, d_model=512, d_ff=2048, h=8, dropout=0.1, vocab=1000):
        super().__init__()
        c = copy.deepcopy
        attn = MultiHeadedAttention(h, d_model)
        ff = nn.Sequential(nn.Linear(d_model, d_ff), nn.ReLU(), nn.Dropout(dropout), nn.Linear(d_ff, d_model))
        layer = EncoderLayer(d_model, c(attn), c(ff), dropout)
        self.embed = nn.Embedding(vocab, d_model)
        self.layers = clones(layer, N)
        self.norm = LayerNorm(layer.size)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)

    def forward(self, src):
        mask = (src != 0).unsqueeze(-2)  # shape: [B, 1, T]
        x = self.embed(src) * math.sqrt(512)  # shape: [B, T, 512]
        for layer in self.layers:
            x = layer(x, mask)  # shape: [B, T, 512]
        return self.norm(x)


# run: ViewTooEarly()(randn(2, 7, 64))
class ViewTooEarly(nn.Module):
    """`contiguous()` is missing."""

    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads, self.d = heads, dim // heads
        self.qkv = nn.Linear(dim, 3 * dim)

    # torchlint: input x: [B, 7, 64]
    def forward(self, x):
        b, n, c = x.shape
        qkv = self.qkv(x).view(b, n, 3, self.heads, self.d).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]  # shape: q [B, 4, 7, 16]
        y = F.softmax(q @ k.transpose(-2, -1), dim=-1) @ v
        return y.transpose(1, 2).view(b, n, c)  # expect: view-noncontiguous


# run: WrongHeads()(randn(2, 7, 100))
class WrongHeads(nn.Module):
    """100 features are not 8 heads of 12."""

    def __init__(self, dim=100, heads=8):
        super().__init__()
        self.heads, self.d = heads, dim // heads
        self.q = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, _ = x.shape
        q = self.q(x).reshape(b, n, self.heads, self.d)  # expect: reshape-size
        return q


# run: UntransposedKeys()(randn(2, 7, 64), randn(2, 7, 64))
class UntransposedKeys(nn.Module):
    """The keys are not transposed: [.., 7, 16] @ [.., 7, 16]."""

    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads = heads

    # torchlint: input q: [B, 7, 64]
    # torchlint: input k: [B, 7, 64]
    def forward(self, q, k):
        q = q.view(q.size(0), q.size(1), self.heads, -1).transpose(1, 2)  # shape: [B, 4, 7, 16]
        k = k.view(k.size(0), k.size(1), self.heads, -1).transpose(1, 2)
        return torch.softmax(q @ k, dim=-1)  # expect: matmul-mismatch
