"""The VAE of pytorch/examples, and one that samples from too many features."""

import torch
from torch import nn
from torch.nn import functional as F


class VAE(nn.Module):  # params: 652824
    def __init__(self):
        super(VAE, self).__init__()
        self.fc1 = nn.Linear(784, 400)
        self.fc21 = nn.Linear(400, 20)
        self.fc22 = nn.Linear(400, 20)
        self.fc3 = nn.Linear(20, 400)
        self.fc4 = nn.Linear(400, 784)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z):
        h3 = F.relu(self.fc3(z))
        return torch.sigmoid(self.fc4(h3))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 784))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    BCE = F.binary_cross_entropy(recon_x, x.view(-1, 784), reduction="sum")
    KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return BCE + KLD


class ChunkVAE(nn.Module):
    def __init__(self, latent=16):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.SiLU(), nn.Linear(256, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, 256), nn.SiLU(), nn.Linear(256, 784))

    def forward(self, x):
        stats = self.encoder(x)  # shape: [B, 32]
        mu, logvar = stats.chunk(2, dim=1)  # shape: mu [B, 16], logvar [B, 16]
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.decoder(z), mu, logvar


# run: UnchunkedVAE()(randn(2, 784))
class UnchunkedVAE(nn.Module):
    def __init__(self, latent=16):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 256), nn.SiLU(), nn.Linear(256, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, 256), nn.SiLU(), nn.Linear(256, 784))

    def forward(self, x):
        z = self.encoder(x)
        return self.decoder(z)  # expect: linear-in-features "takes 16 features"


def test_vae_loss():
    model = VAE()
    data = torch.rand(8, 1, 28, 28)
    recon, mu, logvar = model(data)  # shape: recon [8, 784], mu [8, 20], logvar [8, 20]
    loss = loss_function(recon, data, mu, logvar)  # shape: []
    loss.backward()


if __name__ == "__main__":
    test_vae_loss()
