"""Patches of 16 pixels of an image that 16 does not divide."""

import torch
import torch.nn as nn
from einops.layers.torch import Rearrange

to_patches = nn.Sequential(
    Rearrange("b c (h p1) (w p2) -> b (h w) (p1 p2 c)", p1=16, p2=16),
    nn.Linear(16 * 16 * 3, 256),
)
image = torch.randn(1, 3, 200, 200)  # repair: image = torch.randn(1, 3, 208, 208)
tokens = to_patches(image)  # expect: einops-mismatch
