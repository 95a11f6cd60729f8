"""TL123 where what is called works for other calls: at the call that is wrong, silent on the repair; torch agrees with both."""

from __future__ import annotations

import pytest
import torch

from rules.snippets import check, said, script

_BLOCK = """
class Block(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, padding=1)

    def forward(self, x):
        return torch.relu(self.conv(x))
"""
_SCALE = """
def scale(x, weights):
    return x * weights.reshape(len(weights), -1, 1, 1)


def sizes(x):
    n, c, h, w = x.shape
    return n * c, h * w


class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 8)
        self.second = nn.Linear(8, {second})

    def forward(self, x):
        means = x.mean((2, 3))
        return scale(scale(x, self.first(means)), self.second(means))
"""
_NESTED = """
def inner(x, fc):
    return fc(x)


def outer(x, fc):
    return torch.relu(inner(x, fc))


fc = nn.Linear(4, 3)
"""
_INSIDE = "`{}` fails for this call: inside, {}"
_CASES = {
    "a block that is called with other channels than it was made for": (
        _BLOCK + "\nfirst, second = Block(3, 16), Block({}, 8)\nsecond(first(torch.randn(2, 3, 8, 8)))",
        ("32", "16"),
        (_INSIDE.format("second", "`self.conv` takes 32 channels, but `x` has 16"), "second(first(torch.randn(2, 3, 8, 8)))"),
    ),
    "a model that is fed an input of another size": (
        _BLOCK + "\nnet = Block(3, 4)\nnet(torch.randn(1, 3, 8, 8))\nnet(torch.randn(1, {}, 8, 8))",
        ("1", "3"),
        (_INSIDE.format("net", "`self.conv` takes 3 channels, but `x` has 1"), "net(torch.randn(1, 1, 8, 8))"),
    ),
    "one of the blocks of a container": (
        _BLOCK + "\nnn.Sequential(Block(3, 16), Block({}, 8))(torch.randn(2, 3, 8, 8))",
        ("20", "16"),
        ("`Block(20, 8)` fails: inside, `self.conv` takes 20 channels, but `x` has 16", "Block(20, 8)"),
    ),
    "one of the blocks of a loop": (
        _BLOCK + "\nx = torch.randn(2, 3, 8, 8)\nfor block in (Block(3, 16), Block({}, 8)):\n    x = block(x)",
        ("20", "16"),
        ("`Block(20, 8)` fails: inside, `self.conv` takes 20 channels, but `x` has 16", "Block(20, 8)"),
    ),
    "a helper that two calls of one method use": (
        _SCALE.format(second="{}") + "\nGate()(torch.randn(2, 8, 4, 4))",
        ("6", "8"),
        (
            _INSIDE.format(
                "scale",
                "`x` [2, 8, 4, 4] and `weights.reshape(len(weights), -1, 1, 1)` [2, 6, 1, 1] do not broadcast: "
                "8 against 6 in dimension 1",
            ),
            "scale(scale(x, self.first(means)), self.second(means))",
        ),
    ),
    "a helper that unpacks": (
        _SCALE.format(second=8) + "\nsizes(torch.zeros(2, 3, 4, 5))\nsizes(torch.zeros({}))",
        ("3, 4, 5", "2, 3, 4, 5"),
        (_INSIDE.format("sizes", "`x.shape` has 3 sizes, but is unpacked into 4 names"), "sizes(torch.zeros(3, 4, 5))"),
    ),
    "a constructor": (
        "def norm(channels, groups):\n    return nn.GroupNorm(groups, channels)\n\n\nnorm(32, 8)\nnorm(32, {})",
        ("5", "4"),
        (_INSIDE.format("norm", "the 5 groups of `nn.GroupNorm` do not divide its 32 channels"), "norm(32, 5)"),
    ),
    "the outermost of two calls": (
        _NESTED + "outer(torch.randn(2, 4), fc)\nouter(torch.randn(2, {}), fc)",
        ("5", "4"),
        (_INSIDE.format("outer", "`fc` takes 4 features, but `x` has 5"), "outer(torch.randn(2, 5), fc)"),
    ),
    "the inner of two calls, where the outer one always fails": (
        _NESTED + "\ndef both(x):\n    return inner(inner(x, nn.Linear(4, 3)), nn.Linear({}, 2))\n\n\nboth(torch.randn(2, 4))",
        ("4", "3"),
        (_INSIDE.format("inner", "`fc` takes 4 features, but `x` has 3"), "inner(inner(x, nn.Linear(4, 3)), nn.Linear(4, 2))"),
    ),
    "classes that use the same helper": (
        _NESTED
        + """
class Right(nn.Module):
    def forward(self, x):
        return inner(x.reshape(-1, 4), fc)


class Wrong(nn.Module):
    def forward(self, x):
        return inner(x.reshape(-1, {}), fc)


Right()(torch.randn(6, 4))
Wrong()(torch.randn(6, 4))
""",
        ("8", "4"),
        (_INSIDE.format("inner", "`fc` takes 4 features, but `x` has 8"), "inner(x.reshape(-1, 8), fc)"),
    ),
}


