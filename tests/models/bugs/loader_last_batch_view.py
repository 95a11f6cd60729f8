"""A view to the batch size, which the last batch does not have."""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

BATCH = 64
loader = DataLoader(TensorDataset(torch.randn(1000, 1, 28, 28), torch.randint(0, 10, (1000,))), batch_size=BATCH)
model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

for images, labels in loader:
    images = images.view(BATCH, 784)  # expect: reshape-size  # repair: images = images.view(-1, 784)
    optimizer.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    optimizer.step()
