"""Rounding makes the parts of a split smaller than the whole."""

import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

dataset = TensorDataset(torch.randn(1001, 4), torch.randn(1001, 1))
n_train = int(0.8 * len(dataset))
n_val = int(0.2 * len(dataset))  # repair: n_val = len(dataset) - n_train
train_set, val_set = random_split(dataset, [n_train, n_val])  # expect: contract-violated "Sum of input lengths"
train_loader = DataLoader(train_set, batch_size=32)