def _run(text: str) -> None:
    exec(text, {"torch": torch, "nn": nn})


nn = torch.nn


@pytest.mark.parametrize("name", _CASES)
def test_the_call_that_is_wrong_is_named(name: str) -> None:
    """The finding stands at the call, says what fails inside and points there; it is the only one."""
    text, (broken, mended), expected = _CASES[name]
    document = script(text.replace("{}", broken))
    (found,) = check(document)
    assert (found.name, found.message, document.text_of(found.span)) == ("contract-violated", *expected)
    assert found.notes[0].message == "it is raised here"
    assert found.notes[0].span is not None and found.notes[0].span.start.row < found.span.start.row
    assert any(note.message.endswith(" works") for note in found.notes)
    with pytest.raises((RuntimeError, ValueError)):
        _run(text.replace("{}", broken))
    _run(text.replace("{}", mended))
    assert said(script(text.replace("{}", mended))) == []


@pytest.mark.parametrize(
    "text",
    [
        _BLOCK + "\nBlock(3, 16)(torch.randn(2, 4, 8, 8))",
        _BLOCK + "\nBlock(3, 16)(torch.randn(2, 4, 8, 8))\nBlock(5, 16)(torch.randn(2, 4, 8, 8))",
        _BLOCK + "\nfor channels in (3, 4):\n    Block(3, 16)(torch.randn(2, channels, 8, 8))",
        _NESTED + "def once(x):\n    return outer(x, fc)\n\n\nonce(torch.randn(2, 5))",
    ],
    ids=["one call", "no call works", "one call of several rounds", "one way there"],
)
def test_what_no_call_tells_apart_is_reported_at_the_operation(text: str) -> None:
    """Where no call works, or the same one does as well, the operation is what is wrong."""
    found = said(script(text))
    assert found
    assert not [name for name, _, _ in found if name == "contract-violated"]


def test_a_class_alone_is_no_call() -> None:
    """That a class works for the input that is inferred for it does not make its only call the one that is wrong."""
    text = "class Net(nn.Module):\n    def forward(self, x):\n        return inner(x, fc)\n\n\nNet()(torch.randn(2, 5))"
    assert [name for name, _, _ in said(script(_NESTED + text))] == ["linear-in-features"]


def test_one_wrong_call_is_one_message() -> None:
    """What fails after it in the same call, and what passes of other classes meet there, is not reported again."""
    text = (
        _SCALE.format(second=8)
        + """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gate, self.other = Gate(), Gate()

    def forward(self, x):
        return self.gate(x), self.other(x[:, :6])


Net()(torch.randn(2, 8, 4, 4))
"""
    )
    assert [(name, marked) for name, _, marked in said(script(text))] == [("contract-violated", "self.other(x[:, :6])")]
