"""The actions of a replay memory need an axis for gather."""

import torch
import torch.nn as nn

policy_net = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 2))
target_net = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 2))
states, next_states = torch.randn(32, 4), torch.randn(32, 4)
actions = torch.randint(0, 2, (32,))
rewards = torch.randn(32)
q = policy_net(states).gather(1, actions)  # expect: wrong-rank  # repair: q = policy_net(states).gather(1, actions.unsqueeze(1)).squeeze(1)
target = rewards + 0.99 * target_net(next_states).max(1)[0].detach()
