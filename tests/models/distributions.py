"""A VAE and a policy that sample from torch.distributions; twins that decode and score what does not fit."""

import torch
from torch import distributions, nn
from torch.distributions import Categorical, Independent, Normal, kl_divergence


# run: VAE()(randn(5, 784))
class VAE(nn.Module):
    def __init__(self, latent=20):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, 400), nn.ReLU(), nn.Linear(400, 784))

    # torchlint: input x: [N, 784]
    def forward(self, x):
        mu, log_var = self.encoder(x).chunk(2, dim=-1)
        posterior = Normal(mu, torch.exp(log_var / 2))
        z = posterior.rsample()  # shape: [N, 20]
        kl = kl_divergence(posterior, Normal(torch.zeros_like(mu), torch.ones_like(mu)))
        likelihood = Independent(distributions.Bernoulli(logits=self.decoder(z)), 1)
        score = likelihood.log_prob((x > 0).float())  # shape: [N]
        return score - kl.sum(-1)


# run: WideVAE()(randn(5, 784))
class WideVAE(VAE):
    """The decoder is made for another latent size."""

    def __init__(self):
        super().__init__()
        self.decoder = nn.Linear(10, 784)

    # torchlint: input x: [N, 784]
    def forward(self, x):
        mu, log_var = self.encoder(x).chunk(2, dim=-1)
        z = Normal(mu, torch.exp(log_var / 2)).rsample()
        return self.decoder(z)  # expect: linear-in-features "takes 10 features"


# run: Policy()(randn(7, 4))
class Policy(nn.Module):
    def __init__(self, actions=3):
        super().__init__()
        self.body = nn.Linear(4, 32)
        self.head = nn.Linear(32, actions)

    # torchlint: input state: [N, 4]
    def forward(self, state):
        policy = Categorical(logits=self.head(torch.tanh(self.body(state))))
        action = policy.sample()  # shape: [N]
        several = policy.sample((6,))  # shape: [6, N]
        entropy = policy.entropy().mean()  # shape: []
        return action, several, policy.log_prob(action), entropy
