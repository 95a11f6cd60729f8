"""TL115."""

from __future__ import annotations

import ast
import re
from typing import TypeGuard

from torchlint.diagnostics import Applicability, Edit, Fix, Span
from torchlint.dims.real import Real
from torchlint.interpreter.places import Place, Unit
from torchlint.interpreter.trace import Argument, Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule

_SLASH = re.compile(r"#[^\n]*|/")  # or a comment, which may hold slashes of its own


@rule("TL115", fix=Applicability.SAFE)
def dtype_mismatch(failure: Failure, file: CheckedFile) -> Finding:
    """An operation is given numbers of a type that it does not take.

    ## Why is this bad?
    Layers compute in the type of their weights, float32 unless it was said; `Embedding` and class indices are integers; masks
    are bool. torch converts only for element-by-element arithmetic and raises `expected scalar type Long but found Float` or
    `mat1 and mat2 must have the same dtype` everywhere else. Sizes must be whole numbers, and `/` gives a float even where it
    divides evenly.

    ## Example
    ```python
    from torch import nn


    class Squeeze(nn.Module):
        def __init__(self, channels=64):
            super().__init__()
            self.conv = nn.Conv2d(channels, channels / 4, 1)

        def forward(self, x):
            return self.conv(x)
    ```

    Use instead:
    ```python
    from torch import nn


    class Squeeze(nn.Module):
        def __init__(self, channels=64):
            super().__init__()
            self.conv = nn.Conv2d(channels, channels // 4, 1)

        def forward(self, x):
            return self.conv(x)
    ```

    ## Fix safety
    Safe: it is offered only where a size is written as a division, and `//` differs from `/` only by the type where the
    division is even. The call raised before.

    ## References
    - https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch-dtype
    """
    found = explain(failure, file)
    fix = _whole_division(failure, file) if failure.inside is None else None
    return found._replace(fix=fix, help=fix.message) if fix is not None else found


def _whole_division(failure: Failure, file: CheckedFile) -> Fix | None:
    argument = failure.arguments.get(failure.error.blame or "")
    if argument is None or not _is_float(argument.value):
        return None
    unit = failure.place.unit
    edits = [_second_slash(n, unit, file) for n in _written(argument, failure.place.node) if _is_division(n)]
    return Fix("divide with `//`, which gives a whole number", tuple(edits), Applicability.SAFE) if edits else None


def _is_float(value: object) -> bool:
    return isinstance(value, (float, Real)) or (isinstance(value, (tuple, list)) and any(_is_float(v) for v in value))


def _written(argument: Argument, call: ast.AST) -> list[ast.AST]:
    """The sizes as they are written: one, the elements of a tuple, or the arguments that `*size` collects."""
    given: list[ast.AST] = [argument.node] if argument.node is not None else []
    if argument.node is None and isinstance(call, ast.Call):
        given = list(call.args)
    return [size for node in given for size in (node.elts if isinstance(node, (ast.Tuple, ast.List)) else [node])]


def _is_division(node: ast.AST) -> TypeGuard[ast.BinOp]:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def _second_slash(division: ast.BinOp, unit: Unit, file: CheckedFile) -> Edit:
    document = file.document
    start = document.offset(file.span(Place(unit, division.left)).end)
    slash = next(m.end() for m in _SLASH.finditer(document.text, start) if m.group() == "/")
    at = document.position(slash)
    return Edit(Span(at, at), "/")
