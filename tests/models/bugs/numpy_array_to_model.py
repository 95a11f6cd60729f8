"""An array is handed to the model as it is."""

import numpy as np
import torch
import torch.nn as nn


class Regressor(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.hidden = nn.Linear(features, 16)
        self.out = nn.Linear(16, 1)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x))).squeeze(-1)  # expect: bad-call "numpy array"


x = np.linspace(-1, 1, 50, dtype=np.float32).reshape(-1, 1)
features = np.concatenate([x, x**2, np.sin(3 * x)], axis=1)
model = Regressor(features.shape[1])
prediction = model(features)  # repair: prediction = model(torch.from_numpy(features))
error = np.abs(prediction.detach().numpy() - x[:, 0]).mean()
print(f"{error:.3f}")
