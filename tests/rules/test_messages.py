"""How every message is written, whoever raises it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from rules.test_ownership import FILES

_MAKERS = ("ShapeError", "attention_error", "mismatch", "recurrent_error")
_STARTS = re.compile(r"[a-z0-9`{.§]")


def _texts(node: ast.expr) -> Iterator[str]:
    """A message with § for each value that is put in when it is raised."""
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(v.value) if isinstance(v, ast.Constant) else "§" for v in node.values)


def _messages() -> Iterator[tuple[str, str]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKERS:
                index = 1 if node.func.id == "ShapeError" else 0
                for text in _texts(node.args[index]) if len(node.args) > index else ():
                    yield f"{path.stem}:{node.lineno}", text


_MESSAGES = list(_messages())


def test_messages_are_found() -> None:
    """There are hundreds; were there none, the tests below would say nothing."""
    assert len(_MESSAGES) > 400


@pytest.mark.parametrize(
    ("what", "is_wrong"),
    [
        ("ends in a period", lambda text: text.endswith((".", "!")) and not text.endswith("...")),
        ("takes more than one line", lambda text: "\n" in text),
        ("has a hole", lambda text: "  " in text or text != text.strip()),
        ("begins like a sentence", lambda text: not _STARTS.match(text)),
        ("commands", lambda text: re.search(r"\b(should|please|try|make sure)\b", text) is not None),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_message(what: str, is_wrong: Callable[[str], bool]) -> None:
    """A message is one clause without a period that says what is, and commands nothing."""
    bad = [f"{place}: {text}" for place, text in _MESSAGES if is_wrong(text)]
    assert not bad, f"{what}:\n" + "\n".join(bad)
