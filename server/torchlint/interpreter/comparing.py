"""Comparison, membership and truth of every kind of value."""

from __future__ import annotations

import ast
import operator as op
from collections.abc import Callable
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.dims.truth import Truth
from torchlint.interpreter.budget import check_weight
from torchlint.interpreter.conditions import SizeCondition
from torchlint.interpreter.machine import Machine
from torchlint.interpreter.objects import ClassValue, Instance, Raised, equal_key, host_part
from torchlint.interpreter.stdlib.system import Environment, is_set
from torchlint.ops.registry import OPERATIONS
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.signature import REQUIRED
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import (
    Free,
    Given,
    Likely,
    OpenArguments,
    OpenKeywords,
    SomeInteger,
    SomeNumber,
    Unknown,
    negated,
    same_among,
    without_holes,
)

_COMPARISONS: dict[type[ast.cmpop], tuple[Callable[[Any, Any], Any], str, str]] = {
    ast.Eq: (op.eq, "==", "torch.eq"),
    ast.NotEq: (op.ne, "!=", "torch.ne"),
    ast.Lt: (op.lt, "<", "torch.lt"),
    ast.LtE: (op.le, "<=", "torch.le"),
    ast.Gt: (op.gt, ">", "torch.gt"),
    ast.GtE: (op.ge, ">=", "torch.ge"),
}
_REFLECTED = {"torch.lt": "torch.gt", "torch.le": "torch.ge", "torch.gt": "torch.lt", "torch.ge": "torch.le"}
"""Comparisons with the operands the other way round, which Python makes where the first one is no tensor."""
_POSITIVE: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.IsNot: ast.Is, ast.NotEq: ast.Eq, ast.NotIn: ast.In}
_KINDS: dict[type[ast.cmpop], str] = {
    **{operator: symbol for operator, (_, symbol, _) in _COMPARISONS.items()}, ast.Is: "is", ast.In: "in"
}  # fmt: skip
_DUNDER = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_REFLECTED_SYMBOLS = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
NUMBERS = (int, float, complex, Expr, Real)


