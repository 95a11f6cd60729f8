"""Numbers of a data set become float64, weights are float32."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class HousePrices(Dataset):
    def __init__(self, n=40):
        self.x = torch.randn(n, 6)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        price = 1.5
        return self.x[i], price  # repair: return self.x[i], torch.tensor(price)


model = nn.Linear(6, 1)
for x, y in DataLoader(HousePrices(), batch_size=8):
    out = model(x).squeeze(1)
    back = nn.functional.linear(y.unsqueeze(1), model.weight.t())  # expect: dtype-mismatch "float64"
