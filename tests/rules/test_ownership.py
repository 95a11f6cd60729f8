"""Every failure has a rule: none can be raised that no page explains and no word silences."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import torchlint
from torchlint.rules import all_rules

_PACKAGE = Path(torchlint.__file__).parent
FILES = sorted(p for folder in ("values", "ops", "interpreter") for p in (_PACKAGE / folder).rglob("*.py"))
_OWNERS = {rule.name for rule in all_rules() if "Failure" in rule.subject.split(" | ")}


def _kinds(node: ast.expr) -> Iterator[str]:
    """The rule names that the first argument of a ShapeError may be; "" for what cannot be read off."""
    if isinstance(node, ast.IfExp):
        yield from (*_kinds(node.body), *_kinds(node.orelse))
    else:
        yield node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _raised(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ShapeError":
            for name in _kinds(node.args[0]):
                yield node.lineno, name


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_failure_has_a_rule(path: Path) -> None:
    """Each ShapeError says in plain sight whose it is, and that rule exists and is given failures."""
    strays = [f"{path.name}:{row}: {name or 'not a plain name'}" for row, name in _raised(path) if name not in _OWNERS]
    assert not strays, "\n".join(strays)


def test_every_owner_is_raised() -> None:
    """No rule waits for a failure that nothing raises."""
    raised = {name for path in FILES for _, name in _raised(path)}
    assert raised >= _OWNERS
