"""A text classifier on nn.TransformerEncoder with sinusoidal positions in a buffer; batch_first forgotten in none, heads in one."""

import math

import torch
from torch import Tensor, nn
from torch.nn import TransformerEncoder, TransformerEncoderLayer


# run: PositionalEncoding(32)(randn(5, 2, 32))
class PositionalEncoding(nn.Module):
    def __init__(self, d_model: int, dropout: float = 0.1, max_len: int = 500):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        position = torch.arange(max_len).unsqueeze(1)
        div_term = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(max_len, 1, d_model)
        pe[:, 0, 0::2] = torch.sin(position * div_term)
        pe[:, 0, 1::2] = torch.cos(position * div_term)
        self.register_buffer("pe", pe)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.pe[: x.size(0)]
        return self.dropout(x)


# run: TransformerModel()(randint(0, 9, (5, 2)))
class TransformerModel(nn.Module):  # params: 884804
    def __init__(self, ntoken: int = 2000, d_model: int = 200, nhead: int = 2, d_hid: int = 200, nlayers: int = 2, dropout: float = 0.5):
        super().__init__()
        self.model_type = "Transformer"
        self.pos_encoder = PositionalEncoding(d_model, dropout)
        encoder_layers = TransformerEncoderLayer(d_model, nhead, d_hid, dropout)
        self.transformer_encoder = TransformerEncoder(encoder_layers, nlayers)
        self.embedding = nn.Embedding(ntoken, d_model)
        self.d_model = d_model
        self.linear = nn.Linear(d_model, 4)
        self.init_weights()

    def init_weights(self) -> None:
        initrange = 0.1
        self.embedding.weight.data.uniform_(-initrange, initrange)
        self.linear.bias.data.zero_()
        self.linear.weight.data.uniform_(-initrange, initrange)

    # torchlint: input src: [T, N]
    def forward(self, src: Tensor, src_mask: Tensor = None) -> Tensor:
        src = self.embedding(src) * math.sqrt(self.d_model)  # shape: [T, N, 200]
        src = self.pos_encoder(src)
        if src_mask is None:
            src_mask = nn.Transformer.generate_square_subsequent_mask(len(src))  # shape: [T, T]
        output = self.transformer_encoder(src, src_mask)  # shape: [T, N, 200]
        logits = self.linear(output.mean(0))  # shape: [N, 4]
        return logits


# run: BatchFirstClassifier()(randint(1, 9, (2, 5)))
class BatchFirstClassifier(nn.Module):
    def __init__(self, vocab=1000, dim=64, n_classes=2):
        super().__init__()
        self.emb = nn.Embedding(vocab, dim, padding_idx=0)
        layer = nn.TransformerEncoderLayer(d_model=dim, nhead=8, dim_feedforward=128, batch_first=True, norm_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, num_layers=3, enable_nested_tensor=False)
        self.cls = nn.Linear(dim, n_classes)

    def forward(self, ids):
        pad = ids.eq(0)  # shape: [B, T]
        h = self.encoder(self.emb(ids), src_key_padding_mask=pad)  # shape: [B, T, 64]
        keep = (~pad).unsqueeze(-1).float()
        pooled = (h * keep).sum(1) / keep.sum(1).clamp(min=1)  # shape: [B, 64]
        return self.cls(pooled)


# run: WrongHeads()(randn(2, 5, 100))
class WrongHeads(nn.Module):
    def __init__(self, dim=100):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(d_model=dim, nhead=8, batch_first=True)  # expect: attention-size "8"

    def forward(self, x):
        return self.layer(x)


# run: WrongModelSize()(randint(0, 9, (2, 5)))
class WrongModelSize(nn.Module):
    def __init__(self, vocab=1000):
        super().__init__()
        self.emb = nn.Embedding(vocab, 128)
        layer = nn.TransformerEncoderLayer(d_model=256, nhead=8, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, ids):
        return self.encoder(self.emb(ids))  # expect: attention-size
