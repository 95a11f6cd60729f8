"""The generator makes images of 784 numbers, the discriminator was made for 28 x 32."""

import torch
import torch.nn as nn

latent_dim = 64

G = nn.Sequential(nn.Linear(latent_dim, 256), nn.ReLU(), nn.Linear(256, 784), nn.Tanh())
D = nn.Sequential(
    nn.Linear(896, 256),  # repair: nn.Linear(784, 256),
    nn.LeakyReLU(0.2),
    nn.Linear(256, 1),
)
criterion = nn.BCEWithLogitsLoss()
z = torch.randn(16, latent_dim)
fake = G(z)
score = D(fake)  # expect: linear-in-features "896"
loss = criterion(score, torch.ones(16, 1))
loss.backward()
