"""Cross entropy wants the vocabulary second: the logits of a language model have it last."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class BigramLM(nn.Module):
    def __init__(self, vocab_size=65, n_embd=32):
        super().__init__()
        self.token_embedding = nn.Embedding(vocab_size, n_embd)
        self.lm_head = nn.Linear(n_embd, vocab_size)

    def forward(self, idx):
        return self.lm_head(self.token_embedding(idx))


model = BigramLM()
xb = torch.randint(0, 65, (4, 8))
yb = torch.randint(0, 65, (4, 8))
logits = model(xb)
loss = F.cross_entropy(logits, yb)  # expect: loss-shape  # repair: loss = F.cross_entropy(logits.view(-1, 65), yb.view(-1))
