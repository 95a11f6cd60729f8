"""Models as people write them: everything marked is found, nothing else is, and real torch agrees with every mark."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from execution import Run, execute
from marks import Marks, ShapeMark, assignment_at, read_marks
from torchlint.__main__ import main
from torchlint.analysis import Analysis, Project, analyze
from torchlint.diagnostics import Severity
from torchlint.dims.expr import Symbol, symbols_of
from torchlint.dims.parsing import parse_shape, parse_size
from torchlint.dims.printing import show_shape
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Unit
from torchlint.interpreter.trace import Varied
from torchlint.rules.registry import RULES
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.summarizing import summary_of
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

_HERE = Path(__file__).parent
_FILES = sorted([*(_HERE / "models").glob("*.py"), *(_HERE.parent / "examples").glob("*.py")])
_SCRIPTS = sorted((_HERE / "models" / "scripts").glob("*.py"))
"""Training scripts whose data is not here, so that torch cannot run them."""
_SETTINGS = Settings(budget_seconds=20)
_ANALYSES: dict[Path, Analysis] = {}

torch.set_num_threads(1)


def _analysis(path: Path) -> Analysis:
    if path not in _ANALYSES:
        _ANALYSES[path] = analyze(Document.read(path), Project(_SETTINGS, path.parent), _SETTINGS)
    return _ANALYSES[path]


@pytest.mark.parametrize("path", [*_FILES, *_SCRIPTS], ids=lambda p: p.stem)
def test_marks_are_met(path: Path) -> None:
    """Every mark is met, nothing else is reported, and what is marked as a bug is still wrong."""
    marks = read_marks(path)
    analysis = _analysis(path)
    problems = [*_diagnostics(marks, analysis), *_shapes(path, marks, analysis), *_params(marks, analysis)]
    wrong = {row for row, _ in problems}
    found = [f"{path.name}:{row}: {text}" for row, text in sorted(problems) if row not in marks.bugs]
    found += [f"{path.name}:{row}: mended, remove `# bug: {why}`" for row, why in marks.bugs.items() if row not in wrong]
    assert not found, "\n" + "\n".join(found)


def _diagnostics(marks: Marks, analysis: Analysis) -> list[tuple[int, str]]:
    left = list(analysis.diagnostics)
    problems: list[tuple[int, str]] = []
    for expected in marks.expects:
        met = [d for d in left if (d.span.start.row, d.name) == expected[:2] and expected.part in d.message]
        if met:
            left.remove(met[0])
        else:
            problems.append((expected.row, f"not reported: {expected.rule} {expected.part!r}"))
    return [*problems, *((d.span.start.row, f"reported: {d.name} {d.message!r}") for d in left)]


def _shapes(path: Path, marks: Marks, analysis: Analysis) -> list[tuple[int, str]]:
    problems: list[tuple[int, str]] = []
    for mark in marks.shapes:
        seen = [_shape_seen(str(path), marks.tree, mark, one) for one in _passes(marks, mark, analysis)]
        known = [s for s in seen if s is not None]
        if not any(same for _, same in known):
            problems.append((mark.row, f"`{mark.name}` is {known[0][0] if known else 'never bound'}, not {mark.text}"))
    return problems


def _passes(marks: Marks, mark: ShapeMark, analysis: Analysis) -> list[Pass]:
    """The pass that a mark speaks of: the main one of its class; for other code the script's, then those of all classes."""
    exploration = analysis.file.classes.get(marks.class_at(mark.row) or "")
    if exploration is not None:
        return [exploration.main]
    return [analysis.file.script, *(e.main for e in analysis.file.classes.values())]


def _shape_seen(path: str, tree: ast.Module, mark: ShapeMark, one: Pass) -> tuple[str, bool] | None:
    """What a name is bound to on the mark's row, as text, and whether it is what the mark says."""
    statement = assignment_at(tree, mark.row)
    assert statement is not None
    rows = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    for unit, node, value in _bound(one):
        if node.id == mark.name and unit.path == path and unit.row(node.lineno) in rows:
            value = value.last if isinstance(value, Varied) else value
            if not isinstance(value, Tensor):
                return (f"unknown: {value.reason}" if isinstance(value, Unknown) else f"a {type(value).__name__}"), False
            shape = tuple(one.facts.resolve(size) for size in value.shape)
            scope: dict[str, Symbol | int] = {s.name: s for size in shape for s in symbols_of(size)}  # type: ignore[misc]
            return show_shape(shape), parse_shape(mark.text, scope) == shape  # type: ignore[arg-type]
    return None


