r"""Marks: comments in runnable PyTorch files that say what torchlint must find there.

```text
x = self.conv(x)        # shape: [N, 64, H - 2, W - 2]    what the assignment on this line binds
q, k = split(x)         # shape: q [N, L, 8], k [N, L, 8] several names
x = self.fc(x)          # expect: linear-in-features "512" | conv-in-channels "3"   (`;` is read as `|` is)
class Net(nn.Module):   # params: 61706                   (or `# params: Net 61706` anywhere)
# run: Net(16, 4)(randn(2, 3, 32, 32))                    how real torch builds and feeds a class
self.fc = Linear(9, 2)  # repair: self.fc = Linear(8, 2)  what the line should say instead (`\n` for more lines, or nothing)
x = odd(x)              # shape: [N, 3]  # bug: why       known to be wrong; fails when it is mended
```

One comment may hold several marks.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path
from typing import NamedTuple

_MARK = re.compile(r"#\s*(shape|expect|params|run|bug|repair):\s*(.*?)\s*(?=#\s*(?:shape|expect|params|run|bug|repair):|$)")
_SHAPE = re.compile(r"(?:([\w.]+)\s+)?(\[[^\]]*\])")
_EXPECT = re.compile(r'([a-z][a-z0-9-]+)(?:\s+"([^"]*)")?\s*(?:[;|]|$)')


class ShapeMark(NamedTuple):
    """The shape that `name` is bound to by the assignment on `row`."""

    row: int
    name: str
    text: str


class Expectation(NamedTuple):
    """A diagnostic of `rule` on `row` whose message has `part` in it."""

    row: int
    rule: str
    part: str


class ParamsMark(NamedTuple):
    """The exact number of parameters of class `name`."""

    row: int
    name: str
    text: str


class Marks(NamedTuple):
    """Every mark of a file. `bugs` are reasons and `repairs` lines by row; `runs` are expressions for real
    torch."""

    tree: ast.Module
    shapes: list[ShapeMark]
    expects: list[Expectation]
    params: list[ParamsMark]
    runs: list[str]
    bugs: dict[int, str]
    repairs: dict[int, str]

    def class_at(self, row: int) -> str | None:
        """The top-level class whose text holds the row."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and node.lineno <= row <= (node.end_lineno or 0):
                return node.name
        return None


def read_marks(path: Path) -> Marks:
    """The marks of a file. Raises ValueError for a mark that cannot be read."""
    text = path.read_text()
    marks = Marks(ast.parse(text), [], [], [], [], {}, {})
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row = token.start[0]
            for kind, rest in _MARK.findall(token.string):
                _READERS[kind](marks, row, rest)
    return marks


def _read_shape(marks: Marks, row: int, text: str) -> None:
    names = assigned_names(marks.tree, row)
    found = _SHAPE.findall(text)
    if not found or not names or (len(found) > 1 and not all(name for name, _ in found)):
        raise ValueError(f"row {row}: no shape for an assignment in `{text}`")
    for name, shape in found:
        marks.shapes.append(ShapeMark(row, name or names[0], shape))


def _read_expect(marks: Marks, row: int, text: str) -> None:
    found = _EXPECT.findall(text)
    if not found:
        raise ValueError(f"row {row}: no rule in `{text}`")
    marks.expects.extend(Expectation(row, rule, part) for rule, part in found)


def _read_params(marks: Marks, row: int, text: str) -> None:
    name, _, count = text.rpartition(" ") if re.match(r"[A-Z]\w* ", text) else ("", "", text)
    owner = name or marks.class_at(row)
    if not owner:
        raise ValueError(f"row {row}: no class for `{text}`")
    marks.params.append(ParamsMark(row, owner, count))


def _read_run(marks: Marks, row: int, text: str) -> None:
    marks.runs.append(text)


def _read_repair(marks: Marks, row: int, text: str) -> None:
    marks.repairs[row] = text


def _read_bug(marks: Marks, row: int, text: str) -> None:
    marks.bugs[row] = text


_READERS = {
    "shape": _read_shape,
    "expect": _read_expect,
    "params": _read_params,
    "run": _read_run,
    "bug": _read_bug,
    "repair": _read_repair,
}


def assigned_names(tree: ast.Module, row: int) -> list[str]:
    """The names that the innermost assignment on a row binds."""
    statement = assignment_at(tree, row)
    if statement is None:
        return []
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]


def assignment_at(tree: ast.Module, row: int) -> ast.Assign | ast.AnnAssign | ast.AugAssign | None:
    """The innermost assignment statement whose text holds a row."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
        and node.lineno <= row <= (node.end_lineno or node.lineno)
    ]
    return min(found, key=lambda n: (n.end_lineno or 0) - n.lineno, default=None)
