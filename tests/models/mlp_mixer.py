"""MLP-Mixer: one MLP over the patches, one over the channels; a twin that forgets to transpose."""

import torch
from torch import nn


class MlpBlock(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class MixerBlock(nn.Module):
    def __init__(self, tokens, channels, tokens_hidden, channels_hidden):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.token_mix = MlpBlock(tokens, tokens_hidden)
        self.channel_mix = MlpBlock(channels, channels_hidden)

    def forward(self, x):
        y = self.ln1(x).transpose(1, 2)
        y = self.token_mix(y).transpose(1, 2)
        x = x + y
        return x + self.channel_mix(self.ln2(x))


# run: MlpBlock(8, 16)(randn(2, 8))
# run: MixerBlock(16, 8, 32, 64)(randn(2, 16, 8))
# run: MlpMixer()(randn(2, 3, 32, 32))
class MlpMixer(nn.Module):  # params: 306826
    def __init__(self, image_size=32, patch=4, dim=128, depth=4, num_classes=10):
        super().__init__()
        assert image_size % patch == 0, "image must be divisible by patch size"
        n = (image_size // patch) ** 2
        self.stem = nn.Conv2d(3, dim, patch, stride=patch)
        self.blocks = nn.Sequential(*[MixerBlock(n, dim, 64, 256) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, num_classes)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        x = self.stem(x).flatten(2).transpose(1, 2)  # shape: [N, 64, 128]
        x = self.norm(self.blocks(x))  # shape: [N, 64, 128]
        return self.head(x.mean(dim=1))


# run: Untransposed()(randn(2, 64, 128))
class Untransposed(nn.Module):
    def __init__(self, tokens=64, dim=128):
        super().__init__()
        self.token_mix = nn.Sequential(nn.LayerNorm(dim), nn.Linear(tokens, 32), nn.GELU(), nn.Linear(32, tokens))

    # torchlint: input x: [N, 64, 128]
    def forward(self, x):
        return x + self.token_mix(x)  # expect: linear-in-features "takes 64 features"; broadcast-mismatch
