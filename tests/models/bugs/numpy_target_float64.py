"""The targets that a Dataset takes from an array are float64, the inputs float32."""

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class Prices(Dataset):
    def __init__(self, n=64):
        self.x = np.random.rand(n, 5).astype("float32")
        self.y = self.x @ np.array([0.5, -1.0, 2.0, 0.0, 1.0])

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]  # repair: return self.x[i], np.float32(self.y[i])


for x, y in DataLoader(Prices(), batch_size=8):
    weights = torch.linalg.solve(x.T @ x + torch.eye(5), x.T @ y)  # expect: dtype-mismatch "float64"
