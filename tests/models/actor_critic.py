"""Actor-critic with two heads, a Gaussian policy; a twin that returns two things and is used as one."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.distributions import Categorical, Normal


# run: Policy()(randn(3, 4))
class Policy(nn.Module):  # params: 1027
    def __init__(self):
        super().__init__()
        self.affine1 = nn.Linear(4, 128)
        self.action_head = nn.Linear(128, 2)
        self.value_head = nn.Linear(128, 1)
        self.saved_actions = []
        self.rewards = []

    def forward(self, x):
        x = F.relu(self.affine1(x))
        action_prob = F.softmax(self.action_head(x), dim=-1)
        state_values = self.value_head(x)
        return action_prob, state_values


# run: GaussianPolicy()(randn(3, 17))
class GaussianPolicy(nn.Module):  # params: 5708
    def __init__(self, obs_dim=17, act_dim=6, hidden=(64, 64)):
        super().__init__()
        sizes = [obs_dim, *hidden]
        layers = []
        for i in range(len(sizes) - 1):
            layers += [nn.Linear(sizes[i], sizes[i + 1]), nn.Tanh()]
        self.net = nn.Sequential(*layers)
        self.mu = nn.Linear(sizes[-1], act_dim)
        self.log_std = nn.Parameter(-0.5 * torch.ones(act_dim))

    def forward(self, obs):
        mu = self.mu(self.net(obs))
        std = torch.exp(self.log_std)  # shape: [6]
        dist = Normal(mu, std)
        action = dist.rsample()
        log_prob = dist.log_prob(action).sum(dim=-1)
        return action, log_prob


# run: TwoHeadsAsOne()(randn(3, 4))
class TwoHeadsAsOne(nn.Module):
    def __init__(self):
        super().__init__()
        self.policy = Policy()
        self.out = nn.Linear(2, 1)

    # torchlint: input x: [N, 4]
    def forward(self, x):
        return self.out(self.policy(x))  # expect: unpack-mismatch


def select_action(model, state):
    probs, state_value = model(state)
    m = Categorical(probs)
    action = m.sample()
    model.saved_actions.append((m.log_prob(action), state_value))
    return action.item()


if __name__ == "__main__":
    policy = Policy()
    for t in range(3):
        select_action(policy, torch.randn(4))
    probs, value = policy(torch.randn(5, 4))  # shape: probs [5, 2], value [5, 1]