class Comparing(Machine):
    """Comparisons, `in`, `is`, and what a condition takes a value for."""

    def compare(self, operator: type[ast.cmpop], left: Any, right: Any) -> Any:
        if type(left) is int and type(right) is int and operator in _COMPARISONS:
            return _COMPARISONS[operator][0](left, right)
        if isinstance(left, Likely) or isinstance(right, Likely):
            if operator in _POSITIVE:
                return self.unary(ast.Not, self.compare(_POSITIVE[operator], left, right))
            return self.likely(_KINDS[operator], lambda a, b: self.compare(operator, a, b), left, right)
        if operator in (ast.Is, ast.IsNot):
            return self._identity(left, right, operator is ast.IsNot)
        if operator in (ast.In, ast.NotIn):
            return self._contains(right, left, operator is ast.NotIn)
        function, symbol, torch_name = _COMPARISONS[operator]
        if isinstance(left, Instance) or isinstance(right, Instance):
            said = self._object_comparison(symbol, left, right)
            if said is not None:
                return said
            left, right = host_part(left), host_part(right)
        if isinstance(left, Free) and isinstance(right, (int, Expr, Free)) and not isinstance(right, bool):
            left = left.size
        if isinstance(right, Free) and isinstance(left, (int, Expr)) and not isinstance(left, bool):
            right = right.size
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return self._opaque_comparison(symbol, left, right)
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            if isinstance(left, (Tensor, *NUMBERS)) and isinstance(right, (Tensor, *NUMBERS)):
                if not isinstance(left, Tensor):
                    left, right, torch_name = right, left, _REFLECTED.get(torch_name, torch_name)
                return self.call_operation(OPERATIONS[torch_name], (left, right), {})
            for value, other in ((left, right), (right, left)):
                if isinstance(value, InputTensor) and value.is_inferred and isinstance(other, str):
                    text = Unknown(f"`{value.name}` may be no tensor", self.here(), ("input", value.name), is_plain=True)
                    return self._opaque_comparison(symbol, text, other)
            return symbol == "!="
        if isinstance(left, (Expr, Real)) or isinstance(right, (Expr, Real)):
            return self._compare_sizes(symbol, left, right)
        if isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)):
            if symbol in ("<", "<=", ">", ">="):
                return self._ordered_sequences(operator, left, right)
            equal = self._equal_sequences(left, right)
            return equal if symbol == "==" else self._negate(equal)
        if isinstance(left, (Instance, Module)):
            method = self.find_method(left, f"__{_DUNDER[symbol]}__")
            if method is not None:
                return self.call_special(method, right)
            if symbol in ("==", "!="):
                return (left is right) is (symbol == "==")
        try:
            check_weight((left, right))
            result = function(left, right)
            return bool(result) if isinstance(result, (bool, int)) else self.unknown("a comparison could not be followed")
        except TypeError as error:
            raise self.raise_host(error) from None

    def _object_comparison(self, symbol: str, left: Any, right: Any) -> Any:
        """What the method of an object says that is compared, the left one first; None if there is no method."""
        for value, other, relation in ((left, right, symbol), (right, left, _REFLECTED_SYMBOLS.get(symbol, symbol))):
            if isinstance(value, Instance) and (not isinstance(other, Unknown) or isinstance(other, (SomeNumber, SomeInteger))):
                method = self.find_method(value, f"__{_DUNDER[relation]}__")
                if method is not None:
                    return self.call_special(method, other)
        return None

    def _opaque_comparison(self, symbol: str, left: Any, right: Any) -> Any:
        if symbol in ("==", "!=") and isinstance(left, Unknown) and isinstance(right, Unknown) and left.key == right.key:
            return symbol == "=="
        if symbol in ("==", "!=") and not isinstance(left, Unknown):
            left, right = right, left
        if symbol == "!=":
            equal = self.derived("==", left, right)
            return negated(equal)
        return self.derived(symbol, left, right)

    def _negate(self, value: Any) -> Any:
        if isinstance(value, SizeCondition):
            return value.negated()
        if isinstance(value, Unknown):
            return negated(value)
        return not value

    def _compare_sizes(self, symbol: str, left: Any, right: Any) -> Any:
        if isinstance(left, (int, Expr)) and isinstance(right, (int, Expr)):
            truth = self.facts.compare(left, symbol, right)
            if truth is Truth.UNKNOWN:
                return SizeCondition(left, symbol, right, self.here())
            return truth is Truth.YES
        if not isinstance(left, NUMBERS) or not isinstance(right, NUMBERS):
            if symbol in ("==", "!="):
                return symbol == "!="
            return self.unknown("a size is compared with something that is no number")
        difference = self.binary(ast.Sub, left, right)
        if isinstance(difference, Real):
            return self._compare_sizes(symbol, difference.numerator, 0)
        return self.unknown("a comparison of symbolic numbers")

    def _equal_sequences(self, left: Any, right: Any) -> Any:
        if len(left) != len(right):
            return False
        pending: Any = None
        for a, b in zip(left, right):
            self.budget.step()
            result = self.compare(ast.Eq, a, b)
            if result is False:
                return False
            if result is not True and pending is None:
                pending = result
        return True if pending is None else pending

    def _ordered_sequences(self, operator: type[ast.cmpop], left: Any, right: Any) -> Any:
        """The first items that differ decide, else the lengths."""
        for a, b in zip(left, right):
            self.budget.step()
            equal = self.compare(ast.Eq, a, b)
            if equal is False:
                return self.compare(operator, a, b)
            if equal is not True:
                return self.unknown("which items of two sequences differ is not known")
        return self.compare(operator, len(left), len(right))

    def _identity(self, left: Any, right: Any, negate: bool) -> Any:
        left, right = without_holes(left), without_holes(right)
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            if left is right:
                return not negate
            if (isinstance(left, (Free, Given)) and right is None) or REQUIRED in (left, right):
                return negate  # nobody hands out the mark of a missing default
            same = self.derived("is", left, right)
            return negated(same) if negate else same
        same_object = left is right or (
            isinstance(left, (int, str, float, type)) and type(left) is type(right) and left == right
        )
        return same_object is not negate

    def _contains(self, container: Any, item: Any, negate: bool) -> Any:
        if isinstance(container, Unknown) or (isinstance(item, Unknown) and not isinstance(container, dict)):
            inside = self.derived("in", item, container)
            return negated(inside) if negate else inside
        method = self.find_method(container, "__contains__")
        if method is not None:
            found = self.call_value(method, (item,), {})
        elif isinstance(container, dict) and isinstance(item, Unknown):
            known = not container or same_among(container, item) is not None
            found = bool(container) if known else self.derived("in", item, container)
        elif isinstance(container, Environment):
            found = is_set(self, item)
        elif isinstance(container, Instance) and container.payload is not None:
            found = self._contains(container.payload, item, negate=False)
        elif isinstance(container, range) and not isinstance(item, int):
            found = self._search(container, item)
        elif isinstance(container, (str, bytes, dict, set, frozenset, range)):
            try:
                found = (host_part(item) if isinstance(container, str) else item) in container
                if not found and isinstance(container, (dict, set, frozenset)):
                    found = equal_key(container, item) is not None
                if not found and isinstance(container, (dict, set)) and self.filled(container, item):
                    found = item in container
            except TypeError as error:
                raise self.raise_host(error) from None
        else:
            found = self._search(container, item)
        if found is False and isinstance(container, OpenKeywords) and not container.is_listed:
            found = Likely(False, Unknown("the caller may give more arguments", self.here(), ("given", item)))
        if found is False and self.may_hold_more(container):
            found = self.derived("in", self.unknown("something unknown may have put it there"), item)
        return self.unary(ast.Not, found) if negate else found

    def _search(self, container: Any, item: Any) -> Any:
        pending: Any = False
        for value in self.iterate(container):
            self.budget.step()
            equal = value is item or self.compare(ast.Eq, value, item)
            if equal is True:
                return True
            if equal is not False:
                pending = equal
        return pending

    def known_truth(self, value: Any) -> bool:
        if isinstance(value, Expr):
            return self.truth(self._compare_sizes("!=", value, 0))
        if isinstance(value, Tensor):
            return self._tensor_truth(value)
        if isinstance(value, (Instance, Module)):
            for name in ("__bool__", "__len__"):
                method = self.find_method(value, name)
                if method is not None:
                    return self.truth(self.call_value(method, (), {}))
            return bool(value.payload) if isinstance(value, Instance) and value.payload is not None else True
        if isinstance(value, (ClassValue, Real)):
            return True
        if isinstance(value, OpenArguments) and not value:
            return self.truth(self.unknown("the caller may give more arguments"))
        if isinstance(value, (list, dict, set)) and not value and self.may_hold_more(value):
            return self.truth(self.unknown("something unknown may have put something into it"))
        try:
            return bool(value)
        except (TypeError, Undecided, Raised):
            return True

    def _tensor_truth(self, value: Tensor) -> bool:
        if value.values is not None and len(value.values) == 1:
            return bool(value.values[0])
        numel = value.numel()
        if isinstance(numel, int) and numel > 1:
            error = ShapeError(
                "unpack-mismatch",
                f"a tensor of {numel} elements has no truth value",
                torch="Boolean value of Tensor with more than one value is ambiguous",
            )
            self.fail(error, "", {})
            return True
        return self.truth(self.unknown("a condition reads the elements of a tensor"))