def _bound(one: Pass) -> Iterator[tuple[Unit, ast.Name, Any]]:
    """What names were bound to, in the last module of a class first."""
    for (unit, _), seen in reversed(one.trace.seen.items()):
        for node, value in seen.items():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield unit, node, value


def _params(marks: Marks, analysis: Analysis) -> list[tuple[int, str]]:
    problems: list[tuple[int, str]] = []
    for mark in marks.params:
        exploration = analysis.file.classes.get(mark.name)
        total = summary_of(exploration, mark.name).total_params if exploration is not None else None
        scope = {s.name: s for s in symbols_of(total)} if total is not None else {}
        if total is None or parse_size(mark.text, dict(scope)) != total:
            problems.append((mark.row, f"`{mark.name}` has {total} parameters, not {mark.text}"))
    return problems


@pytest.mark.parametrize("path", _FILES, ids=lambda p: p.stem)
def test_torch_agrees(path: Path) -> None:
    """Marked shapes and counts are torch's, lines with an expected error raise, and everything else runs."""
    marks = read_marks(path)
    runs = execute(path, marks, _analysis(path))
    problems = [*_raised(marks, runs), *_torch_shapes(marks, runs), *_torch_params(marks, runs)]
    assert not problems, "\n" + "\n".join(f"{path.name}:{p}" for p in problems)


def _raised(marks: Marks, runs: list[Run]) -> list[str]:
    named = {r.name: r for r in RULES.values()}
    errors = {e.row for e in marks.expects if named[e.rule].severity is Severity.ERROR}
    raising = {e.row for e in marks.expects if e.row in errors and named[e.rule].code.startswith("TL1")}
    problems = [f"{row}: torch raises nothing here" for row in sorted(raising) if not any(row in r.rows for r in runs)]
    for run in runs:
        if run.error is not None and not errors & set(run.rows):
            problems.append(f"{run.rows[-1:]}: torch raises in {run.name}: {type(run.error).__name__}: {run.error}")
    return problems


def _torch_shapes(marks: Marks, runs: list[Run]) -> list[str]:
    problems: list[str] = []
    for mark in marks.shapes:
        owner = marks.class_at(mark.row)
        reached = [r for r in runs if (mark.row, mark.name) in r.shapes and (r.name == owner or owner is None)]
        if not reached:
            problems.append(f"{mark.row}: torch never binds `{mark.name}` here")
        for run in reached:
            shape = run.shapes[mark.row, mark.name]
            expected = list(parse_shape(mark.text, dict(run.sizes)))
            if shape != expected:
                problems.append(f"{mark.row}: `{mark.name}` is {shape} in torch, not {mark.text} with {run.sizes}")
    return problems


def _torch_params(marks: Marks, runs: list[Run]) -> list[str]:
    problems: list[str] = []
    for mark in marks.params:
        counted = [r for r in runs if r.name == mark.name and r.params is not None]
        if not counted:
            problems.append(f"{mark.row}: torch never runs `{mark.name}`")
        for run in counted:
            if run.params != parse_size(mark.text, dict(run.sizes)):
                problems.append(f"{mark.row}: `{mark.name}` has {run.params} parameters in torch, not {mark.text}")
    return problems


def test_the_students_network_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check --fix` moves the layer out of `forward` with the size that the pass found, and nothing is left to report."""
    copy = tmp_path / "mnist_student.py"
    shutil.copy(_HERE.parent / "examples" / "mnist_student.py", copy)
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--fix", copy.name]) == 0
    assert main(["check", copy.name]) == 0
    assert "self.fc1 = nn.Linear(320, 50)" in copy.read_text()
    marks = read_marks(copy)._replace(expects=[])
    (run,) = (r for r in execute(copy, marks, _analysis(copy)) if r.name == "Net")
    assert run.error is None
    assert run.params == 21840
