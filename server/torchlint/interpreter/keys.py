"""Keys of what something unknown is computed from: by them a question is recognised, in the same pass and in others."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Expr
from torchlint.interpreter.narrowing import constant_key
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

_MOST_PARTS = 64


class Keys:
    """Keys for the values of one pass.

    Two values have one key only if they are the same or equal. A pass that goes the same way gives the same keys: what has no
    text of its own is numbered in the order in which it is asked for, and kept, so that its number is no other's.
    """

    def __init__(self) -> None:
        self._sizes: dict[Expr, int] = {}
        self._others: dict[int, tuple[int, Any]] = {}

    def of(self, value: Any) -> object:
        """The key of a value."""
        if isinstance(value, Unknown):
            return value.key
        constant = constant_key(value)
        if constant is not None:
            return constant
        if isinstance(value, slice):
            return ("slice", self.of(value.start), self.of(value.stop), self.of(value.step))
        if isinstance(value, (tuple, list, set, frozenset)) and len(value) <= _MOST_PARTS:
            several = tuple(constant_key(v) for v in value)
            if None not in several:
                return (type(value).__name__, several)
        if isinstance(value, Expr):
            return ("size", self._sizes.setdefault(value, len(self._sizes)))
        number, _ = self._others.setdefault(id(value), (len(self._others), value))
        return (type(value).__name__, number, value.storage.version if isinstance(value, Tensor) else 0)
