"""Features of all rows, labels of the training rows."""

import torch
from torch.utils.data import DataLoader, TensorDataset

X, y = torch.randn(1000, 8), torch.randint(0, 2, (1000,))
n_train = 900
train_set = TensorDataset(X, y[:n_train])  # expect: contract-violated "Size mismatch"  # repair: train_set = TensorDataset(X[:n_train], y[:n_train])
train_loader = DataLoader(train_set, batch_size=50, shuffle=True)
