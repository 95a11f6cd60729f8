"""TL123 where a class is constructed against what its own code requires: at the construction, silent on the repair."""

from __future__ import annotations

import pytest
import torch

from rules.snippets import check, said, script

_ATTENTION = """
class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        n, length, dim = x.shape
        q, k, v = self.qkv(x).reshape(n, length, 3, self.heads, dim // self.heads).unbind(2)
        return (q * k + v).flatten(2)


class Block(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.attention = Attention(dim, heads)

    def forward(self, x):
        return x + self.attention(x)
"""
_NET = """

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential({layers})

    def forward(self, x):
        return self.layers(x)


Net()(torch.randn({shape}))
"""
_GROUPS = """
class Group(nn.Module):
    def __init__(self, channels, groups):
        super().__init__()
        self.norm = nn.GroupNorm(groups, channels)

    def forward(self, x):
        return self.norm(x)
"""
_RESIDUAL = """
class Residual(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.conv = nn.Conv1d(a, b, 3, padding=1)

    def forward(self, x):
        y = self.conv(x)
        return torch.stack([y, x]).sum(0)
"""
_CASES = {
    "one of two blocks": (
        _ATTENTION,
        ("Block(96, 8), Block(96, 7)", "Block(96, 8), Block(96, 6)"),
        "2, 5, 96",
        ("`Block` requires dim % heads == 0, but `dim` is 96 and `heads` is 7", "Block(96, 7)"),
    ),
    "both of two blocks": (
        _ATTENTION,
        ("Block(96, 9), Block(96, 7)", "Block(96, 8), Block(96, 6)"),
        "2, 5, 96",
        ("`Block` requires dim % heads == 0, but `dim` is 96 and `heads` is 9", "Block(96, 9)"),
    ),
    "what its constructor refuses": (
        _GROUPS,
        ("nn.Conv1d(3, 20, 3), Group(20, 8)", "nn.Conv1d(3, 20, 3), Group(20, 5)"),
        "2, 3, 9",
        ("`Group` requires channels % groups == 0, but `channels` is 20 and `groups` is 8", "Group(20, 8)"),
    ),
    "a residual": (
        _RESIDUAL,
        ("Residual(4, 8)", "Residual(4, 4)"),
        "2, 4, 9",
        ("`Residual` requires b == a, but `a` is 4 and `b` is 8", "Residual(4, 8)"),
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_a_construction_that_breaks_the_contract(name: str) -> None:
    """The finding stands at the construction, names the condition and the numbers, and points inside; torch agrees."""
    classes, (broken, mended), shape, (message, marked) = _CASES[name]
    text = classes + _NET.format(layers=broken, shape=shape)
    document = script(text)
    found = check(document)
    assert [d.name for d in found] == ["contract-violated"] * len(found)
    assert (found[0].message, document.text_of(found[0].span)) == (message, marked)
    inside = next(n for n in found[0].notes if n.message == "it is raised here")
    assert inside.span is not None and inside.span.start.row < found[0].span.start.row
    with pytest.raises((RuntimeError, ValueError)):
        run(text)
    repaired = classes + _NET.format(layers=mended, shape=shape)
    run(repaired)
    assert said(script(repaired)) == []


def run(text: str) -> None:
    exec(text, {"torch": torch, "nn": torch.nn})


def test_a_wrong_input_is_no_breach() -> None:
    """What the construction allows and the call does not is reported at the operation."""
    text = _ATTENTION + _NET.format(layers="Block(96, 8)", shape="2, 5, 64")
    names = [name for name, _, _ in said(script(text))]
    assert "linear-in-features" in names
    assert "contract-violated" not in names


def test_a_replaced_default_is_no_breach() -> None:
    """The conditions are those under the defaults; with others nothing is concluded from them."""
    text = """
    class Residual(nn.Module):
        def __init__(self, a, b, skip=True):
            super().__init__()
            self.conv, self.skip = nn.Conv1d(a, b, 3, padding=1), skip

        def forward(self, x):
            return torch.stack([self.conv(x), x]).sum(0) if self.skip else self.conv(x)


    Residual(4, 8, skip=False)(torch.randn(2, 4, 9))
    """
    assert said(script(text)) == []
    assert [name for name, _, _ in said(script(text.replace(", skip=False", "")))] == ["contract-violated"]
