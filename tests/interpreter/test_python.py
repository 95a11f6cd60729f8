"""Python that is followed: each snippet computes a size, which the message about a layer that it does not fit must name."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from rules.snippets import check, script
from torchlint.analysis import Project, analyze, summarize
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.summary import Target

_USE = """
layer = nn.Linear({}, 3)
layer(torch.randn(2, 1))
"""


def size(body: str, expression: str) -> int | None:
    """The value of an expression at the end of the script, as torchlint knows it; None where it does not."""
    (*rest,) = check(script(textwrap.dedent(body) + _USE.format(expression)))
    found = re.search(r"takes (\d+) feature", rest[0].message) if rest else None
    return int(found[1]) if found else None


_CONFIG = """
from dataclasses import MISSING, dataclass, field, fields


@dataclass
class Base:
    hidden: int = 4
    sizes: list = field(default_factory=lambda: [5, 6])
"""


@pytest.mark.parametrize(
    ("body", "expression", "expected"),
    [
        ("", "Base().hidden + Base().sizes[1]", 10),
        ("@dataclass(kw_only=True)\nclass C(Base):\n    extra: int\n", "C(extra=9).extra + C(extra=9).hidden", 13),
        ("", "sum(f.default for f in fields(Base) if f.default is not MISSING)", 4),
        ("@dataclass\nclass C(Base):\n    def __init__(self):\n        super().__init__(hidden=7)\n", "C().hidden", 7),
        (
            "class Auto:\n    def __init_subclass__(cls, **kwargs):\n        dataclass(cls, kw_only=True)\n"
            "class C(Auto):\n    width: int = 8\n",
            "C(width=2).width + C().width",
            10,
        ),
        (
            "def wrap(cls):\n    original = cls.__init__\n    def init(self, **kwargs):\n        original(self)\n"
            "        for k, v in kwargs.items():\n            setattr(self, k, v)\n    cls.__init__ = init\n    return cls\n"
            "C = wrap(Base)\n",
            "C(other=6).other",
            6,
        ),
    ],
)
def test_dataclasses(body: str, expression: str, expected: int) -> None:
    """Fields, their defaults, inheritance and the constructor that is made of them are Python's."""
    assert size(f"{_CONFIG}\n{body}", expression) == expected


@pytest.mark.parametrize(
    ("body", "expression", "expected"),
    [
        (
            "class C:\n    names = {'width': 'hidden'}\n    hidden = 5\n    def __getattribute__(self, key):\n"
            "        return super().__getattribute__(super().__getattribute__('names').get(key, key))\n",
            "C().width",
            5,
        ),
        (
            "class C:\n    @property\n    def a(self):\n        return self._a\n    @a.setter\n    def a(self, value):\n"
            "        self._a = value + 1\n    def __setattr__(self, key, value):\n        super().__setattr__(key, value)\n"
            "c = C()\nfirst = getattr(c, 'a', 2)\nc.a = 3\n",
            "10 * first + c.a",
            24,
        ),
        (
            "class classproperty(property):\n    def __get__(self, instance, owner):\n        return self.fget(owner)\n"
            "class C:\n    width = 3\n    @classproperty\n    def twice(cls):\n        return 2 * cls.width\n",
            "C.twice + C().twice",
            12,
        ),
        ("class C(dict):\n    def __getitem__(self, key):\n        return 2 * super().__getitem__(key)\n", "C(a=4)['a']", 8),
        (
            "from collections.abc import MutableMapping\nclass C(MutableMapping):\n"
            "    def __init__(self):\n        self.d = {}\n"
            "    def __getitem__(self, k):\n        return self.d[k]\n    def __setitem__(self, k, v):\n        self.d[k] = v\n"
            "    def __delitem__(self, k):\n        del self.d[k]\n    def __iter__(self):\n        return iter(self.d)\n"
            "    def __len__(self):\n        return len(self.d)\nc = C()\nc.update({'a': 3, 'b': 4})\n",
            "c.pop('a') + c.get('a', 20) + len(list(c.keys())) + ('b' in c)",
            25,
        ),
        ("class A: pass\nclass B(A): pass\n", "len(B.__bases__) + ('A' in str(B.__bases__))", 2),
        ("class C:\n    width: int = 3\n    base: 'C' = None\n", "len(__import__('typing').get_type_hints(C))", 2),
        ("import inspect\nclass C:\n    width: int\n", "(inspect.get_annotations(C)['width'] is int) + 1", 2),
    ],
)
def test_attributes(body: str, expression: str, expected: int) -> None:
    """Hooks, descriptors and what classes say of themselves are Python's."""
    if "__import__" in expression:
        body, expression = f"import typing\n{body}", expression.replace("__import__('typing')", "typing")
    assert size(body, expression) == expected


