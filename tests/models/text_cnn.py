"""Kim's TextCNN over embeddings, and one that counts its filters wrong."""

import torch
import torch.nn as nn
import torch.nn.functional as F


# run: TextCNN()(randint(0, 50, (2, 20)))
class TextCNN(nn.Module):  # params: 1861203
    def __init__(self, vocab_size=5000, embed_dim=300, num_filters=100, filter_sizes=(3, 4, 5), num_classes=3, dropout=0.5):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim)
        self.convs = nn.ModuleList([nn.Conv2d(1, num_filters, (k, embed_dim)) for k in filter_sizes])
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(len(filter_sizes) * num_filters, num_classes)

    def conv_and_pool(self, x, conv):
        x = F.relu(conv(x)).squeeze(3)
        x = F.max_pool1d(x, x.size(2)).squeeze(2)
        return x

    # torchlint: input x: [N, T]
    def forward(self, x):
        out = self.embedding(x.long())  # shape: [N, T, 300]
        out = out.unsqueeze(1)  # shape: [N, 1, T, 300]
        out = torch.cat([self.conv_and_pool(out, conv) for conv in self.convs], 1)  # shape: [N, 300]
        out = self.dropout(out)
        logits = self.fc(out)  # shape: [N, 3]
        return logits


# run: WrongTextCNN()(randint(0, 50, (2, 20)))
class WrongTextCNN(nn.Module):
    def __init__(self, vocab_size=5000, embed_dim=128, num_filters=100, filter_sizes=(3, 4, 5)):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim)
        self.convs = nn.ModuleList([nn.Conv1d(embed_dim, num_filters, k) for k in filter_sizes])
        self.fc = nn.Linear(num_filters, 2)

    def forward(self, x):
        x = self.embedding(x).transpose(1, 2)  # shape: [B, 128, T]
        pooled = [F.relu(conv(x)).max(dim=2)[0] for conv in self.convs]
        return self.fc(torch.cat(pooled, dim=1))  # expect: linear-in-features "takes 100 features"


# run: ForgottenTranspose()(randint(0, 50, (2, 20)))
class ForgottenTranspose(nn.Module):
    """Embeddings are [N, T, C], convolutions want [N, C, T]: it fails but for texts of exactly 128 words."""

    def __init__(self, vocab_size=5000, embed_dim=128):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim)
        self.conv = nn.Conv1d(embed_dim, 64, 3, padding=1)
        self.fc = nn.Linear(64, 2)

    # torchlint: input tokens: [N, 20]
    def forward(self, tokens):
        x = self.embedding(tokens)
        x = self.conv(x)  # expect: conv-in-channels "128 channels"
        return self.fc(x.amax(-1))
