"""Whole models whose depth the caller chooses: their counts are formulas; torch is the judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from torchlint.analysis import Project, analyze, summarize
from torchlint.dims.expr import Size, evaluate, symbols_of
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.summary import Summary, Target
from torchlint.summary_text import size_text

_SETTINGS = Settings(budget_seconds=20, ignore=("unused-layer",))  # counts are asked for here, whatever `forward` does
_GPT = """
import math
from dataclasses import dataclass
import torch
import torch.nn as nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        assert config.n_embd % config.n_head == 0
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)
        self.dropout = nn.Dropout(config.dropout)
        self.n_head = config.n_head
        self.n_embd = config.n_embd

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.n_embd, dim=2)
        k = k.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        q = q.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        v = v.view(B, T, self.n_head, C // self.n_head).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        y = self.dropout(F.softmax(att, dim=-1)) @ v
        return self.dropout(self.c_proj(y.transpose(1, 2).contiguous().view(B, T, C)))


class MLP(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.c_fc = nn.Linear(config.n_embd, 4 * config.n_embd, bias=config.bias)
        self.gelu = nn.GELU()
        self.c_proj = nn.Linear(4 * config.n_embd, config.n_embd, bias=config.bias)

    def forward(self, x):
        return self.c_proj(self.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd)
        self.attn = Attention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd)
        self.mlp = MLP(config)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


@dataclass
class Config:
    block_size: int
    vocab_size: int
    n_layer: int
    n_head: int
    n_embd: int
    dropout: float = 0.0
    bias: bool = True


class GPT(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.transformer = nn.ModuleDict(dict(
            wte=nn.Embedding(config.vocab_size, config.n_embd),
            wpe=nn.Embedding(config.block_size, config.n_embd),
            h=nn.ModuleList([Block(config) for _ in range(config.n_layer)]),
            ln_f=nn.LayerNorm(config.n_embd),
        ))
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.transformer.wte.weight = self.lm_head.weight
        self.apply(self._init_weights)
        for name, p in self.named_parameters():
            if name.endswith("c_proj.weight"):
                nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * config.n_layer))
        print("number of parameters: %.2fM" % (self.get_num_params() / 1e6,))

    def get_num_params(self):
        return sum(p.numel() for p in self.parameters()) - self.transformer.wpe.weight.numel()

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)

    # torchlint: input idx: [2, 5]
    def forward(self, idx):
        b, t = idx.size()
        assert t <= self.config.block_size
        x = self.transformer.wte(idx) + self.transformer.wpe(torch.arange(0, t, device=idx.device))
        for block in self.transformer.h:
            x = block(x)
        return self.lm_head(self.transformer.ln_f(x))


def build(n_layer, n_embd):
    return GPT(Config(8, 11, n_layer, 2, n_embd))
"""
_VIT = """
import torch
from torch import nn


class DropPath(nn.Module):
    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        if self.rate == 0.0 or not self.training:
            return x
        keep = torch.rand((x.shape[0],) + (1,) * (x.ndim - 1)) < 1 - self.rate
        return x / (1 - self.rate) * keep


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.scale = (dim // heads) ** -0.5
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        B, N, C = x.shape
        q, k, v = self.qkv(x).reshape(B, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        attn = ((q @ k.transpose(-2, -1)) * self.scale).softmax(dim=-1)
        return self.proj((attn @ v).transpose(1, 2).reshape(B, N, C))


class Block(nn.Module):
    def __init__(self, dim, heads, drop_path):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attn = Attention(dim, heads)
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))
        self.drop_path = DropPath(drop_path) if drop_path > 0.0 else nn.Identity()

    def forward(self, x):
        x = x + self.drop_path(self.attn(self.norm1(x)))
        return x + self.drop_path(self.mlp(self.norm2(x)))


