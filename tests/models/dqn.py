"""Deep Q-learning: Nature's convolutions, a dueling head, a replay step; and a network for another screen."""

import random
from collections import deque, namedtuple

import torch
import torch.nn as nn
import torch.nn.functional as F

Transition = namedtuple("Transition", ("state", "action", "next_state", "reward"))


# run: DQN()(randn(2, 4, 84, 84))
class DQN(nn.Module):  # params: 1686693
    def __init__(self, in_channels=4, n_actions=5):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, 32, kernel_size=8, stride=4)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=4, stride=2)
        self.conv3 = nn.Conv2d(64, 64, kernel_size=3, stride=1)
        self.fc4 = nn.Linear(7 * 7 * 64, 512)
        self.head = nn.Linear(512, n_actions)

    # torchlint: input x: [N, 4, 84, 84]
    def forward(self, x):
        x = x.float() / 255
        x = F.relu(self.conv1(x))  # shape: [N, 32, 20, 20]
        x = F.relu(self.conv2(x))  # shape: [N, 64, 9, 9]
        x = F.relu(self.conv3(x))  # shape: [N, 64, 7, 7]
        x = F.relu(self.fc4(x.view(x.size(0), -1)))
        return self.head(x)


# run: DuelingDQN()(randn(3, 8))
class DuelingDQN(nn.Module):  # params: 34821
    def __init__(self, obs=8, n_actions=4):
        super().__init__()
        self.feature = nn.Sequential(nn.Linear(obs, 128), nn.ReLU())
        self.advantage = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, n_actions))
        self.value = nn.Sequential(nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 1))

    def forward(self, x):
        x = self.feature(x)
        advantage = self.advantage(x)  # shape: [B, 4]
        value = self.value(x)  # shape: [B, 1]
        return value + advantage - advantage.mean(dim=-1, keepdim=True)

    def act(self, state, epsilon):
        if random.random() > epsilon:
            with torch.no_grad():
                return self.forward(state.unsqueeze(0)).max(1)[1].item()
        return random.randrange(4)


# run: WrongScreen()(randn(2, 3, 40, 60))
class WrongScreen(nn.Module):
    """The tutorial's helper counts strides of 2 with kernel 5 twice, the network has three layers."""

    def __init__(self, h=40, w=60, outputs=2):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, kernel_size=5, stride=2)
        self.conv2 = nn.Conv2d(16, 32, kernel_size=5, stride=2)
        self.conv3 = nn.Conv2d(32, 32, kernel_size=5, stride=2)

        def conv2d_size_out(size, kernel_size=5, stride=2):
            return (size - (kernel_size - 1) - 1) // stride + 1

        convw = conv2d_size_out(conv2d_size_out(w))
        convh = conv2d_size_out(conv2d_size_out(h))
        self.head = nn.Linear(convw * convh * 32, outputs)

    # torchlint: input x: [N, 3, 40, 60]
    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.relu(self.conv3(x))
        return self.head(x.view(x.size(0), -1))  # expect: linear-in-features "2688"


if __name__ == "__main__":
    policy_net, target_net = DuelingDQN(), DuelingDQN()
    target_net.load_state_dict(policy_net.state_dict())
    target_net.eval()
    memory = deque([], maxlen=100)
    for _ in range(8):
        memory.append(Transition(torch.randn(1, 8), torch.tensor([[1]]), torch.randn(1, 8), torch.tensor([1.0])))
    batch = Transition(*zip(*random.sample(memory, 8)))
    states = torch.cat(batch.state)
    actions = torch.randint(0, 4, (8, 1))
    q = policy_net(torch.randn(8, 8)).gather(1, actions)  # shape: [8, 1]
    with torch.no_grad():
        target = target_net(torch.randn(8, 8)).max(1).values  # shape: [8]
    loss = nn.SmoothL1Loss()(q, target.unsqueeze(1))  # shape: []
    loss.backward()
