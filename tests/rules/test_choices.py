"""Warnings of what fails with some choices of the caller only: torch raises with these, and runs with others."""

from __future__ import annotations

import textwrap
from typing import Any, NamedTuple

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from rules.snippets import check, script
from torchlint.diagnostics import Severity


class Case(NamedTuple):
    """A class, what is said of it, how it is built and called when it fails, and when it runs."""

    text: str
    rule: str
    message: str
    note: str
    fails: str
    runs: str


_TAGGER = """
class Tagger(nn.Module):
    def __init__(self, hidden=32, bidirectional=False):
        super().__init__()
        self.lstm = nn.LSTM(16, hidden, batch_first=True, bidirectional=bidirectional)
        self.fc = nn.Linear(hidden, 5)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out)
"""
_FUSE = """
class Fuse(nn.Module):
    def __init__(self, mode="sum"):
        super().__init__()
        if mode not in ("sum", "cat", "mean"):
            raise ValueError(mode)
        self.mode = mode
        self.first, self.second = nn.Conv2d(3, 8, 1), nn.Conv2d(3, 8, 1)
        self.out = nn.Conv2d(8, 4, 1)

    def forward(self, a, b):
        a, b = self.first(a), self.second(b)
        if self.mode == "cat":
            y = torch.cat([a, b], 1)
        elif self.mode == "sum":
            y = a + b
        else:
            y = (a + b) / 2
        return self.out(y)
"""
_GATE = """
class Gate(nn.Module):
    def __init__(self, dim, {flag}):
        super().__init__()
        self.conv = nn.Conv2d(dim, dim, 3)
        if use_se:
            self.se = nn.Conv2d(dim, dim, 1)

    def forward(self, x):
        x = self.conv(x)
        return x * self.se(x)
"""
_FORWARD = """
class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 4)
        self.out = nn.Linear(4, 3)

    def forward(self, x, {parameter}):
        x = self.fc(x)
        if {condition}:
            x = torch.cat([x, x], -1)
        return self.out(x)
"""
_TWO = """
class Two(nn.Module):
    def __init__(self, {first}, {second}):
        super().__init__()
        self.second = second
        self.fc = nn.Linear(8, 8 if first else 4)
        self.narrow, self.wide = nn.Linear(4, 3), nn.Linear(8, 3)

    def forward(self, x):
        x = self.fc(x)
        return self.narrow(x) if self.second else x
"""
_BOTH = """
class Both(nn.Module):
    def __init__(self, norm=True, act="relu"):
        super().__init__()
        self.norm, self.act = norm, act
        self.fc = nn.Linear(8, 6)
        self.out = nn.Linear(6, 2)

    def forward(self, x):
        x = self.fc(x)
        if not self.norm:
            x = torch.cat([x, x], -1)
        if self.act == "glu":
            x = F.glu(x)
        return self.out(x)
"""
_NESTED = """
class Block(nn.Module):
    def __init__(self, dim, hidden, squeeze):
        super().__init__()
        self.squeeze = squeeze
        self.conv = nn.Conv2d(dim, dim, 3, padding=1)
        self.gate = nn.Conv2d(hidden, dim, 1)

    def forward(self, x):
        y = self.conv(x)
        if self.squeeze:
            y = y * self.gate(y)
        return x + y


class Net(nn.Module):
    def __init__(self, attention=False):
        super().__init__()
        self.first, self.second = Block(3, 6, attention), Block(3, 6, attention)

    def forward(self, x):
        return self.second(self.first(x))
"""
_DISPATCH = """
class Pool(nn.Module):
    def __init__(self, kind: str = "mean"):
        super().__init__()
        self.kind = kind
        self.fc = nn.Linear(6, 2)

    def forward(self, x):
        x = x.flatten(0, 1).unflatten(0, (-1, 4)).reshape(-1, 4, 6)
        match self.kind:
            case "mean":
                x = x.mean(1)
            case "both":
                x = torch.cat([x.mean(1), x.amax(1)], 1)
        return self.fc(x)
"""
_GIVEN = """
class Down(nn.Module):
    def __init__(self, width=8, act=None):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)
        self.act = act
        self.out = nn.Conv2d(width, 2, 1)

    def forward(self, x):
        x = self.conv(x)
        if self.act is not None:
            x = torch.cat([x, -x], 1)
        return self.out(x)
"""
_SHARED = """
class Gates(nn.Module):
    def __init__(self, share: bool):
        super().__init__()
        self.share = share
        self.first, self.second = nn.Linear(8, 8), nn.Linear(8, 6)

    def scale(self, x, weights):
        return x * weights[:, :, None, None]

    def forward(self, x):
        means = x.mean((2, 3))
        x = self.scale(x, self.first(means))
        return self.scale(x, self.second(means)) if self.share else x
"""
_LINEAR = "`self.{}` takes {} features, but `{}` has {} when {}"
_CASES = {
    "an argument of a layer": Case(
        _TAGGER,
        "linear-in-features",
        _LINEAR.format("fc", 32, "out", 64, "`bidirectional` is true"),
        "`bidirectional` is chosen by the caller",
        "Tagger(bidirectional=True)(torch.randn(2, 7, 16))",
        "Tagger()(torch.randn(2, 7, 16))",
    ),
    "a mode": Case(
        _FUSE,
        "conv-in-channels",
        "`self.out` takes 8 channels, but `y` has 16 when `mode` is 'cat'",
        '`mode` decides `self.mode == "cat"`',
        "Fuse('cat')(torch.randn(2, 3, 4, 4), torch.randn(2, 3, 4, 4))",
        "Fuse()(torch.randn(2, 3, 4, 4), torch.randn(2, 3, 4, 4))",
    ),
    "a flag without a default": Case(
        _GATE.format(flag="use_se"),
        "undefined-attribute",
        "`Gate` has no attribute `se` when `use_se` is false",
        "`use_se` decides here",
        "Gate(3, False)(torch.randn(2, 3, 8, 8))",
        "Gate(3, True)(torch.randn(2, 3, 8, 8))",
    ),
    "a flag with a default": Case(
        _GATE.format(flag="use_se=True"),
        "undefined-attribute",
        "`Gate` has no attribute `se` when `use_se` is false",
        "`use_se` decides here",
        "Gate(3, use_se=False)(torch.randn(2, 3, 8, 8))",
        "Gate(3)(torch.randn(2, 3, 8, 8))",
    ),
    "an input that may be left out": Case(
        _FORWARD.format(parameter="mask=None", condition="mask is not None"),
        "linear-in-features",
        _LINEAR.format("out", 4, "x", 8, "`mask` is given"),
        "`mask` decides `mask is not None`",
        "Head()(torch.randn(2, 8), torch.ones(2))",
        "Head()(torch.randn(2, 8))",
    ),
    "a flag of a call": Case(
        _FORWARD.format(parameter="double=False", condition="double"),
        "linear-in-features",
        _LINEAR.format("out", 4, "x", 8, "`double` is true"),
        "`double` decides here",
        "Head()(torch.randn(2, 8), True)",
        "Head()(torch.randn(2, 8))",
    ),
    "a mode of a call": Case(
        _FORWARD.format(parameter='mode="one"', condition="mode in ('two', 'twice')"),
        "linear-in-features",
        _LINEAR.format("out", 4, "x", 8, "`mode` is 'twice'"),
        "`mode` decides `mode in ('two', 'twice')`",
        "Head()(torch.randn(2, 8), 'twice')",
        "Head()(torch.randn(2, 8))",
    ),
    "one flag where another leads to the line": Case(
        _TWO.format(first="first=False", second="second=True"),
        "linear-in-features",
        _LINEAR.format("narrow", 4, "x", 8, "`first` is true"),
        "`first` decides here",
        "Two(first=True)(torch.randn(2, 8))",
        "Two()(torch.randn(2, 8))",
    ),
    "two flags without defaults": Case(
        _TWO.format(first="first", second="second"),
        "linear-in-features",
        _LINEAR.format("narrow", 4, "x", 8, "`first` is true and `second` is true"),
        "`second` decides here",
        "Two(True, True)(torch.randn(2, 8))",
        "Two(False, True)(torch.randn(2, 8))",
    ),
    "two flags": Case(
        _BOTH,
        "linear-in-features",
        _LINEAR.format("out", 6, "x", 12, "`norm` is false and `act` is 'relu'"),
        "`norm` decides here",
        "Both(norm=False)(torch.randn(2, 8))",
        "Both(norm=False, act='glu')(torch.randn(2, 8))",
    ),
    "a class inside": Case(
        _NESTED,
        "conv-in-channels",
        "`self.gate` takes 6 channels, but `y` has 3 when `attention` of `Net` is true",
        "`attention` of `Net` decides `self.squeeze`",
        "Net(attention=True)(torch.randn(2, 3, 8, 8))",
        "Net()(torch.randn(2, 3, 8, 8))",
    ),
    "a match": Case(
        _DISPATCH,
        "linear-in-features",
        _LINEAR.format("fc", 6, "x", 12, "`kind` is 'both'"),
        "`kind` decides here",
        "Pool('both')(torch.randn(2, 4, 6))",
        "Pool()(torch.randn(2, 4, 6))",
    ),
    "what may be left out": Case(
        _GIVEN,
        "conv-in-channels",
        "`self.out` takes 8 channels, but `x` has 16 when `act` is given",
        "`act` decides `self.act is not None`",
        "Down(act=nn.ReLU())(torch.randn(2, 3, 8, 8))",
        "Down()(torch.randn(2, 3, 8, 8))",
    ),
    "a call that is wrong": Case(
        _SHARED,
        "contract-violated",
        "`self.scale` fails for this call: inside, `x` [B, 8, H, W] and `weights[:, :, None, None]` [B, 6, 1, 1] do not "
        "broadcast: 8 against 6 in dimension 1 when `share` is true",
        "`share` decides here",
        "Gates(True)(torch.randn(2, 8, 4, 4))",
        "Gates(False)(torch.randn(2, 8, 4, 4))",
    ),
}