class ViT(nn.Module):
    def __init__(self, dim, depth, heads=2, classes=10, patch=4, size=8, drop_path_rate=0.1):
        super().__init__()
        self.patch_embed = nn.Conv2d(3, dim, patch, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, (size // patch) ** 2 + 1, dim))
        dpr = [x.item() for x in torch.linspace(0, drop_path_rate, depth)]
        self.blocks = nn.Sequential(*[Block(dim, heads, dpr[i]) for i in range(depth)])
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(dim, classes)

    # torchlint: input x: [1, 3, 8, 8]
    def forward(self, x):
        x = self.patch_embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], dim=1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


def build(dim, depth):
    return ViT(dim, depth).eval()
"""
_RESNET = """
from typing import List
import torch
from torch import nn


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inplanes, planes, stride=1, downsample=None):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample

    def forward(self, x):
        out = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(out + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, layers: List[int], classes=10):
        super().__init__()
        self.inplanes = 8
        self.conv1 = nn.Conv2d(3, 8, 3, 1, 1, bias=False)
        self.layer1 = self._make_layer(BasicBlock, 8, layers[0])
        self.layer2 = self._make_layer(BasicBlock, 16, layers[1], stride=2)
        self.fc = nn.Linear(16, classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out")
            elif isinstance(m, nn.BatchNorm2d):
                nn.init.constant_(m.weight, 1)

    def _make_layer(self, block, planes, blocks, stride=1):
        downsample = None
        if stride != 1 or self.inplanes != planes * block.expansion:
            downsample = nn.Sequential(
                nn.Conv2d(self.inplanes, planes * block.expansion, 1, stride, bias=False),
                nn.BatchNorm2d(planes * block.expansion),
            )
        layers = [block(self.inplanes, planes, stride, downsample)]
        self.inplanes = planes * block.expansion
        for _ in range(1, blocks):
            layers.append(block(self.inplanes, planes))
        return nn.Sequential(*layers)

    # torchlint: input x: [2, 3, 8, 8]
    def forward(self, x):
        return self.fc(self.layer2(self.layer1(self.conv1(x))).mean((2, 3)))


def build(first, second):
    return ResNet([first, second])
"""
_MLP = """
from torch import nn


class MLP(nn.Module):
    def __init__(self, dim_in, dim, dim_out, num_layers):
        super().__init__()
        layers = [nn.Linear(dim_in, dim), nn.ReLU()]
        for _ in range(num_layers - 1):
            layers.extend([nn.Linear(dim, dim), nn.ReLU(), nn.Dropout(0.5)])
        layers.append(nn.Linear(dim, dim_out))
        self.net = nn.Sequential(*layers)

    # torchlint: input x: [3, dim_in]
    def forward(self, x):
        return self.net(x)


def build(num_layers, dim):
    return MLP(7, dim, 5, num_layers)
"""
_RESIDUAL = """
from torch import nn


class Residual(nn.Module):
    def __init__(self, channels, depth, groups):
        super().__init__()
        self.depth = depth
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        for _ in range(depth):
            self.convs.append(nn.Conv1d(channels, channels, 3, padding=1))
            self.norms.append(nn.GroupNorm(groups, channels))
        self.skips = nn.ModuleList([nn.Linear(channels, channels) for _ in self.convs])

    # torchlint: input x: [2, channels, 9]
    def forward(self, x):
        for i in range(self.depth):
            y = self.norms[i](self.convs[i](x)).relu()
            x = y + self.skips[i](x.transpose(1, 2)).transpose(1, 2)
        return x


def build(channels, depth):
    return Residual(channels, depth, 2)
"""
_MODELS = {
    "GPT": (_GPT, "idx", torch.zeros(2, 5, dtype=torch.long), ("n_layer", "n_embd"), [(0, 4), (1, 4), (2, 4), (5, 8)]),
    "ViT": (_VIT, "x", torch.zeros(1, 3, 8, 8), ("dim", "depth"), [(4, 0), (4, 1), (8, 2), (4, 5)]),
    "ResNet": (_RESNET, "x", torch.zeros(2, 3, 8, 8), ("layers[0]", "layers[1]"), [(1, 1), (2, 1), (1, 3), (5, 2)]),
    "MLP": (_MLP, "x", torch.zeros(3, 7), ("num_layers", "dim"), [(1, 4), (2, 4), (5, 6)]),
    "Residual": (_RESIDUAL, "x", None, ("channels", "depth"), [(4, 0), (4, 1), (6, 2), (8, 5)]),
}
_FIXED = {"block_size": 8, "vocab_size": 11, "n_head": 2, "heads": 2, "groups": 2, "dim_in": 7, "dim_out": 5}


def summary(tmp_path: Path, name: str, text: str) -> Summary:
    path = tmp_path / "model.py"
    path.write_text(text)
    (found,) = summarize(Target(path=path, name=name), Project(_SETTINGS, tmp_path), _SETTINGS)
    return found


def number(size: Size, values: dict[str, int]) -> int:
    return evaluate(size, {symbol: values[symbol.name.removeprefix("config.")] for symbol in symbols_of(size)})


@pytest.mark.parametrize("name", _MODELS)
def test_a_model_of_any_depth_is_torchs(name: str, tmp_path: Path) -> None:
    """Parameters, buffers, multiply-adds and the output's shape, for every depth; nothing is reported."""
    text, _, given, symbols, choices = _MODELS[name]
    found = summary(tmp_path, name, text)
    scope: dict[str, Any] = {}
    exec(text, scope)
    for chosen in choices:
        values = {**_FIXED, **dict(zip(symbols, chosen))}
        model = scope["build"](*chosen)
        assert found.total_params is not None and found.buffers is not None, found.notes
        assert number(found.total_params, values) == sum(p.numel() for p in model.parameters())
        assert number(found.buffers, values) == sum(b.numel() for b in model.buffers())
        with FlopCounterMode(display=False) as counter:
            output = model(torch.zeros(2, chosen[0], 9) if given is None else given)
        assert found.total_mult_adds is not None, found.notes
        assert 2 * number(found.total_mult_adds, values) == counter.get_total_flops()
        shape: Any = found.rows[0].output_shape
        assert tuple(number(size, values) for size in shape) == tuple(output.shape)
    document = Document(str(tmp_path / "model.py"), text)
    assert analyze(document, Project(_SETTINGS, tmp_path), _SETTINGS).diagnostics == ()


def test_a_count_is_written_as_a_person_would(tmp_path: Path) -> None:
    """The blocks first, as often as there are, then the rest."""
    found = summary(tmp_path, "ViT", _VIT)
    assert size_text(found.total_params) == "depth*(12*dim**2 + 10*dim) + 67*dim + 10"
    blocks = next(row for row in found.rows if row.path == "blocks.[0:depth]")
    assert (size_text(blocks.params), size_text(blocks.times)) == ("12*dim**2 + 10*dim", "depth")


def test_a_mistake_in_a_block_is_found_once(tmp_path: Path) -> None:
    """At its line, in the constructor and in the forward, however many blocks there are."""
    for right, wrong, rule in (
        ("nn.Linear(4 * dim, dim))", "nn.Linear(3 * dim, dim))", "linear-in-features"),
        ("self.proj = nn.Linear(dim, dim)", "self.proj = nn.Linear(dim + 1, dim)", "linear-in-features"),
        ("nn.LayerNorm(dim)\n        self.attn", "nn.LayerNorm(dim + 1)\n        self.attn", "norm-size"),
    ):
        text = _VIT.replace(right, wrong, 1)
        assert text != _VIT
        document = Document(str(tmp_path / "model.py"), text)
        found = analyze(document, Project(_SETTINGS, tmp_path), _SETTINGS).diagnostics
        assert [d.name for d in found] == [rule]


def test_what_is_wrong_with_some_depths_only_is_no_mistake(tmp_path: Path) -> None:
    """An index that small models lack, a width that fits the first block only."""
    for text in (
        _VIT.replace(
            "self.norm = nn.LayerNorm(dim)\n        self.head",
            "self.last = self.blocks[3]\n        self.norm = nn.LayerNorm(dim)\n        self.head",
        ),
        _RESIDUAL.replace(
            "nn.Conv1d(channels, channels, 3, padding=1)", "nn.Conv1d(channels, channels + len(self.convs), 3, padding=1)"
        ),
    ):
        document = Document(str(tmp_path / "model.py"), text)
        assert analyze(document, Project(_SETTINGS, tmp_path), _SETTINGS).diagnostics == ()


def test_a_depth_that_one_call_says_is_open_in_the_definition(tmp_path: Path) -> None:
    """The class has a formula, the model that is built a number."""
    text = _VIT + "\n\nmodel = ViT(8, 3)\nmodel(torch.zeros(1, 3, 8, 8))\n"
    assert size_text(summary(tmp_path, "ViT", text).total_params) == "depth*(12*dim**2 + 10*dim) + 67*dim + 10"
    assert summary(tmp_path, "model", text).total_params == 3 * (12 * 64 + 80) + 67 * 8 + 10
    document = Document(str(tmp_path / "model.py"), text)
    assert analyze(document, Project(_SETTINGS, tmp_path), _SETTINGS).diagnostics == ()


_GROWN = """
from torch import nn

class Block(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.fc = nn.Linear(dim, dim)
        self.extra = nn.Identity()

    def forward(self, x):
        return self.extra(self.fc(x))

class Net(nn.Module):
    def __init__(self, dim, depth):
        super().__init__()
        self.first = nn.ModuleList([Block(dim), Block(dim)])
        self.blocks = nn.ModuleList([Block(dim) for _ in range(depth)])
        LOOP

    def forward(self, x):
        for block in [*self.first, *self.blocks]:
            x = block(x)
        return x
"""


@pytest.mark.parametrize(
    "loop",
    [
        "for block, rate in zip(self.blocks, [0.1, 0.2]): block.extra = nn.Linear(dim, dim)",
        "for block, rate in zip(self.first, range(depth)): block.extra = nn.Linear(dim, dim)",
        "for i in range(depth): self.first[i % 2].extra = nn.Linear(dim, dim)",
        "for i in range(depth): self.first[i % 2].fc.bias = None",
        "for block in self.blocks[1:]: block.extra = nn.Linear(dim, dim)",
    ],
)
def test_a_layer_that_nobody_knows_which_module_gets_is_not_left_out(loop: str, tmp_path: Path) -> None:
    """There is no count rather than one that is too small, of multiply-adds too."""
    found = summary(tmp_path, "Net", _GROWN.replace("LOOP", loop))
    assert (found.total_params, found.total_mult_adds) == (None, None)
    usual = summary(tmp_path, "Net", _GROWN.replace("LOOP", "for block in self.first: block.extra = nn.Linear(dim, dim)"))
    assert usual.total_params is not None and usual.total_mult_adds is not None


@pytest.mark.parametrize(
    ("change", "has_count"),
    [
        ("self.blocks[0].extra = nn.Linear(dim, dim)", False),
        ("setattr(self.blocks[-1], 'extra', nn.Linear(dim, dim))", False),
        ("self.blocks[-1].fc.bias = None", False),
        ("self.blocks[-1].fc = nn.Linear(dim, 2 * dim)", False),
        ("self.blocks[0].fc.weight = self.blocks[1].fc.weight", False),
        ("for i, block in enumerate(self.blocks): block.extra = nn.Linear(dim, dim) if i % 2 else nn.Identity()", False),
        ("self.blocks[-1].is_last = True", True),
        ("nn.init.zeros_(self.blocks[0].fc.weight)", True),
        ("for block in self.blocks: block.extra = nn.Linear(dim, dim)", True),
    ],
)
def test_what_is_changed_in_one_of_the_blocks_is_not_said_of_all(change: str, has_count: bool, tmp_path: Path) -> None:
    """Neither its parameters nor what it costs, and nothing is reported that would fail if all were like it."""
    text = _GROWN.replace("LOOP", change)
    found = summary(tmp_path, "Net", text)
    assert (found.total_params is not None, found.total_mult_adds is not None) == (has_count, has_count)
    document = Document(str(tmp_path / "model.py"), text)
    assert analyze(document, Project(_SETTINGS, tmp_path), _SETTINGS).diagnostics == ()


def test_a_hook_of_one_of_the_blocks_is_not_that_of_all(tmp_path: Path) -> None:
    """One block gives a single row, or costs more than the others: the cost of all is not known."""
    hook = "register_forward_hook(lambda module, args, output: output.mean(0, keepdim=True))"
    text = _GROWN.replace("LOOP", f"self.blocks[-1].{hook}").replace("[*self.first, *self.blocks]", "self.blocks")
    document = Document(str(tmp_path / "model.py"), text)
    assert analyze(document, Project(_SETTINGS, tmp_path), _SETTINGS).diagnostics == ()
    assert summary(tmp_path, "Net", text).total_mult_adds is None


def test_an_attribute_of_one_of_the_blocks_is_not_that_of_all(tmp_path: Path) -> None:
    """Both ways of a condition on it are open."""
    text = _GROWN.replace("LOOP", "self.blocks[-1].is_last = True").replace(
        "return self.extra(self.fc(x))",
        "return self.fc(x) if self.is_last else self.extra(self.fc(x))",
    )
    text = text.replace("self.extra = nn.Identity()", "self.extra = nn.Linear(dim, dim)\n        self.is_last = False")
    found = summary(tmp_path, "Net", text)
    assert size_text(found.total_params) == "2*(depth + 2)*(dim**2 + dim)"
    assert found.total_mult_adds is None
