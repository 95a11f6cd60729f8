"""A batch is a pair: the model is given both."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

dataset = TensorDataset(torch.randn(50, 10), torch.randint(0, 3, (50,)))
loader = DataLoader(dataset, batch_size=10)
net = nn.Linear(10, 3)
for batch in loader:
    out = net(batch)  # expect: unpack-mismatch  # repair: out = net(batch[0])