def _run(text: str, call: str) -> None:
    scope: dict[str, Any] = {"torch": torch, "nn": nn, "F": F}
    exec(text, scope)
    eval(call, scope)


@pytest.mark.parametrize("name", _CASES)
def test_what_fails_with_some_choices_is_a_warning(name: str) -> None:
    """It names them, has a note at what they decide, and no fix that would be one for them alone."""
    case = _CASES[name]
    found = check(script(case.text))
    assert [(d.severity, d.name, d.message) for d in found] == [(Severity.WARNING, case.rule, case.message)]
    assert case.note in [note.message for note in found[0].notes]
    assert found[0].fix is None and found[0].help is None
    _run(case.text, case.runs)
    with pytest.raises((RuntimeError, AttributeError)):
        _run(case.text, case.fails)


_SILENT = {
    "a companion that may be left out": """
        class Net(nn.Module):
            def __init__(self, project=False, width=None):
                super().__init__()
                self.fc = nn.Linear(8, 4)
                self.project = nn.Linear(4, width) if project else None

            def forward(self, x):
                x = self.fc(x)
                return x if self.project is None else self.project(x)
        """,
    "a size that goes with a flag": """
        class Net(nn.Module):
            def __init__(self, width=4, double=False):
                super().__init__()
                self.double = double
                self.fc, self.out = nn.Linear(8, 4), nn.Linear(width, 2)

            def forward(self, x):
                x = self.fc(x)
                return self.out(torch.cat([x, x], 1) if self.double else x)
        """,
    "sizes that go with a flag": """
        class Net(nn.Module):
            def __init__(self, widths=(4, 4), double=False):
                super().__init__()
                self.double = double
                self.fc, self.out = nn.Linear(8, widths[0]), nn.Linear(widths[1], 2)

            def forward(self, x):
                x = self.fc(x)
                return self.out(torch.cat([x, x], 1) if self.double else x)
        """,
    "what the code refuses": """
        class Net(nn.Module):
            def __init__(self, kind="a", bias=True, scale=False):
                super().__init__()
                if kind not in ("a", "b"):
                    raise ValueError(kind)
                assert bias, "not yet"
                if scale:
                    raise NotImplementedError
                self.kind, self.bias, self.scale = kind, bias, scale
                self.fc, self.out = nn.Linear(8, 4), nn.Linear(4, 2)

            def forward(self, x):
                x = self.fc(x)
                if self.kind == "c" or not self.bias or self.scale:
                    x = torch.cat([x, x], 1)
                return self.out(x)
        """,
    "a mode that is neither": """
        class Net(nn.Module):
            def __init__(self, kind):
                super().__init__()
                self.kind = kind
                if kind == "a":
                    self.a = nn.Linear(8, 4)
                elif kind == "b":
                    self.b = nn.Linear(8, 4)
                else:
                    raise ValueError(kind)

            def forward(self, x):
                if self.kind == "a":
                    x = self.a(x)
                if self.kind == "b":
                    x = self.b(x)
                return x
        """,
    "the environment and the data": """
        import os


        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc, self.out = nn.Linear(8, 4), nn.Linear(4, 2)

            def forward(self, x):
                x = self.fc(x)
                if os.environ.get("DOUBLE") or torch.cuda.is_available() or x.sum() > 0:
                    x = torch.cat([x, x], 1)
                return self.out(x)
        """,
    "training": """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc, self.out = nn.Linear(8, 4), nn.Linear(4, 2)

            def forward(self, x):
                x = self.fc(x)
                if self.training:
                    x = torch.cat([x, x], 1)
                return self.out(x)
        """,
    "a stranger": """
        import stranger


        class Net(nn.Module):
            def __init__(self, backend=stranger.BACKEND):
                super().__init__()
                self.fc, self.out = nn.Linear(8, 4), nn.Linear(4, 2)
                self.double = stranger.doubles(backend)

            def forward(self, x):
                x = self.fc(x)
                return self.out(torch.cat([x, x], 1) if self.double else x)
        """,
    "a class that the file constructs": _TAGGER + "\n\nTagger()(torch.randn(2, 7, 16))",
    "a class that a function constructs": _TAGGER + "\n\ndef tagger():\n    return Tagger(64)",
    "a class that another one completes": _TAGGER
    + "\n\nclass Both(Tagger):\n    def __init__(self):\n        super().__init__(32, True)\n"
    "        self.fc = nn.Linear(64, 5)",
    "an input of another rank": """
        class Net(nn.Module):
            def __init__(self, flat=False):
                super().__init__()
                self.flat = flat
                self.fc = nn.Linear(12, 4)

            def forward(self, x):
                if self.flat:
                    x = x.flatten(1)
                return self.fc(x)
        """,
    "an input of another dtype": """
        class Net(nn.Module):
            def __init__(self, ids=False):
                super().__init__()
                self.embed = nn.Embedding(10, 4) if ids else nn.Linear(4, 4)

            def forward(self, x):
                return self.embed(x)
        """,
    "an attribute that belongs to an input": """
        class Net(nn.Module):
            def __init__(self, decoder=False):
                super().__init__()
                self.fc = nn.Linear(8, 4)
                if decoder:
                    self.cross = nn.Linear(4, 3)

            def forward(self, x, other=None):
                x = self.fc(x)
                return x if other is None else self.cross(x)
        """,
    "a size whose truth is asked": """
        class Net(nn.Module):
            def __init__(self, dim, out):
                super().__init__()
                self.fc = nn.Linear(dim if dim else out, 4)
                self.scale = dim**-0.5

            def forward(self, x):
                return self.fc(x) * self.scale
        """,
    "what is caught": """
        class Net(nn.Module):
            def __init__(self, double=False):
                super().__init__()
                self.double = double
                self.fc = nn.Linear(8, 4)

            def forward(self, x):
                x = self.fc(x)
                try:
                    return self.fc(x) if self.double else x
                except RuntimeError:
                    return x
        """,
}


@pytest.mark.parametrize("name", _SILENT)
def test_what_only_looks_like_it_is_silent(name: str) -> None:
    """Nothing is said where the choice is nobody's, is refused, or where something else that may be chosen mends it."""
    assert check(script(textwrap.dedent(_SILENT[name]))) == ()


def test_an_error_stays_an_error() -> None:
    """What fails whenever its line runs is no warning, whatever leads to the line."""
    text = _TWO.format(first="first=False", second="second").replace("nn.Linear(4, 3)", "nn.Linear(5, 3)")
    assert [d.severity for d in check(script(text))] == [Severity.ERROR]
