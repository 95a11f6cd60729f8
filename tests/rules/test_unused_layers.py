"""TL207: layers that nothing uses, and everything that may be a use."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from rules.snippets import check, script
from torchlint.analysis import Project, analyze
from torchlint.settings import Settings
from torchlint.source import neighbours
from torchlint.source.document import Document

_NET = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.extra = {made}
{init}

    # torchlint: input x: [N, 8]
    def forward(self, x):
{forward}
        return self.fc(x)

{method}


{rest}
"""
_SUB = "class {}({}):\n    def forward(self, x):\n        return {}\n"
_BLOCK = """\
class Block(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)
"""


def _net(init: str = "", forward: str = "", method: str = "", rest: str = "", made: str = "nn.Linear(8, 4)") -> Document:
    """A model whose `extra` nothing uses but what is given here: lines of its methods, another method, the rest of the file."""
    init, forward = (textwrap.indent(text, " " * 8) for text in (init, forward))
    return script(_NET.format(init=init, forward=forward, method=textwrap.indent(method, " " * 4), rest=rest, made=made))


_UNUSED = {
    "a layer": (_net(), "36"),
    "several layers": (_net(made="nn.Sequential(nn.Linear(8, 4), nn.ReLU(), nn.Linear(4, 2))"), "46"),
    "a list of layers": (_net(made="nn.ModuleList([nn.Linear(8, 4) for _ in range(3)])"), "108"),
    "what a function makes": (_net(made="make(8)", rest="def make(n):\n    return nn.Linear(n, n)"), "72"),
    "a block of the file's own": (_net(made="Block(nn.Linear(8, 4))", rest=_BLOCK), "36"),
    "one of two": (_net(made="nn.Linear(8, 4) if torch.cuda.is_available() else nn.Linear(8, 4, bias=True)"), "36"),
    "what a docstring tells of": (_net(method="def other(self):\n    '''Leaves `extra` alone.'''"), "36"),
    "the attribute of another class": (_net(rest=_SUB.format("Other", "nn.Module", "self.extra(x)")), "36"),
    "what a comment elsewhere calls unused": (_net("\n# `other` is unused.\nself.other = 1"), "36"),
    "what takes the place of nothing": (_net("self.extra = nn.Linear(8, 4)", made="None"), "36"),
    "a large one": (_net(made="nn.Linear(99, 99)"), "9,900"),
    "a loop that initializes": (_net("for m in self.modules():\n    m.scale = 1"), "36"),
    "a function that initializes": (
        _net("for name, m in self.named_children():\n    init(m)", rest="def init(m):\n    pass"),
        "36",
    ),
    "a computed name that it does not have": (_net(forward="f = getattr(self, f'{x.ndim}fc', None)"), "36"),
    "functions of torch by a computed name": (_net(forward="x = getattr(F, ['relu', 'gelu'][0])(x)"), "36"),
    "a method that returns the model": (_net(method="def itself(self):\n    return self"), "36"),
    "the constructor of a base by name": (_net(init="nn.Module.__init__"), "36"),
}


@pytest.mark.parametrize("case", _UNUSED)
def test_a_layer_that_nothing_uses_is_reported(case: str) -> None:
    """At the attribute, with the number of its parameters."""
    document, count = _UNUSED[case]
    (found,) = (one for one in check(document) if one.name == "unused-layer")
    assert (found.message, document.text_of(found.span)) == ("`self.extra` is never used", "self.extra")
    assert [note.message for note in found.notes] == [f"it has {count} parameters, which get no gradient"]


