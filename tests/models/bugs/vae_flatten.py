"""A convolutional VAE: the encoder's features are counted for 64 pixels, the decoder starts from them."""

import torch
import torch.nn as nn


class ConvVAE(nn.Module):
    def __init__(self, latent=32):
        super().__init__()
        self.enc = nn.Sequential(
            nn.Conv2d(3, 32, 4, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 4, 2, 1), nn.ReLU(), nn.Flatten()
        )
        self.mu = nn.Linear(64 * 8 * 8, latent)
        self.logvar = nn.Linear(64 * 8 * 8, latent)
        self.fc = nn.Linear(latent, 64 * 8 * 8)
        self.dec = nn.Sequential(
            nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(32, 3, 4, 2, 1), nn.Sigmoid()
        )

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        h = self.fc(z).view(-1, 32, 8, 8)  # repair: h = self.fc(z).view(-1, 64, 8, 8)
        return self.dec(h), mu, logvar  # expect: conv-in-channels "32"


# run: ConvVAE()(randn(2, 3, 32, 32))
