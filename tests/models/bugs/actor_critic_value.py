"""Values [N, 1] and returns [N] are subtracted."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Critic(nn.Module):
    def __init__(self, obs=8):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(obs, 64), nn.Tanh(), nn.Linear(64, 1))

    def forward(self, obs):
        return self.body(obs)


critic = Critic()
obs, returns = torch.randn(128, 8), torch.randn(128)
values = critic(obs)
value_loss = F.smooth_l1_loss(values, returns)  # expect: loss-broadcast "[128, 128]"  # repair: value_loss = F.smooth_l1_loss(values.squeeze(-1), returns)
