"""Batches come first from a loader, an LSTM takes the sequence first unless it is told."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class Sentences(Dataset):
    def __init__(self, n=100):
        self.ids = torch.randint(0, 100, (n, 20))
        self.labels = torch.randint(0, 5, (n,))

    def __len__(self):
        return self.ids.shape[0]

    def __getitem__(self, index):
        return {"input_ids": self.ids[index], "labels": self.labels[index]}


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 32)
        self.lstm = nn.LSTM(32, 64, bidirectional=True)  # repair: self.lstm = nn.LSTM(32, 64, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(128, 5)

    def forward(self, input_ids):
        _, (h, _) = self.lstm(self.embed(input_ids))
        return self.fc(torch.cat([h[0], h[1]], dim=-1))


model = Classifier()
for batch in DataLoader(Sentences(), batch_size=25):
    logits = model(batch["input_ids"])
    loss = F.cross_entropy(logits, batch["labels"])  # expect: loss-shape "[20]"