@pytest.mark.parametrize(
    ("body", "expression", "expected"),
    [
        ("", "3 + ((1, 2) < (1, 3)) + ([2] >= [1, 5])", 5),
        ("", "len({frozenset([1]): 1, frozenset([2]): 2})", 2),
        ("a = {'x': 1, 'y': 2}", "len(a.keys() | {'z'}) + len(a.keys() & {'x'})", 4),
        ("", "{1, 2, 3}.issuperset([1, 2]) + len({1}.union([2], (3,)))", 4),
        ("", "torch.compile(nn.Linear(2, 4))(torch.zeros(3, 2)).shape[1]", 4),
        ("", "torch.compile(nn.Linear(2, 4), mode='default')(torch.zeros(3, 2)).shape[1]", 4),
        ("", "torch.compile(lambda x: x[:, :5], dynamic=True)(torch.zeros(3, 6)).shape[1]", 5),
        ("", "torch.compile(torch.squeeze, dynamic=True)(torch.zeros(1, 2)).shape[0]", 2),
        ("@torch.compile(dynamic=True)\ndef f(x):\n    return x[:, :5]\n", "f(torch.zeros(3, 6)).shape[1]", 5),
        ("@torch.inference_mode(True)\ndef f(x):\n    return x[:, :5]\n", "f(torch.zeros(3, 6)).shape[1]", 5),
        (
            "from torchvision.transforms._presets import ImageClassification\n",
            "ImageClassification(crop_size=24)(torch.zeros(1, 3, 64, 64)).shape[-1]",
            24,
        ),
        ("", "7 if (torch.tensor([0.2, 0.3]) == 0).any() else 9", 9),
        ("", "7 if (torch.tensor([0, 1]) == 0).any() else 9", 7),
        ("", "7 if torch.tensor([2, 0]).all() else 9", 9),
        ("", "7 if torch.tensor([[2, 1]]).all(1)[0] else 9", 7),
        ("", "{4}.pop()", 4),
        ("", "{4, 5}.pop()", None),
        ("import os\n", "{'posix': 4, 'nt': 4}[os.name]", 4),
        ("try:\n    import ctypes, concurrent.futures\n    k = 4\nexcept ImportError:\n    k = 5\n", "k", 4),
        ("import re", r"int(re.search(r'(\d+)_layers$', 'net_12_layers').group(1))", 12),
        ("import re", r"len(re.sub('[ab]+', lambda m: m.group() * 2, 'xaby'))", 6),
        ("import re", r"len(re.compile('l(?!0)\\d').findall('l0 l1 l2'))", 2),
        ("calls = []\nfrom functools import lru_cache\n@lru_cache\ndef f(n):\n    calls.append(n)\n    return n\n",
         "f(2) + f(2) + len(calls)", 5),
        ("import importlib.util\n", "2 if importlib.util.find_spec('no_such_package_anywhere') is None else 1", 2),
        ("from importlib.metadata import version\n", "int(version('torch').split('.')[0]) + 1", 3),
        ("", "int(torch.__version__.split('.')[0]) + 1", 3),
        ("import types\ndef f(a, b=2):\n    return a + b\ng = types.FunctionType(f.__code__, f.__globals__)\n", "g(3)", 5),
        ("import types\nclass C:\n    width = 4\n", "types.MethodType(lambda self, n: self.width * n, C())(2)", 8),
        ("x = int | str\n", "isinstance(3, x) + isinstance('a', int | str | None) + isinstance(2.0, x)", 2),
        ("import importlib\n", "isinstance(importlib.import_module('.nn', 'torch').ReLU(), nn.ReLU) + 2", 3),
        (
            "from contextvars import ContextVar\nv = ContextVar('v', default=3)\ntoken = v.set(4)\ninside = v.get()\n"
            "v.reset(token)\n",
            "10 * inside + v.get()",
            43,
        ),
        ("def f(a, b): c = 1\n", "f.__code__.co_varnames.index('b') + len(f.__code__.co_varnames)", 4),
        ("p = nn.Parameter(torch.zeros(2))\nfirst = getattr(p, '_is_mine', 1)\np._is_mine = 4\n", "first + p._is_mine", 5),
        ("if not hasattr(nn.Module, 'twice'):\n    setattr(nn.Module, 'twice', lambda self, n: 2 * n)\n",
         "nn.ReLU().twice(4)", 8),
    ],
)  # fmt: skip
def test_values(body: str, expression: str, expected: int) -> None:
    """Comparisons, collections, patterns and what is installed are as Python says."""
    assert size(body, expression) == expected


