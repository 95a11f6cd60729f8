"""Conv1d takes the channels second; embeddings have them last."""

import torch.nn as nn
import torch.nn.functional as F


class TextCNN(nn.Module):
    def __init__(self, vocab=2000, dim=300, classes=2):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.conv = nn.Conv1d(dim, 100, kernel_size=3, padding=1)
        self.norm = nn.LayerNorm(dim)
        self.fc = nn.Linear(100, classes)

    def forward(self, tokens):
        x = self.norm(self.embed(tokens))
        x = F.relu(self.conv(x.permute(1, 2, 0)))  # repair: x = F.relu(self.conv(x.permute(0, 2, 1)))
        x = F.max_pool1d(x, x.size(2)).squeeze(1)  # repair: x = F.max_pool1d(x, x.size(2)).squeeze(2)
        return self.fc(x)  # expect: linear-in-features "1"


# run: TextCNN()(randint(0, 2000, (2, 9)))
