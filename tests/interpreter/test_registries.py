"""Modules that register what they define: a look-up finds it, though nothing else has used the module."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from torchlint.analysis import Project, analyze, summarize
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.summary import SummaryError, Target

_PACKAGE = {
    "zoo/__init__.py": "from .models import *\nfrom .factory import create\n",
    "zoo/models/__init__.py": "from .small import *\nfrom .broken import *\nfrom . import computed\n",
    "zoo/registry.py": """
        import sys

        _builders = {}
        _defaults = dict()

        def register(function):
            module = sys.modules[function.__module__]
            if hasattr(module, 'settings'):
                _defaults[function.__name__] = module.settings
            _builders[function.__name__] = function
            return function
        """,
    "zoo/factory.py": """
        from .registry import _builders, _defaults

        def create(name, **options):
            if name not in _builders:
                raise RuntimeError(f'Unknown model ({name})')
            return _builders[name](**{**_defaults.get(name, {}), **options})
        """,
    "zoo/models/small.py": """
        from torch import nn
        from ..registry import register

        settings = {'width': 3}

        @register
        def tiny(width):
            return nn.Linear(width, 2)
        """,
    "zoo/models/broken.py": "from ..registry import register\nraise RuntimeError('tiny')\n",
    "zoo/models/computed.py": """
        from torch import nn
        from ..registry import register

        def _named(name, width):
            def build(**options):
                return nn.Linear(width, 1)
            build.__name__ = name
            return register(build)

        wide = _named('wide', 99)
        """,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in _PACKAGE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(text))
    return tmp_path


def _count(root: Path, args: str) -> object:
    settings = Settings()
    (found,) = summarize(Target(module="zoo", name="create", args=args), Project(settings, root), settings)
    return found.total_params


@pytest.mark.parametrize(("args", "count"), [("'tiny'", 8), ("'tiny', width=5", 12), ("'wide'", 100)])
def test_what_a_module_registers_is_found(root: Path, args: str, count: int) -> None:
    """The module that registers it is read when its name is looked up, with the names that it hands to the registry."""
    assert _count(root, args) == count


def test_what_no_module_registers_is_missing(root: Path) -> None:
    """The program's own error is what is told."""
    with pytest.raises(SummaryError, match=r"raises RuntimeError: Unknown model \(huge\)"):
        _count(root, "'huge'")


_LAZY = {
    "zoo/__init__.py": """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from .large import Large
            from .small import Small

        def __getattr__(name):
            import importlib
            return getattr(importlib.import_module('.small', __name__), name)
        """,
    "zoo/registry.py": "functions = {}\n\ndef register(function):\n    functions[function.__name__] = function\n",
    "zoo/large.py": "from .registry import register\n\n@register\ndef gelu():\n    pass\n\nclass Large:\n    pass\n",
    "zoo/small.py": """
        from torch import nn
        from .registry import functions

        class Config:
            names = {}

            def __getattribute__(self, key):
                return 3 if key not in super().__getattribute__('names') else 4

        class Small(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(Config().gelu if 'gelu' not in functions else 100, 2)
        """,
    "model.py": """
        from torch import nn
        from zoo import Small

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.small = Small()
        """,
}


def test_what_only_a_type_checker_is_told_of_registers_nothing(tmp_path: Path) -> None:
    """A look-up reads no module that Python does not import, and none for a dictionary that a class has for itself."""
    for name, text in _LAZY.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(textwrap.dedent(text))
    settings = Settings()
    project = Project(settings, tmp_path)
    (found,) = summarize(Target(path=tmp_path / "model.py", name="Net"), project, settings)
    assert found.total_params == 8
    assert str(tmp_path / "zoo" / "large.py") not in project.world.namespaces


def test_a_name_is_searched_in_packages_without_running_them(tmp_path: Path) -> None:
    """Of many packages that take their names by star, only that of the name is read, however deep it is defined."""
    zoo, names = tmp_path / "zoo", ("first", "second", "third")
    files = {zoo / "__init__.py": "".join(f"from .{name} import *\n" for name in names)}
    for name in names:
        files[zoo / name / "__init__.py"] = "from .part import *\n"
        files[zoo / name / "part.py"] = f"from torch import nn\n\n\nclass {name.title()}(nn.Linear):\n    pass\n"
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project = Project(Settings(), tmp_path)
    text = "from zoo import Second\nimport torch\n\nSecond(3, 4)(torch.zeros(2, 5))\n"
    found = analyze(Document(str(tmp_path / "model.py"), text), project, Settings()).diagnostics
    assert [d.name for d in found] == ["linear-in-features"]
    read = {path for path in project.world.namespaces if path.startswith(str(zoo))}
    assert read == {str(zoo / "__init__.py"), str(zoo / "second" / "__init__.py"), str(zoo / "second" / "part.py")}