def test_a_text_that_a_pattern_may_take_long_for_is_unknown() -> None:
    """A search that could take exponential time is not made."""
    assert size("import re\nm = re.match('(a+)+$', 'a' * 40 + 'b')", "2 if m is None else 4") != 4
    assert check(script("import re\nm = re.match('(a+)+$', 'a' * 40 + 'b')\n" + _USE.format("m.end()"))) == ()


def test_a_decorator_that_cannot_be_followed_keeps_what_it_decorates() -> None:
    """Also where it seems to raise or takes too long."""
    decorators = "def raising(cls):\n    raise KeyError\ndef long(cls):\n    while True:\n        pass\n"
    for name in ("raising", "long"):
        assert size(f"{decorators}@{name}\nclass C:\n    width = 4\n", "C.width") == 4


def test_names_that_a_type_checker_is_told_of(tmp_path: Path) -> None:
    """A package that makes its names when they are asked for says under `if TYPE_CHECKING` what they are."""
    package = tmp_path / "lazy"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .parts import *\nelse:\n    import sys\n"
        "    sys.modules[__name__] = object()\n"
    )
    (package / "parts.py").write_text("from torch import nn\nclass Head(nn.Linear):\n    pass\n")
    text = "import torch\nfrom lazy import Head\nlayer = Head(4, 2)\nlayer(torch.randn(2, 5))\n"
    settings = Settings()
    found = analyze(Document(str(tmp_path / "model.py"), text), Project(settings, tmp_path), settings).diagnostics
    assert [d.name for d in found] == ["linear-in-features"]


_MODEL = """
from dataclasses import dataclass
import functools


@dataclass
class Config:
    width: int = 4


class Base(nn.Module):
    config: Config

    def __init__(self, config):
        super().__init__()
        self.config = config


def passing(function):
    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        return function(self, *args, **kwargs)
    return wrapper


class Net(Base):
    def __init__(self, config):
        super().__init__(config)
        self.first = nn.Linear(8, config.width)
        self.second = nn.Linear({features}, 2)

    @passing
    def forward(self, x: torch.Tensor | None = None, y: torch.Tensor | None = None):
        if x is None and y is None:
            raise ValueError
        return self.second(self.first(x))
"""


def test_a_model_of_a_config_whose_inputs_are_optional() -> None:
    """An annotation of the class says what its config is; the first optional tensor is given; a wrapper passes it on."""
    assert [d.message for d in check(script(_MODEL.format(features=4)))] == []
    found = check(script(_MODEL.format(features=5)))
    assert [d.message for d in found] == ["`self.second` takes 5 features, but `self.first(x)` has 4"]


@pytest.mark.parametrize(
    ("body", "expression", "expected"),
    [
        ("class Sub(torch.Tensor):\n    pass\nx = torch.zeros(2)\n", "3 if isinstance(x, Sub) else 4", 4),
        ("kernels = {torch.Tensor: 5}\nx = torch.zeros(2)\n", "kernels[type(x)]", 5),
        ("x = torch.zeros(2)\n", "next(6 for cls in type(x).__mro__ if cls is torch.Tensor)", 6),
        ("class Sub(torch.Tensor):\n    pass\n", "7 if issubclass(Sub, torch.Tensor) and isinstance(Sub, type) else 8", 7),
        ("", "9 if issubclass(nn.Parameter, torch.Tensor) and not issubclass(torch.Tensor, nn.Parameter) else 8", 9),
        ("class C(nn.Module):\n    pass\nc = C()\nc.__dict__['width'] = 4\n", "c.width", 4),
        (
            "from torch.utils._pytree import tree_flatten, tree_unflatten\n"
            "leaves, spec = tree_flatten({'a': 1, 'b': [2, (3,)]})\n"
            "tree = tree_unflatten([v * 2 for v in leaves], spec)\n",
            "tree['a'] + tree['b'][1][0]",
            8,
        ),
    ],
)
def test_classes_of_tensors_and_trees(body: str, expression: str, expected: int) -> None:
    """Tensors have a class that programs compare and look up by, modules have a state, and trees their leaves."""
    assert size(body, expression) == expected


