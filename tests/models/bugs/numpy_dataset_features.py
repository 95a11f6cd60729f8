"""Windows of a series have one column more than the model was made for: the time was added to them."""

import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class Windows(Dataset):
    def __init__(self, length=300, window=24):
        t = np.arange(length)
        series = np.sin(2 * np.pi * t / 24) + 0.1 * np.random.randn(length)
        self.data = np.stack([series, np.cos(t), t / length], axis=-1).astype(np.float32)
        self.window = window

    def __len__(self):
        return len(self.data) - self.window

    def __getitem__(self, i):
        return self.data[i : i + self.window], self.data[i + self.window, 0]


model = nn.LSTM(2, 32, batch_first=True)  # repair: model = nn.LSTM(3, 32, batch_first=True)
head = nn.Linear(32, 1)
for x, y in DataLoader(Windows(), batch_size=16, shuffle=True, drop_last=True):
    states, _ = model(x)  # expect: recurrent-input-size "3"
    loss = nn.functional.mse_loss(head(states[:, -1]).squeeze(1), y)
    loss.backward()