_TAP = """\
class Tap(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        layer.register_forward_hook(self.keep)

    def keep(self, module, given, result):
        self.kept = self.fc(result)

    def forward(self, x):
        return x
"""
_WITHOUT_FORWARD = """\
class Net({}):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.extra = nn.Linear(8, 8)
"""
_GIVEN = """\
class Net(nn.Module):
    def __init__(self, extra=None):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.extra = extra

    def forward(self, x):
        return self.fc(x)


Net(nn.Linear(8, 8))(torch.zeros(2, 8))
"""
_IN_TWO_LISTS = """\
layers = [nn.Linear(8, 8)]
self.extra = nn.ModuleList(layers)
self.run = nn.Sequential(*layers)
"""
_BASE = "from somewhere import Base\n\n\n{}\n    def forward(self, x):\n        return self.fc(x)"
_USED = {
    "a call": _net(forward="y = self.extra(x)"),
    "a call on some paths only": _net(forward="if x.sum() > 0:\n    return self.extra(x)"),
    "a call in a method that nobody calls": _net(method="def features(self, x):\n    return self.extra(x)"),
    "its weight": _net(forward="x = x @ self.extra.weight.T @ self.extra.weight"),
    "a weight that is shared": _net("self.extra.weight = self.fc.weight", made="nn.Linear(8, 8)"),
    "the initialization of its weight": _net("nn.init.zeros_(self.extra.weight)"),
    "a hook": _net("self.extra.register_forward_hook(print)"),
    "its removal": _net("del self.extra"),
    "a part of another layer": _net("self.both = nn.Sequential(self.extra)", "self.both(x)"),
    "getattr with its name": _net(forward="y = getattr(self, 'extra')(x)"),
    "getattr with a computed name": _net(forward="for name in names:\n    x = getattr(self, name)(x)", rest="names = []"),
    "getattr with a name that may be its own": _net(
        forward="for end in ends:\n    x = getattr(self, f'ext{end}')(x)", rest="ends = ()"
    ),
    "a list of names": _net(rest="LAYERS = ['fc', 'extra']"),
    "the registry of modules": _net(forward="x = self._modules['fc'](x)"),
    "a loop over children that calls": _net(forward="for m in list(self.children())[:1]:\n    x = m(x)"),
    "a loop over children that collects": _net("found = []\nfor m in self.children():\n    found.append(m)"),
    "children in a Sequential": _net(rest="def cut(model):\n    return nn.Sequential(*model.children())"),
    "a submodule by its path": _net(method="def at(self, path):\n    return self.get_submodule(path)"),
    "a function that is given self": _net(forward="if self.training:\n    run(self, x)", rest="from somewhere import run"),
    "self under another name": _net(forward="model = self\nx = model.fc(x)"),
    "self in a list": _net("found.append(self)", rest="found = []"),
    "a method of attributes": _net(method="def __getattr__(self, name):\n    return super().__getattr__(name)"),
    "the dictionary of attributes": _net(forward="y = self.__dict__"),
    "the variables of an object": _net(forward="y = vars(self)"),
    "text that is run": _net(forward="y = eval('x')"),
    "a subclass": _net(rest=_SUB.format("Sub", "Net", "self.extra(x)")),
    "a subclass of a subclass": _net(rest=_SUB.format("Sub", "Net", "x") + _SUB.format("Last", "Sub", "self.extra(x)")),
    "a mixin of a subclass": _net(
        rest=_SUB.format("Mixin", "object", "self.extra(x)") + _SUB.format("Sub", "Mixin, Net", "super().forward(x)")
    ),
    "the script": _net(rest="net = Net()\nnet.extra(torch.zeros(2, 8))"),
    "another function": _net(rest="def head(model, x):\n    return model.extra(x)"),
    "a layer that is replaced": _net(rest="def build():\n    net = Net()\n    net.extra = nn.Linear(8, 2)\n    return net"),
    "a layer that a hook runs": _net(made="Tap(self.fc)", rest=_TAP),
    "a layer without parameters": _net(made="nn.Dropout()"),
    "a layer of the caller's": script(_GIVEN),
    "a list that holds what is called": _net(_IN_TWO_LISTS, "x = self.run(x)"),
    "a base class that is not known": script(_BASE.format(_WITHOUT_FORWARD.format("Base"))),
    "the forward of a container": script(_WITHOUT_FORWARD.format("nn.Sequential") + "\n\nNet()(torch.zeros(2, 8))"),
    "what may be its misspelled name": _net(forward="if self.training:\n    x = self.extar(x)"),
    "what its line calls unused": _net(made="nn.Linear(8, 4)  # not used yet"),
    "what is there for old checkpoints": _net("# Old checkpoints have these.\nself.extra = nn.Linear(8, 4)", made="None"),
    "a forward that is not written": _net(forward="raise NotImplementedError"),
    "a forward that fails": _net(forward="x = self.fc(x[:, 1:])"),
    "a file that does not parse": _net(rest="def other(model):\n    return model.extra("),
}


