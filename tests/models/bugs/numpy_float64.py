"""numpy's numbers are float64, weights are float32."""

import numpy as np
import torch
import torch.nn as nn

rng = np.random.default_rng(0)
X = rng.normal(size=(200, 12))
y = (X.sum(axis=1) > 0).astype(np.int64)
mean, std = X.mean(axis=0), X.std(axis=0)
X = (X - mean) / std

inputs = torch.from_numpy(X)  # repair: inputs = torch.from_numpy(X).float()
labels = torch.from_numpy(y)
model = nn.Sequential(nn.Linear(12, 32), nn.ReLU(), nn.Linear(32, 2))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(2):
    optimizer.zero_grad()
    logits = model(inputs)  # expect: dtype-mismatch "float64"
    loss = criterion(logits, labels)
    loss.backward()
    optimizer.step()
