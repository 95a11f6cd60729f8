"""Marked files under real torch: what the marked assignments bind, what is raised, and on which lines.

A file is compiled with a call after each marked assignment that notes what was bound. Its module-level code runs once, as a
script; then each run of a class: as a `# run:` mark says, or with the constructor's defaults and the input of torchlint's main
pass with numbers put in for its symbols.
"""

from __future__ import annotations

import ast
import inspect
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import torch

from marks import Marks, assignment_at
from torchlint.analysis import Analysis
from torchlint.dims.expr import Expr, Symbol, substitute, symbols_of
from torchlint.values.tensor import Tensor

_RECORD = "__record__"
_BATCH_SIZE = 2
_SIDE = 32
_NUMBERS = {"N": _BATCH_SIZE, "B": _BATCH_SIZE}


class Run(NamedTuple):
    """One run of real torch: of the script (`name` is None) or of one class.

    `shapes` are by (row, name); `sizes` are what the symbols of the main pass stand for; `rows` are those of the exception's
    traceback in the file.
    """

    name: str | None
    shapes: dict[tuple[int, str], list[int]]
    sizes: dict[str, int]
    params: int | None
    error: BaseException | None
    rows: list[int]


class _Recorded(ast.NodeTransformer):
    """Puts a call after each assignment that has a mark."""

    def __init__(self, marks: Marks) -> None:
        self._names: dict[tuple[int, int], list[tuple[int, str]]] = {}
        for mark in marks.shapes:
            statement = assignment_at(marks.tree, mark.row)
            assert statement is not None
            self._names.setdefault((statement.lineno, statement.col_offset), []).append((mark.row, mark.name))

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                setattr(node, name, [each for s in block for each in (s, *self._calls(s))])
        return node

    def _calls(self, statement: ast.stmt) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for row, name in self._names.get((statement.lineno, statement.col_offset), []):
            call = ast.parse(f"{_RECORD}({row}, {name!r}, {name})").body[0]
            made.append(ast.fix_missing_locations(ast.copy_location(call, statement)))
        return made


def execute(path: Path, marks: Marks, analysis: Analysis) -> list[Run]:
    """Run a file under torch: the script first, then its classes."""
    shapes: dict[tuple[int, str], list[int]] = {}

    def record(row: int, name: str, value: Any) -> None:
        if isinstance(value, torch.Tensor):
            shapes[row, name] = list(value.shape)

    scope: dict[str, Any] = {"__name__": "__main__", "__file__": str(path), _RECORD: record}
    code = compile(_Recorded(marks).visit(ast.parse(path.read_text())), str(path), "exec")
    arguments, sys.argv = sys.argv, [str(path)]
    torch.manual_seed(0)
    runs: list[Run] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            error = _attempt(lambda: exec(code, scope))
            runs.append(Run(None, dict(shapes), {}, None, error, _rows(error, path)))
            names = {**vars(torch), "torch": torch, **scope}
            for target in _targets(marks, analysis, scope):
                shapes.clear()
                runs.append(_run_class(target, names, path, analysis, shapes))
    finally:
        sys.argv = arguments
    return runs


def _targets(marks: Marks, analysis: Analysis, scope: dict[str, Any]) -> list[str]:
    """The `# run:` marks, then every class that has none and whose constructor has defaults for everything."""
    targets = list(marks.runs)
    for name, exploration in analysis.file.classes.items():
        if name not in scope or inspect.isabstract(scope[name]) or any(run.startswith(f"{name}(") for run in marks.runs):
            continue
        parameters = list(inspect.signature(scope[name].__init__).parameters.values())[1:]
        if all(p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
            inputs = exploration.main.inputs.items()
            targets.append(f"{name}()({', '.join(f'{k}={_dummy(v, exploration.main)}' for k, v in inputs)})")
    return targets


def _dummy(value: Any, main: Any) -> str:
    if not isinstance(value, Tensor):
        return "None"
    sizes = []
    for size in value.shape:
        size = main.facts.resolve(size)
        sizes.append(substitute(size, {s: _NUMBERS.get(s.name, _SIDE) for s in symbols_of(size)}))
    if value.dtype is not None and value.dtype.name == "int64":
        return f"torch.randint(0, 2, {tuple(sizes)})"
    return f"torch.randn({tuple(sizes)})"


def _run_class(
    target: str, names: dict[str, Any], path: Path, analysis: Analysis, shapes: dict[tuple[int, str], list[int]]
) -> Run:
    call = ast.parse(target, mode="eval").body
    assert isinstance(call, ast.Call)
    sizes: dict[str, int] = {}
    made: list[Any] = []

    def run() -> None:
        model = _value(call.func, names)
        args = [_value(a, names) for a in call.args]
        kwargs = {k.arg: _value(k.value, names) for k in call.keywords}
        if isinstance(model, torch.nn.Module):
            made.append(model)
            _bind_inputs(model, args, kwargs, analysis, sizes)
            if isinstance(call.func, ast.Call):
                _bind_arguments(call.func, names, sizes)
        model(*args, **kwargs)

    error = _attempt(run)
    model = made[0] if made else None
    params = sum(p.numel() for p in model.parameters() if not isinstance(p, torch.nn.UninitializedParameter)) if made else None
    name = type(model).__name__ if made else target.partition("(")[0]
    return Run(name, dict(shapes), sizes, params, error, _rows(error, path))


def _value(node: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "<run>", "eval"), names)


def _bind_inputs(model: Any, args: list[Any], kwargs: Any, analysis: Analysis, sizes: dict[str, int]) -> None:
    """Numbers for the symbols that stand alone in the shapes of the main pass's inputs."""
    main = analysis.file.classes[type(model).__name__].main
    given = inspect.signature(model.forward).bind(*args, **kwargs).arguments
    for name, value in main.inputs.items():
        if isinstance(value, Tensor) and isinstance(given.get(name), torch.Tensor):
            for size, number in zip(value.shape, given[name].shape):
                alone = _symbol(main.facts.resolve(size))
                if alone is not None:
                    sizes[alone.name] = number


def _symbol(size: Any) -> Symbol | None:
    found = symbols_of(size) if isinstance(size, Expr) else set()
    only = next(iter(found)) if len(found) == 1 else None
    return only if only is not None and substitute(size, {only: 7}) == 7 and substitute(size, {only: 8}) == 8 else None


def _bind_arguments(call: ast.Call, names: dict[str, Any], sizes: dict[str, int]) -> None:
    """Numbers for the constructor's parameters."""
    cls = _value(call.func, names)
    args = [_value(a, names) for a in call.args]
    kwargs = {k.arg: _value(k.value, names) for k in call.keywords if k.arg}
    bound = inspect.signature(cls).bind(*args, **kwargs).arguments
    sizes.update({k: v for k, v in bound.items() if isinstance(v, int)})


def _attempt(action: Any) -> BaseException | None:
    try:
        action()
    except Exception as error:
        return error
    return None


def _rows(error: BaseException | None, path: Path) -> list[int]:
    if error is None:
        return []
    frames = traceback.walk_tb(error.__traceback__)
    return [row for frame, row in frames if frame.f_code.co_filename == str(path)]
