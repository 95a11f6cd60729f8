"""Sizes and shapes as people write them in declarations: `H//2`, `[N, 3, H, W]`, `1x3x224x224`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from torchlint.dims.expr import (
    Kind,
    Size,
    Symbol,
    floordiv,
    maximum,
    minimum,
    mod,
    of_atom,
)

_LONGEST = 1000  # characters; deeper nesting than fits here is nobody's shape
_GREATEST_POWER = 16
_BATCH_NAMES = frozenset({"n", "b", "batch", "batch_size"})

Factory = Callable[[str, Kind], Symbol]
"""Makes the symbol for a name that the scope does not have."""


def parse_size(text: str, scope: dict[str, Symbol | Size], factory: Factory = Symbol) -> Size:
    """The size that `text` says; names come from `scope`, and new ones (INPUT) are put there.

    Knows `+ - * // % **`, parentheses, `max` and `min`. Raises ValueError that names what it cannot read.
    """
    return _parse(text, scope, factory, Kind.INPUT)


def parse_shape(text: str, scope: dict[str, Symbol | Size], factory: Factory = Symbol) -> tuple[Size, ...]:
    """The shape that `text` says: `[N, 3, H//2, 224]`, `(1, 3, 8, 8)`, `1,3,224,224`, `1x3x224x224` or `[]`.

    A new name in the first place that is called N, B or batch is of kind BATCH, other new names are INPUT.
    """
    inner = text.strip()
    for opening, closing in ("[]", "()"):
        if inner.startswith(opening) and inner.endswith(closing) and _closes_last(inner):
            inner = inner[1:-1].strip()
            break
    if not inner:
        return ()
    if re.fullmatch(r"\d+(\s*[x×]\s*\d+)+", inner):
        return tuple(int(part) for part in re.split(r"\s*[x×]\s*", inner))
    pieces = _split_at_commas(inner)
    if len(pieces) > 1 and not pieces[-1]:
        pieces.pop()  # a trailing comma, as in `(3,)`
    sizes: list[Size] = []
    for place, piece in enumerate(pieces):
        batch = place == 0 and piece.lower() in _BATCH_NAMES
        sizes.append(_parse(piece, scope, factory, Kind.BATCH if batch else Kind.INPUT))
    return tuple(sizes)


def _closes_last(text: str) -> bool:
    """Whether the bracket that opens the text is closed by its last character."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0:
            return place == len(text) - 1
    return False


def _split_at_commas(text: str) -> list[str]:
    pieces = [""]
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return [piece.strip() for piece in pieces]


def _parse(text: str, scope: dict[str, Symbol | Size], factory: Factory, kind: Kind) -> Size:
    if not text.strip():
        raise ValueError("a size is missing")
    if len(text) > _LONGEST:
        raise ValueError(f"`{text[:20]}...` is too long for a size")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"`{text.strip()}` is not a size") from None
    return _Reader(text.strip(), scope, factory, kind).read(tree)


class _Reader:
    """Turns the syntax tree of one size into the size."""

    def __init__(self, text: str, scope: dict[str, Symbol | Size], factory: Factory, kind: Kind) -> None:
        self.text = text
        self.scope = scope
        self.factory = factory
        self.kind = kind

    def read(self, node: ast.expr) -> Size:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return node.value
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            operand = self.read(node.operand)
            return -operand if isinstance(node.op, ast.USub) else operand
        if isinstance(node, ast.BinOp):
            return self.operation(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords and node.args:
            args = [self.read(arg) for arg in node.args]
            if node.func.id == "max":
                return maximum(*args)
            if node.func.id == "min":
                return minimum(*args)
        raise self.unreadable(node)

    def name(self, name: str) -> Size:
        found = self.scope.get(name)
        if found is None:
            found = self.scope[name] = self.factory(name, self.kind)
        return of_atom(found) if isinstance(found, Symbol) else found

    def operation(self, node: ast.BinOp) -> Size:
        left, right = self.read(node.left), self.read(node.right)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, (ast.FloorDiv, ast.Mod)):
            if right == 0:
                raise ValueError(f"`{self.source(node)}` divides by zero")
            return floordiv(left, right) if isinstance(node.op, ast.FloorDiv) else mod(left, right)
        if isinstance(node.op, ast.Pow) and isinstance(right, int) and 0 <= right <= _GREATEST_POWER:
            power: Size = left**right
            return power
        raise self.unreadable(node)

    def source(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.text, node) or self.text

    def unreadable(self, node: ast.expr) -> ValueError:
        return ValueError(f"`{self.source(node)}` is not a size")