@pytest.mark.parametrize("case", _USED)
def test_whatever_may_be_a_use_is_one(case: str) -> None:
    """Nothing is said of a layer that anything in its file may reach."""
    assert [found.message for found in check(_USED[case]) if found.name == "unused-layer"] == []


_OTHERS = {
    "a model's attribute": ("def run(model, x):\n    return model.extra(x)\n", False),
    "its name in a string": ("LAYERS = ['fc', 'extra']\n", False),
    "a notebook": ('{"cells": [{"source": ["net.extra(x)\\n"]}]}', False),
    "a subclass": ("from net import Net\n\nclass Sub(Net):\n    def forward(self, x):\n        return self.extra(x)\n", False),
    "a subclass by another name": (
        "from net import Net as Base\n\nclass Sub(Base):\n    def forward(self, x):\n        return self.extra(x)\n",
        False,
    ),
    "the attribute of a class that is no relation": (
        "class Other:\n    def __init__(self):\n        self.extra = 1\n        print(self.extra)\n",
        True,
    ),
    "a variable of that name": ("extra = 1\nprint(extra)\n", True),
    "a comment": ("# extra layers are in net.py\n", True),
}


@pytest.mark.parametrize("case", _OTHERS)
@pytest.mark.parametrize("name", ["train.py", "tools/train.py"])
def test_other_files_of_the_project_may_use_it(case: str, name: str, tmp_path: Path) -> None:
    """Whatever in the project names the attribute of a model may use it; an own attribute of something else does not."""
    text, is_reported = _OTHERS[case]
    if case == "a notebook":
        name = name.replace(".py", ".ipynb")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    assert (_found(tmp_path) == ["unused-layer"]) is is_reported


def test_relations_go_through_other_files(tmp_path: Path) -> None:
    """A subclass of a subclass uses what neither of the files between names."""
    (tmp_path / "middle.py").write_text("from net import Net\n\nclass Middle(Net):\n    pass\n")
    last = "from middle import Middle\n\nclass Last(Middle):\n    def forward(self, x):\n        return self.extra(x)\n"
    (tmp_path / "last.py").write_text(last)
    assert _found(tmp_path) == []
    (tmp_path / "middle.py").write_text("class Middle:\n    pass\n")
    assert _found(tmp_path) == ["unused-layer"]


def test_what_is_no_part_of_the_project_uses_nothing(tmp_path: Path) -> None:
    """Environments are left out."""
    for folder in (".venv/lib", "env/lib", "node_modules"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "other.py").write_text("model.extra(x)\n")
    (tmp_path / "env" / "pyvenv.cfg").write_text("")
    assert _found(tmp_path) == ["unused-layer"]


def test_a_package_is_searched_wherever_it_is(tmp_path: Path) -> None:
    """The files of a package that is installed in an environment of the project know each other."""
    package = tmp_path / ".venv" / "site-packages" / "models"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    assert _found(package, tmp_path) == ["unused-layer"]
    (package / "heads.py").write_text("def head(model, x):\n    return model.extra(x)\n")
    assert _found(package, tmp_path) == []


def test_nothing_is_said_where_there_is_too_much_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in the files that were not read may use anything."""
    for i in range(3):
        (tmp_path / f"other{i}.py").write_text("")
    assert _found(tmp_path) == ["unused-layer"]
    monkeypatch.setattr(neighbours, "_MOST_FILES", 2)
    assert _found(tmp_path) == []


def _found(folder: Path, root: Path | None = None) -> list[str]:
    """The rules that report something of the model without any use, in a file of a folder."""
    path = folder / "net.py"
    path.write_text(_net().text)
    project = Project(Settings(), root or folder)
    return [found.name for found in analyze(Document.read(path), project, Settings()).diagnostics]
