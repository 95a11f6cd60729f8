"""A table of positions for an image of another number of patches: the class token was forgotten."""

import torch
import torch.nn as nn


class ViTEmbed(nn.Module):
    def __init__(self, img_size=32, patch_size=8, dim=64):
        super().__init__()
        num_patches = (img_size // patch_size) ** 2
        self.proj = nn.Conv2d(3, dim, patch_size, stride=patch_size)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, num_patches, dim))  # repair: self.pos_embed = nn.Parameter(torch.zeros(1, num_patches + 1, dim))

    def forward(self, x):
        x = self.proj(x).flatten(2).transpose(1, 2)
        cls = self.cls_token.expand(x.shape[0], -1, -1)
        x = torch.cat([cls, x], dim=1)
        return x + self.pos_embed  # expect: broadcast-mismatch


embed = ViTEmbed()
tokens = embed(torch.randn(2, 3, 32, 32))
