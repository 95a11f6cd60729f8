"""Exceptions that end a program for certain: TL123, TL224, TL225; and those that do not, or that nobody can foresee."""

from __future__ import annotations

import pytest

from rules.snippets import check, fixed, said, script

_CHECKED = """
class Heads(nn.Module):
    def __init__(self, dim, heads=4):
        super().__init__()
        if dim % heads:
            raise ValueError(f"{dim} is not divisible by {heads}")
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        assert x.shape[1] < 100, "too long"
        return self.qkv(x)

"""

_ERRORS = {
    "constructor": (
        _CHECKED + "Heads(30)",
        "contract-violated",
        "`Heads` raises `ValueError`: 30 is not divisible by 4",
        "Heads(30)",
    ),
    "forward": (
        _CHECKED + "net = Heads(32)\nnet(torch.randn(1, 200, 32))",
        "contract-violated",
        "`net` raises `AssertionError`: too long",
        "net(torch.randn(1, 200, 32))",
    ),
    "script": (
        "x = torch.zeros(2, 3)\nassert x.shape == (3, 2)",
        "contract-violated",
        "the assertion fails",
        "assert x.shape == (3, 2)",
    ),
    "name": ("x = torch.zeros(2)\ny = xx + 1", "undefined-name", "`xx` is not defined", "xx"),
    "name of a branch that is not taken": (
        "def f(flag):\n    if flag:\n        y = 1\n    return y\n\nf(False)",
        "undefined-name",
        "`y` is not defined",
        "y",
    ),
    "name in a comprehension": ("[y for x in range(3)]", "undefined-name", "`y` is not defined", "y"),
    "operands": (
        "def f(n):\n    return n + 'a'\n\nf(1)",
        "invalid-operation",
        "this raises `TypeError`: unsupported operand type(s) for +: 'int' and 'str'",
        "n + 'a'",
    ),
    "index": ("sizes = [1, 2]\nsizes[2]", "invalid-operation", "this raises `IndexError`: list index out of range", "sizes[2]"),
    "key": ("sizes = {'a': 1}\nsizes['b']", "invalid-operation", "this raises `KeyError`: 'b'", "sizes['b']"),
}


@pytest.mark.parametrize("case", _ERRORS)
def test_what_raises_for_certain_is_an_error(case: str) -> None:
    """One error, at the place that is wrong."""
    text, rule, message, marked = _ERRORS[case]
    assert said(script(text)) == [(rule, message, marked)]


_SILENT = {
    "caught": "try:\n    y = xx\nexcept NameError:\n    y = 1",
    "caught by name": _CHECKED + "try:\n    Heads(30)\nexcept ValueError:\n    pass",
    "left to subclasses": (
        "class Base(nn.Module):\n    def forward(self, x):\n        return self.body(x)\n\n"
        "    def body(self, x):\n        raise NotImplementedError"
    ),
    "own argument": (
        "class Net(nn.Module):\n    def __init__(self, size=None):\n        super().__init__()\n"
        "        if size is None:\n            raise ValueError('size')\n\n    def forward(self, x):\n        return x"
    ),
    "exit": "raise SystemExit(1)",
    "nobody knows": "import os\n\n\ndef f():\n    if os.environ['X'] != '1':\n        raise ValueError('X')\n\n\nf()",
    "after something unknown": "import os\nif os.environ['X']:\n    y = 1\nprint(y)",
    "star": "from torch.nn import *\n\nConvolution(3)",
    "globals": "globals()['net'] = 1\nprint(net)",
    "annotation": "def f(x: Missing) -> Missing:\n    return x\n\n\nf(1)",
    "defined by another function": "def f():\n    global y\n    y = 1\n\n\ndef g():\n    return y\n\n\nf()\ng()",
    "later": "def f():\n    return g()\n\n\ndef g():\n    return 1\n\n\nf()",
    "any number of inputs": (
        "class Net(nn.Module):\n    def forward(self, *xs):\n        a, b = xs\n        return xs[2] + torch.cat(list(xs))"
    ),
}


@pytest.mark.parametrize("case", _SILENT)
def test_what_may_not_raise_is_none(case: str) -> None:
    """What is caught, left to others, or decided by something that nobody knows is not reported."""
    assert said(script(_SILENT[case])) == []


def test_what_follows_is_not_reported_again() -> None:
    """What a line would have defined is unknown after it failed."""
    assert [name for name, _, _ in said(script("net = xx\nnet(torch.zeros(2))\nnet.fc"))] == ["undefined-name"]


def test_misspelled_name_is_renamed() -> None:
    """To the nearest name that can be used there."""
    assert fixed(script("images = torch.zeros(2)\nprint(image)")) == "images = torch.zeros(2)\nprint(images)"


def test_note_says_where_it_is_raised() -> None:
    """The error stands at the call; the line of the `raise` is in a note."""
    (found,) = check(script(_CHECKED + "Heads(30)"))
    assert [note.message for note in found.notes] == ["it is raised here"]