def test_a_forward_of_any_number_of_tensors_is_given_one() -> None:
    """What works with one tensor is followed with it; what fails with it may be meant for more."""
    net = "class Net(nn.Module):\n    def forward(self, *xs):\n        {}\n"
    assert not check(script(net.format("a, b = xs\n        return a + b")))
    assert not check(script(net.format("return torch.cat(xs, 1)")))


def test_an_attribute_of_a_layer_may_be_anything(tmp_path: Path) -> None:
    """A program may overwrite what `print` shows of a layer."""
    text = (
        "from torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self, config):\n        super().__init__()\n"
        "        self.fc = nn.Linear(2, 3)\n        self.fc.out_features = open('sizes').read()\n\n"
        "    def forward(self, x):\n        return self.fc(x)\n"
    )
    path = tmp_path / "model.py"
    path.write_text(text)
    (found,) = summarize(Target(path=path, name="Net"), Project(Settings(), tmp_path), Settings())
    assert "Linear(in_features=2, out_features=..., bias=True)" in found.representation


def test_a_tensor_has_torchs_attributes_and_those_it_was_given() -> None:
    """`hasattr` is decided for a name that torch does not know."""
    assert size("x = torch.zeros(2)", "3 if hasattr(x, 'num_embeddings') else 4") == 4
    assert size("x = torch.zeros(2)\nx.num_embeddings = 5", "x.num_embeddings if hasattr(x, 'num_embeddings') else 4") == 5


def test_an_input_annotated_as_integers_is_one(tmp_path: Path) -> None:
    """Where nothing else says what an input is, `LongTensor` means ids: whole numbers in rows."""
    text = (
        "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.embedding = nn.Embedding(10, 4)\n\n    def forward(self, ids: torch.LongTensor):\n"
        "        ids = ids.contiguous()\n        return self.embedding(ids)[..., 0]\n"
    )
    path = tmp_path / "model.py"
    path.write_text(text)
    (found,) = summarize(Target(path=path, name="Net"), Project(Settings(), tmp_path), Settings())
    assert len(found.input[0]) == 2


def test_what_a_loop_of_unknown_length_does_not_change_stays_known() -> None:
    """A flag that a loop only reads has the same value after it."""
    loop = (
        "class Net(nn.Module):\n    def __init__(self, config):\n        super().__init__()\n"
        "        self.depth = config.depth\n\n    def forward(self, x, keep: bool = False):\n"
        "        kept = () if keep else None\n        for _ in range(self.depth):\n            if keep:\n"
        "                kept = kept + (x,)\n        if keep:\n            kept = kept + (x,)\n        return x, kept\n"
    )
    assert check(script(loop)) == ()


def test_the_optional_inputs_that_a_model_needs_are_given(tmp_path: Path) -> None:
    """Where it refuses to do without one, or reads from the None that it gets, the others are tried one by one."""
    text = (
        "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a, self.b = nn.Linear(4, 2), nn.Linear(6, 2)\n\n"
        "    def forward(self, x: torch.Tensor | None = None, mask: torch.Tensor | None = None,\n"
        "                y: torch.Tensor | None = None):\n        if x is None:\n            raise ValueError('x')\n"
        "        {check}\n        return self.a(x) + self.b(y)\n"
    )
    path = tmp_path / "model.py"
    for check_ in ("if y is None:\n            raise ValueError('y')", "y.shape"):
        path.write_text(text.format(check=check_))
        (found,) = summarize(Target(path=path, name="Net"), Project(Settings(), tmp_path), Settings())
        assert [shape[-1] for shape in found.input] == [4, 6]
