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
    "assertion of torch": (
        "def f(x):\n    torch._assert(x.shape[1] % 2 == 0, 'odd')\n\n\nf(torch.zeros(2, 3))",
        "contract-violated",
        "`f` raises `AssertionError`: odd",
        "f(torch.zeros(2, 3))",
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
    "name that is bound later": (
        "def f():\n    return net\n\n\nnet = f()",
        "undefined-name",
        "`net` is not defined",
        "net",
    ),
    "name in a comprehension": ("[y for x in range(3)]", "undefined-name", "`y` is not defined", "y"),
    "name in a class": (
        "class Net(nn.Module):\n    def __init__(self, norm=nnn.LayerNorm):\n        super().__init__()",
        "undefined-name",
        "`nnn` is not defined",
        "nnn",
    ),
    "operands": (
        "def f(n):\n    return n + 'a'\n\nf(1)",
        "invalid-operation",
        "this raises `TypeError`: unsupported operand type(s) for +: 'int' and 'str'",
        "n + 'a'",
    ),
    "function in arithmetic": (
        "def f():\n    pass\n\n\nf * 2",
        "invalid-operation",
        "this raises `TypeError`: unsupported operand type(s) for *: 'function' and 'int'",
        "f * 2",
    ),
    "module in arithmetic": (
        "n = 3\nn % nn.ReLU()",
        "invalid-operation",
        "this raises `TypeError`: unsupported operand type(s) for %: 'int' and 'ReLU'",
        "n % nn.ReLU()",
    ),
    "library in arithmetic": (
        "def f(n):\n    return n // nn\n\nf(4)",
        "invalid-operation",
        "this raises `TypeError`: unsupported operand type(s) for //: 'int' and 'module'",
        "n // nn",
    ),
    "name that is asked for": (
        "fc = nn.Linear(2, 3)\nhasattr('weight', fc)",
        "invalid-operation",
        "this raises `TypeError`: attribute name must be string, not 'Linear'",
        "hasattr('weight', fc)",
    ),
    "module that is not called": (
        "x = torch.zeros(2)\nact = nn.ReLU()\nx + act",
        "bad-call",
        "`act` is a `ReLU` module, not a tensor",
        "act",
    ),
    "item of a number": (
        "n = 3\nn[0]",
        "invalid-operation",
        "this raises `TypeError`: 'int' object is not subscriptable",
        "n[0]",
    ),
    "keywords of no mapping": (
        "def f(**kwargs):\n    pass\n\n\nf(**3)",
        "invalid-operation",
        "this raises `TypeError`: argument after ** must be a mapping, not int",
        "f(**3)",
    ),
    "keyword given twice": (
        "def f(**kwargs):\n    pass\n\n\nf(a=1, **{'a': 2})",
        "invalid-operation",
        "this raises `TypeError`: got multiple values for keyword argument 'a'",
        "f(a=1, **{'a': 2})",
    ),
    "keywords without what comes first": (
        "from functools import partial\n\npartial(eps=1e-6)",
        "invalid-operation",
        "this raises `TypeError`: partial() is called with too few arguments",
        "partial(eps=1e-6)",
    ),
    "range of nothing": (
        "for i in range():\n    pass",
        "invalid-operation",
        "this raises `TypeError`: range expected at least 1 argument, got 0",
        "range()",
    ),
    "length of a number": (
        "n = 0.5\nlen(n)",
        "invalid-operation",
        "this raises `TypeError`: object of type 'float' has no len()",
        "len(n)",
    ),
    "type of a module": (
        "isinstance(nn.Linear, nn.Linear(3, 4))",
        "invalid-operation",
        "this raises `TypeError`: isinstance() arg 2 must be a type, a tuple of types, or a union",
        "isinstance(nn.Linear, nn.Linear(3, 4))",
    ),
    "tensor as a size": (
        "x = torch.zeros(1, 3)\nx.expand(x, 3)",
        "bad-call",
        "`size` of `x.expand` must be a list of ints or an int, but is a tensor",
        "x.expand(x, 3)",
    ),
    "None as a size": (
        "torch.ones(2, None)",
        "bad-call",
        "`sizes` of `torch.ones` must be a list of ints or an int, but is None",
        "torch.ones(2, None)",
    ),
    "tensor as a name": (
        "nn.Module().register_buffer(torch.zeros(3), 'scale')",
        "bad-call",
        "`name` of `nn.Module().register_buffer` must be a string, but is a tensor",
        "torch.zeros(3)",
    ),
    "states before the input": (
        "states = torch.zeros(1, 2, 5), torch.zeros(1, 2, 5)\nnn.LSTM(4, 5)(states, torch.zeros(3, 2, 4))",
        "unpack-mismatch",
        "`states` is a tuple, not a tensor",
        "states",
    ),
    "attribute of another": (
        "torch.zeros(2).layers",
        "undefined-attribute",
        "a tensor has no attribute `layers`",
        "layers",
    ),
    "type as a size": (
        "from typing import cast\n\nnn.Linear(3, cast(4, int))",
        "bad-call",
        "`out_features` of `nn.Linear` must be an int, but is a type",
        "cast(4, int)",
    ),
    "type of a list": (
        "from collections.abc import Sequence\n\nisinstance(Sequence, [3])",
        "invalid-operation",
        "this raises `TypeError`: isinstance() arg 2 must be a type, a tuple of types, or a union",
        "isinstance(Sequence, [3])",
    ),
    "assertion without words": (
        "torch._assert(True)",
        "invalid-operation",
        "this raises `TypeError`: _assert() is called with too few arguments",
        "torch._assert(True)",
    ),
    "attribute of a layer of torch": (
        "nn.Linear(3, 4).biass",
        "undefined-attribute",
        "`Linear` has no attribute `biass`",
        "biass",
    ),
    "attribute of a layer's class": (
        "class Causal(nn.Conv1d):\n    @staticmethod\n    def stride_of(n):\n        return n\n\n\nCausal.strid_of(2)",
        "undefined-attribute",
        "`Causal` has no attribute `strid_of`",
        "strid_of",
    ),
    "class as a size": (
        "nn.Linear(3, nn.ReLU)",
        "bad-call",
        "`out_features` of `nn.Linear` must be an int, but is a type",
        "nn.ReLU",
    ),
    "name of an attribute": (
        "net = nn.Module()\nsetattr(net, nn.ReLU(), 'act')",
        "invalid-operation",
        "this raises `TypeError`: attribute name must be string, not 'ReLU'",
        "setattr(net, nn.ReLU(), 'act')",
    ),
    "copy of nothing": (
        "import copy\ncopy.deepcopy()",
        "invalid-operation",
        "this raises `TypeError`: deepcopy() is called with too few arguments",
        "copy.deepcopy()",
    ),
    "call of no function": (
        "def f():\n    pass\n\n\nnet = f()\nnet(1)",
        "invalid-operation",
        "this raises `TypeError`: 'NoneType' object is not callable",
        "net(1)",
    ),
    "function of torch": ("torch.ccat([])", "undefined-attribute", "`torch` has no attribute `ccat`", "ccat"),
    "layer of torch": ("nn.Conv22d(3, 8, 3)", "undefined-attribute", "`torch.nn` has no attribute `Conv22d`", "Conv22d"),
    "tensor": ("torch.zeros(2).sahpe", "undefined-attribute", "a tensor has no attribute `sahpe`", "sahpe"),
    "attribute of a layer's subclass": (
        "class Causal(nn.Conv1d):\n    def forward(self, x):\n        return super().forward(x[..., self.leftover])\n\n"
        "\nCausal(1, 1, 1)(torch.zeros(1, 1, 8))",
        "undefined-attribute",
        "`Causal` has no attribute `leftover`",
        "leftover",
    ),
    "attribute of an object": (
        "class Config:\n    def __init__(self):\n        self.width = 8\n\n\nprint(Config().widht)",
        "undefined-attribute",
        "`Config` has no attribute `widht`",
        "widht",
    ),
    "attribute of a number": ("n = 3\nprint(n.weight)", "undefined-attribute", "`int` has no attribute `weight`", "weight"),
    "attribute set on a number": ("n = 3\nn.weight = 1", "undefined-attribute", "`int` has no attribute `weight`", "weight"),
    "member of an enumeration": (
        "from enum import Enum\n\n\nclass Size(Enum):\n    SMALL = 1\n\n\nprint(Size.SMALLL)",
        "undefined-attribute",
        "`Size` has no attribute `SMALLL`",
        "SMALLL",
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
    "attribute that the program sets on a parameter": "p = nn.Parameter(torch.zeros(2))\np.no_decay = True\nprint(p.no_decay)",
    "attribute that somebody may have set": (
        "import os\n\n\nclass Config:\n    def __init__(self):\n        for name in os.environ:\n"
        "            setattr(self, name, 1)\n\n\nprint(Config().width)"
    ),
    "attributes by the dozen": (
        "import json\n\n\nclass Config:\n    def __init__(self, given):\n        self.__dict__.update(given)\n\n\n"
        "print(Config(json.load(open('config'))).b)"
    ),
    "an attribute of a name that is not known": (
        "import os\n\n\nclass Config:\n    def __init__(self):\n        self.__dict__[os.environ['X']] = 1\n\n\n"
        "print(Config().b)"
    ),
    "attribute on a way that was not taken": (
        "import os\n\n\nclass Config:\n    def __init__(self):\n        if os.environ['X']:\n            pass\n"
        "        else:\n            self.width = 1\n\n\nprint(Config().width)"
    ),
    "input that may be no tensor": (
        "class Net(nn.Module):\n    def forward(self, batch):\n        return batch.pixels.view(1, -1)"
    ),
    "argument that must be given": (
        "class Net(nn.Module):\n    def __init__(self, body=None):\n        super().__init__()\n        self.body = body\n\n"
        "    def forward(self, x):\n        return self.body(self.body.first(x))"
    ),
    "newer torch": "if hasattr(torch, 'brand_new'):\n    torch.brand_new()",
    "exit": "raise SystemExit(1)",
    "nobody knows": "import os\n\n\ndef f():\n    if os.environ['X'] != '1':\n        raise ValueError('X')\n\n\nf()",
    "after something unknown": "import os\nif os.environ['X']:\n    y = 1\nprint(y)",
    "name of a class": "class A:\n    n = 1\n    m = [n for n in range(n)]\n    k = n + len(m)",
    "star": "from torch.nn import *\n\nConvolution(3)",
    "globals": "globals()['net'] = 1\nprint(net)",
    "executed text": "exec('net = 1')\nprint(net)",
    "annotation": "def f(x: Missing) -> Missing:\n    return x\n\n\nf(1)",
    "defined by another function": "def f():\n    global y\n    y = 1\n\n\ndef g():\n    return y\n\n\nf()\ng()",
    "bound before the call": "def f():\n    return n\n\n\nn = 1\nf()",
    "bound by something unknown": ("import os\n\n\ndef f():\n    return n\n\n\nif os.environ['X']:\n    n = 1\nf()\nn = 2"),
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


def test_a_doubt_about_one_object_is_none_about_another() -> None:
    """What an object lacks is an error unless nobody can tell how that object was made."""
    text = (
        "import os\n\n\nclass Block(nn.Module):\n    def __init__(self, wide):\n        super().__init__()\n        if wide:\n"
        "            self.fc = nn.Linear(2, 2)\n\n    def forward(self, x):\n        return self.fc(x)\n\n\n"
    )
    certain = "print(1 if os.environ['X'] else 2)\nBlock(False)(torch.zeros(2, 2))"
    assert [name for name, _, _ in said(script(text + certain))] == ["undefined-attribute"]
    assert said(script(text + "Block(os.environ['X'])(torch.zeros(2, 2))")) == []


def test_none_is_no_size() -> None:
    """Where a layer needs a size, None is an error, unless it is an argument of the class that somebody must choose."""
    assert [name for name, _, _ in said(script("nn.Linear(3, None)"))] == ["bad-call"]
    init = "    def __init__(self, size=None):\n        super().__init__()\n        self.fc = nn.Linear(3, size)\n\n"
    text = f"class Net(nn.Module):\n{init}    def forward(self, x):\n        return self.fc(x)"
    assert said(script(text)) == []


def test_what_no_path_can_mend_is_reported_although_not_every_path_was_tried() -> None:
    """A name that stands nowhere is undefined whatever a forward with many conditions decides."""
    conditions = "\n".join(f"        if self.flags[{i}]:\n            x = x + {i}" for i in range(12))
    text = (
        "class Net(nn.Module):\n    def __init__(self, flags):\n        super().__init__()\n        self.flags = flags\n\n"
        f"    def forward(self, x):\n{conditions}\n        return torch.relu(xx)"
    )
    assert [name for name, _, _ in said(script(text))] == ["undefined-name"]


@pytest.mark.parametrize("text", ['f"{load(1):.3f} {wrong()}"', '"%s %s" % (load(1), wrong())', "load(1)[wrong()]"])
def test_what_stands_beside_something_unknown_runs(text: str) -> None:
    """A number that nobody knows, written before it, hides no mistake."""
    document = script(f"from stranger import load\n\n\ndef wrong():\n    return torch.zeros(3).sum(1)\n\n\nprint({text})")
    assert [name for name, _, _ in said(document)] == ["dim-out-of-range"]
