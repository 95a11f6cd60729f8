"""Whether what one round of a loop made is like what the next one made: the same but for which objects they are."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Expr, Symbol, of_atom
from torchlint.dims.facts import facts
from torchlint.dims.real import Real
from torchlint.interpreter.functions import BoundMethod, FunctionValue, Partial
from torchlint.interpreter.objects import Instance
from torchlint.values.module import HIDDEN, Module
from torchlint.values.rounds import Rounds, Series, with_number
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

_PLAIN = (bool, int, float, complex, str, bytes, type(None))


class Likeness:
    """Compares values of a round with those of the next one, in which `later` is the number that was `number`.

    Each object has one that it is like, the same wherever it stands.
    """

    def __init__(self, number: Symbol, later: Symbol) -> None:
        self._number = number
        self._later = later
        self._pairs: dict[int, Any] = {}
        self._kept: list[Any] = []  # objects whose ids are spoken of

    def holds(self, a: Any, b: Any) -> bool:
        """Whether the two are alike."""
        if a is b:
            return True
        if isinstance(a, _PLAIN):
            return type(a) is type(b) and bool(a == b)
        if isinstance(a, (Expr, Real)):
            return bool(a == with_number(b, self._later, of_atom(self._number)))
        if id(a) in self._pairs:
            return self._pairs[id(a)] is b
        if type(a) is not type(b):
            return isinstance(a, Unknown) and isinstance(b, Unknown) and not isinstance(a, (Rounds, Series))
        self._pairs[id(a)] = b
        self._kept += (a, b)
        return self._same_parts(a, b)

    def _same_parts(self, a: Any, b: Any) -> bool:
        if isinstance(a, Tensor):
            return self._same_tensor(a, b)
        if isinstance(a, Module):
            return self._same_module(a, b)
        if isinstance(a, (list, tuple)):
            return self._all(a, b)
        if isinstance(a, dict):
            return list(a) == list(b) and self._all(list(a.values()), list(b.values()))
        if isinstance(a, Instance):
            return a.cls is b.cls and self.holds(a.attributes, b.attributes) and self.holds(a.payload, b.payload)
        if isinstance(a, Rounds):
            return bool(a.count == b.count) and self._all(a.items, b.items)
        if isinstance(a, Series):
            return a.kind is b.kind and a.parts is not None and b.parts is not None and self._all(a.parts, b.parts)
        if isinstance(a, FunctionValue):
            return a.node is b.node
        if isinstance(a, BoundMethod):
            return self.holds(a.function, b.function) and self.holds(a.receiver, b.receiver)
        if isinstance(a, Partial):
            return self.holds(a.function, b.function) and self.holds(a.args, b.args) and self.holds(a.kwargs, b.kwargs)
        return isinstance(a, Unknown) or bool(a == b)

    def _all(self, a: Any, b: Any) -> bool:
        return len(a) == len(b) and all(map(self.holds, a, b))

    def _same_tensor(self, a: Tensor, b: Tensor) -> bool:
        flags = (a.dtype, a.is_parameter, a.is_buffer, a.requires_grad, len(a.shape))
        if flags != (b.dtype, b.is_parameter, b.is_buffer, b.requires_grad, len(b.shape)):
            return False
        return all(map(self._same_size, a.shape, b.shape))

    def _same_size(self, a: Any, b: Any) -> bool:
        resolve = facts().resolve
        return bool(resolve(a) == resolve(with_number(b, self._later, of_atom(self._number))))

    def _same_module(self, a: Module, b: Module) -> bool:
        if a.interpreted_class is not b.interpreted_class:
            return False
        first = {name: value for name, value in vars(a).items() if name not in HIDDEN}
        second = {name: value for name, value in vars(b).items() if name not in HIDDEN}
        return first.keys() == second.keys() and all(self.holds(value, second[name]) for name, value in first.items())
