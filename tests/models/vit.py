"""ViT with a convolution as patch embedding and no einops; and one that forgets the class token's position."""

import torch
from torch import nn


class PatchEmbed(nn.Module):
    def __init__(self, img_size=224, patch_size=16, in_chans=3, embed_dim=192):
        super().__init__()
        self.n_patches = (img_size // patch_size) ** 2
        self.proj = nn.Conv2d(in_chans, embed_dim, kernel_size=patch_size, stride=patch_size)

    def forward(self, x):
        x = self.proj(x)
        x = x.flatten(2)
        x = x.transpose(1, 2)
        return x


class Attention(nn.Module):
    def __init__(self, dim, n_heads=12, qkv_bias=True, attn_p=0.0, proj_p=0.0):
        super().__init__()
        self.n_heads = n_heads
        self.dim = dim
        self.head_dim = dim // n_heads
        self.scale = self.head_dim**-0.5
        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)
        self.attn_drop = nn.Dropout(attn_p)
        self.proj = nn.Linear(dim, dim)
        self.proj_drop = nn.Dropout(proj_p)

    def forward(self, x):
        n_samples, n_tokens, dim = x.shape
        if dim != self.dim:
            raise ValueError
        qkv = self.qkv(x)
        qkv = qkv.reshape(n_samples, n_tokens, 3, self.n_heads, self.head_dim)
        qkv = qkv.permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        k_t = k.transpose(-2, -1)
        dp = (q @ k_t) * self.scale
        attn = self.attn_drop(dp.softmax(dim=-1))
        weighted_avg = attn @ v
        weighted_avg = weighted_avg.transpose(1, 2)
        weighted_avg = weighted_avg.flatten(2)
        return self.proj_drop(self.proj(weighted_avg))


class Block(nn.Module):
    def __init__(self, dim, n_heads, mlp_ratio=4.0, qkv_bias=True, p=0.0, attn_p=0.0):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attn = Attention(dim, n_heads=n_heads, qkv_bias=qkv_bias, attn_p=attn_p, proj_p=p)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        hidden_features = int(dim * mlp_ratio)
        self.mlp = nn.Sequential(nn.Linear(dim, hidden_features), nn.GELU(), nn.Dropout(p), nn.Linear(hidden_features, dim))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        x = x + self.mlp(self.norm2(x))
        return x


# run: PatchEmbed()(randn(2, 3, 224, 224))
# run: Attention(48)(randn(2, 5, 48))
# run: Block(48, 4)(randn(2, 5, 48))
# run: VisionTransformer()(randn(2, 3, 224, 224))
class VisionTransformer(nn.Module):  # params: 5717416
    def __init__(
        self, img_size=224, patch_size=16, in_chans=3, n_classes=1000, embed_dim=192, depth=12, n_heads=3, mlp_ratio=4.0, p=0.0
    ):
        super().__init__()
        self.patch_embed = PatchEmbed(img_size=img_size, patch_size=patch_size, in_chans=in_chans, embed_dim=embed_dim)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, embed_dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + self.patch_embed.n_patches, embed_dim))
        self.pos_drop = nn.Dropout(p=p)
        dpr = [x.item() for x in torch.linspace(0, 0.1, depth)]
        self.blocks = nn.ModuleList([Block(embed_dim, n_heads, mlp_ratio, p=dpr[i]) for i in range(depth)])
        self.norm = nn.LayerNorm(embed_dim, eps=1e-6)
        self.head = nn.Linear(embed_dim, n_classes)

    def forward(self, x):
        n_samples = x.shape[0]
        x = self.patch_embed(x)  # shape: [B, 196, 192]
        cls_token = self.cls_token.expand(n_samples, -1, -1)  # shape: [B, 1, 192]
        x = torch.cat((cls_token, x), dim=1)
        x = x + self.pos_embed  # shape: [B, 197, 192]
        x = self.pos_drop(x)
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        cls_token_final = x[:, 0]  # shape: [B, 192]
        return self.head(cls_token_final)


# run: NoClassPosition()(randn(2, 3, 224, 224))
class NoClassPosition(nn.Module):
    def __init__(self, img_size=224, patch_size=16, dim=64):
        super().__init__()
        n = (img_size // patch_size) ** 2
        self.proj = nn.Conv2d(3, dim, patch_size, patch_size)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos = nn.Parameter(torch.zeros(1, n, dim))

    # torchlint: input x: [N, 3, 224, 224]
    def forward(self, x):
        x = self.proj(x).flatten(2).transpose(1, 2)  # shape: [N, 196, 64]
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], dim=1)  # shape: [N, 197, 64]
        return x + self.pos  # expect: broadcast-mismatch "197"
