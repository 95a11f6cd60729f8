"""Starting the server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_SERVER = Path(__file__).resolve().parents[2] / "server"


def _output(code: str) -> str:
    """What a new Python prints that runs this."""
    environment = os.environ | {"PYTHONPATH": str(_SERVER)}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout


def test_it_starts_without_torch() -> None:
    """Loading the server loads neither torch nor numpy, nor the command line's tables."""
    code = "import sys, torchlint.lsp.server as s; s.make_server(lambda *given: iter(())); print(' '.join(sys.modules))"
    loaded = {module.split(".")[0] for module in _output(code).split()}
    assert "pygls" in loaded
    assert not loaded & {"torch", "torchvision", "numpy", "rich"}


_TYPES = """
{first}
import json, pathlib
import attrs
from lsprotocol import types
from lsprotocol.converters import get_converter

converter = get_converter()
for name, cls in sorted(types.ALL_TYPES_MAP.items()):
    if isinstance(cls, type) and attrs.has(cls):
        print(name, [(a.name, a.type, a.default, a.kw_only, a.eq, a.validator is None) for a in attrs.fields(cls)])
        print(cls.__eq__ is object.__eq__, cls.__hash__ is None, cls.__doc__)
edits = [types.TextEdit(types.Range(types.Position(1, 2), types.Position(3, 4)), "é"), types.Position(1, 2)]
print(edits, edits == list(edits), edits[1] < types.Position(1, 3), [converter.unstructure(edit) for edit in edits])
print([converter.structure(converter.unstructure(edit), type(edit)) for edit in edits])
for path in sorted(pathlib.Path({capabilities!r}).iterdir()):
    params = converter.structure(json.loads(path.read_text()), types.InitializeParams)
    print(params, converter.unstructure(params))
try:
    types.Position(-1, 0)
except ValueError as error:
    print(error)
"""


def test_its_types_are_those_of_the_protocol() -> None:
    """What is defined when it is first used is what lsprotocol defines: fields, comparison, validation and conversion."""
    capabilities = str(Path(__file__).parent / "capabilities")
    ours, theirs = (_output(_TYPES.format(first=first, capabilities=capabilities)) for first in ("import torchlint.lsp", ""))
    assert ours == theirs


def test_it_defines_the_types_that_it_uses() -> None:
    """A server that starts has not spent time on types that no client may ever ask for."""
    code = "import torchlint.lsp.server as s, sys; s.make_server(lambda *given: iter(())); from lsprotocol import types"
    defined = "sum('__attrs_own_setattr__' in vars(cls) for cls in vars(types).values() if isinstance(cls, type))"
    assert 0 < int(_output(f"{code}; print({defined})")) < 100
