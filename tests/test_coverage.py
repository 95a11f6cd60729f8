"""What counts as followed, and what is told of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from torchlint.analysis import Project
from torchlint.coverage import Coverage, Reason, Survey
from torchlint.settings import Settings
from torchlint.source.document import Document

_HEAD = "import torch\nfrom torch import nn\nfrom stranger import mystery, Base\n"


def _coverage(tmp_path: Path, **files: str) -> Coverage:
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(_HEAD + text)
    settings = Settings()
    project, survey = Project(settings, tmp_path), Survey()
    for name in files:
        survey.add(Document.read(tmp_path / f"{name}.py"), project.world, settings)
    return survey.result()


_FOLLOWED = {
    "with its defaults": """
class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.fc = nn.Linear(width, 4)

    def forward(self, x):
        return self.fc(x)
""",
    "with sizes that callers choose": """
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, 4)

    def forward(self, x):
        return self.fc(x)
""",
    "where an unknown value does not matter": """
class Net(nn.Module):
    def forward(self, x):
        print(mystery(3))
        return torch.relu(x) if self.training else x
""",
    "in a script": """
class Net(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer(3, 4)

    def forward(self, x):
        return self.layer(x)

Net(nn.Linear)(torch.randn(2, 3))
""",
    "where a function makes it": """
class Net(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer(3, 4)

    def forward(self, x):
        return self.layer(x)

def _make(layer=None):
    return Net(layer)

def linear(width=3):
    return _make(nn.Linear)
""",
}


@pytest.mark.parametrize("text", _FOLLOWED.values(), ids=_FOLLOWED)
def test_a_forward_is_followed(text: str, tmp_path: Path) -> None:
    """To its end, with every shape known, in one context at least."""
    assert _coverage(tmp_path, net=text) == Coverage(1, 1, 0, ())


_NOT = {
    "an unknown function makes a tensor": ("return torch.relu(mystery(torch.relu(x)))", "`stranger` was not found", 3, 1),
    "a tensor on the way is not known": ("y = mystery(torch.relu(x))\n        return x", "`stranger` was not found", 3, 1),
    "the code raises": ("x = torch.relu(x)\n        raise ValueError(str(3))", "the code raises ValueError", 8, 1),
    "an error is found": ("return torch.relu(x).view(3, 5).view(4, 2)", "an error is found: reshape-size", 7, 1),
    "nothing of it is known": ("return mystery()", "`stranger` was not found", 3, 0),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "reason", "row", "partly"), _NOT.values(), ids=_NOT)
def test_a_forward_is_not_followed(statement: str, reason: str, row: int, partly: int, tmp_path: Path) -> None:
    """It counts as followed in part if something in it was, and the reason and its place are told."""
    text = f"\nclass Net(nn.Module):\n    def forward(self, x):\n        {statement}\n"
    assert _coverage(tmp_path, net=text) == Coverage(1, 0, partly, (Reason(reason, 1, f"{tmp_path / 'net.py'}:{row}"),))


def test_what_another_file_runs_counts(tmp_path: Path) -> None:
    """A block that cannot be built on its own is followed as a part of a model in another file."""
    layers = """
class Block(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer(3, 3)

    def forward(self, x):
        return self.layer(x)
"""
    model = """
from layers import Block

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(nn.Linear)

    def forward(self, x):
        return self.block(x)
"""
    assert _coverage(tmp_path, layers=layers)[:3] == (1, 0, 0)
    assert _coverage(tmp_path, layers=layers, model=model) == Coverage(2, 2, 0, ())


def test_reasons_are_counted_by_kind(tmp_path: Path) -> None:
    """The same reason with other names is one reason, and the first place of the text stands for all."""
    text = """
class {name}(nn.Module):
    def __init__(self, {argument}: list):
        super().__init__()
        self.layers = nn.Sequential(*{argument})

    def forward(self, x):
        return self.layers(x)
"""
    found = _coverage(tmp_path, net=text.format(name="A", argument="blocks") + text.format(name="B", argument="parts"))
    (reason,) = found.reasons
    assert (found.modules, found.followed, reason.reason, reason.count) == (
        2, 0, "an argument of the constructor that has no default", 2,
    )  # fmt: skip
    assert reason.example.startswith(f"{tmp_path / 'net.py'}:")


def test_what_is_no_forward_to_follow_is_not_counted(tmp_path: Path) -> None:
    """Abstract classes and plain classes are no modules; a class of an unknown base with a forward may be one."""
    text = """
class Abstract(nn.Module):
    def forward(self, x):
        raise NotImplementedError

class Plain:
    def forward(self, x):
        return x

class Strange(Base):
    def forward(self, x):
        return x
"""
    assert _coverage(tmp_path, net=text) == Coverage(
        1, 0, 0, (Reason("`stranger` was not found", 1, f"{tmp_path / 'net.py'}:13"),)
    )


def test_a_package_is_read_as_it_is_imported(tmp_path: Path) -> None:
    """What a file of a package registers is registered once, though other files import it."""
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "__init__.py").write_text("from .nets import *\n")
    (package / "registry.py").write_text(
        """
MODELS = {}

def register(function):
    if function.__name__ in MODELS:
        raise ValueError
    MODELS[function.__name__] = function
    return function
"""
    )
    (package / "nets.py").write_text(
        _HEAD
        + """
from .registry import register

class Net(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer(3, 4)

    def forward(self, x):
        return self.layer(x)

@register
def linear():
    return Net(nn.Linear)
"""
    )
    settings = Settings()
    project, survey = Project(settings, tmp_path), Survey()
    for path in sorted(package.glob("*.py")):
        survey.add(Document.read(path), project.world, settings)
    assert survey.result() == Coverage(1, 1, 0, ())
