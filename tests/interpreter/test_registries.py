"""Modules that register what they define: a look-up finds it, though nothing else has used the module."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from torchlint.analysis import Project, summarize
from torchlint.settings import Settings
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
