"""Operators: arithmetic of every kind of value."""

from __future__ import annotations

import ast
import math
import operator as op
import re
from collections.abc import Callable
from typing import Any

from torchlint.dims.expr import Expr, Size, floordiv, mod
from torchlint.dims.real import Real, real_add, real_div, real_mul
from torchlint.interpreter.budget import MAX_COLLECTION, MAX_INT_BITS, MAX_STRING, BudgetExhausted, check_width
from torchlint.interpreter.comparing import NUMBERS, Comparing
from torchlint.interpreter.conditions import SizeCondition
from torchlint.interpreter.objects import ClassValue, Instance, NamedTupleType, Namespace, Raised, Union
from torchlint.interpreter.trace import Argument
from torchlint.ops.coercion import python_type_name, type_name
from torchlint.ops.registry import OPERATIONS, LayerType
from torchlint.values.code import Code
from torchlint.values.dtype import float64
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module, settle
from torchlint.values.rounds import Rounds, Series
from torchlint.values.scalar import dtype_of_result, dtype_of_scalar, scalar
from torchlint.values.tensor import Tensor, tensors_made
from torchlint.values.unknown import (
    Free,
    Likely,
    SomeInteger,
    SomeNumber,
    Unknown,
    negated,
)

_SYMBOLS: dict[type[ast.operator], tuple[Callable[[Any, Any], Any], str, str]] = {
    ast.Add: (op.add, "add", "torch.add"),
    ast.Sub: (op.sub, "sub", "torch.sub"),
    ast.Mult: (op.mul, "mul", "torch.mul"),
    ast.Div: (op.truediv, "truediv", "torch.div"),
    ast.FloorDiv: (op.floordiv, "floordiv", "torch.floor_divide"),
    ast.Mod: (op.mod, "mod", "torch.remainder"),
    ast.Pow: (op.pow, "pow", "torch.pow"),
    ast.MatMult: (op.matmul, "matmul", "torch.matmul"),
    ast.BitAnd: (op.and_, "and", "torch.bitwise_and"),
    ast.BitOr: (op.or_, "or", "torch.bitwise_or"),
    ast.BitXor: (op.xor, "xor", "torch.bitwise_xor"),
    ast.LShift: (op.lshift, "lshift", "torch.bitwise_left_shift"),
    ast.RShift: (op.rshift, "rshift", "torch.bitwise_right_shift"),
}
_SIGNS = dict(zip([name for _, name, _ in _SYMBOLS.values()], "+ - * / // % ** @ & | ^ << >>".split()))  # noqa: SIM905
"""How the operators are written, by their names."""
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {ast.USub: op.neg, ast.UAdd: op.pos, ast.Invert: op.invert}
_WHOLE = ("add", "sub", "mul", "floordiv", "mod")
"""Operators that make integers of integers."""
_QUICK = (ast.Add, ast.Sub)
"""Operators of two integers whose result is hardly longer than they are."""
_TYPES = (type, ClassValue, LayerType, NamedTupleType, Union)


class Operators(Comparing):
    """Binary and unary operators."""

    def binary(self, operator: type[ast.operator], left: Any, right: Any) -> Any:
        function, name, torch_name = _SYMBOLS[operator]
        if type(left) is int and type(right) is int and operator in _QUICK:
            return function(left, right)
        if isinstance(left, Free) and isinstance(right, (*NUMBERS, Free)):
            left = left.size
        if isinstance(right, Free) and isinstance(left, (*NUMBERS, *((list, tuple) if operator is ast.Mult else ()))):
            right = right.size
        if isinstance(left, Free) and isinstance(right, (list, tuple)) and operator is ast.Mult:
            left = left.size
        if isinstance(left, Likely) or isinstance(right, Likely):
            return self.likely(name, lambda a, b: self.binary(operator, a, b), left, right)
        if isinstance(left, (SomeNumber, SomeInteger)) or isinstance(right, (SomeNumber, SomeInteger)):
            return self._some_number_binary(torch_name, name, left, right)
        if operator is ast.Add and (isinstance(left, Series) or isinstance(right, Series)):
            return self._joined(left, right)
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return self.derived(name, left, right)
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return self._tensor_binary(torch_name, name, left, right)
        for value, other, dunder in ((left, right, f"__{name}__"), (right, left, f"__r{name}__")):
            if isinstance(value, (Instance, Module)):
                method = self.find_method(value, dunder)
                if method is not None:
                    return self.call_special(method, other)
        if isinstance(left, (Expr, Real)) or isinstance(right, (Expr, Real)):
            return self._symbolic(operator, left, right)
        if operator is ast.BitOr and isinstance(left, _TYPES) and isinstance(right, (*_TYPES, type(None))):
            return Union((*(left if isinstance(left, Union) else (left,)), *(right if isinstance(right, Union) else (right,))))
        return self._host_binary(function, name, left, right)

    def _joined(self, left: Any, right: Any) -> Any:
        """Two lists or tuples one after the other, at least one of whose lengths is a symbol."""
        kinds = [v.kind if isinstance(v, Series) else type(v) for v in (left, right)]
        first, second = (v.parts if isinstance(v, Series) else v for v in (left, right))
        if kinds[0] is not kinds[1] or kinds[0] not in (list, tuple) or first is None or second is None:
            return self.derived("add", left, right)
        return Series((*first, *second), kinds[0])

    def _some_number_binary(self, torch_name: str, name: str, left: Any, right: Any) -> Any:
        """Arithmetic with a number of unknown value: of a tensor, a tensor without known elements."""
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            scaled = self._tensor_binary(torch_name, name, _stand_in(left), _stand_in(right))
            if isinstance(scaled, Tensor):
                scaled.values = None
            return scaled
        for value, other, dunder in ((left, right, f"__{name}__"), (right, left, f"__r{name}__")):
            method = self.find_method(value, dunder) if isinstance(value, Instance) else None
            if method is not None:
                return self.call_special(method, other)
        made = self.derived(name, left, right)
        if not all(isinstance(v, (int, float, Expr, Real, SomeNumber, SomeInteger)) for v in (left, right)):
            return made
        is_float = name == "truediv" or any(isinstance(v, (float, Real, SomeNumber)) for v in (left, right))
        if not is_float and name not in _WHOLE:
            return made
        if dtype_of_scalar(left) is None and dtype_of_scalar(right) is None:
            return SomeNumber.of(made) if is_float else SomeInteger.of(made)
        dtype = dtype_of_result(left, right)
        return made if dtype is None else scalar(made, float64 if is_float and dtype.is_integral else dtype)

    def _tensor_binary(self, torch_name: str, name: str, left: Any, right: Any) -> Any:
        if not isinstance(left, (Tensor, *NUMBERS)) or not isinstance(right, (Tensor, *NUMBERS)):
            other = right if isinstance(left, Tensor) else left
            if isinstance(other, (Instance, Module)):
                method = self.find_method(other, f"__{name}__" if other is left else f"__r{name}__")
                if method is not None:
                    return self.call_special(method, left if other is right else right)
            is_plain = isinstance(other, (tuple, list, type(None), str, Code)) and not isinstance(other, ClassValue)
            if is_plain or _has_no_operators(other):
                return self._no_operand(other, other is left)
            return self.unknown(f"a tensor is combined with a {type(other).__name__}")
        return self.call_operation(OPERATIONS[torch_name], (left, right), {})

    def _no_operand(self, value: Any, is_left: bool) -> Any:
        """A tensor is combined with something that is no number."""
        kind = type_name(value)
        first, second = (kind, "Tensor") if is_left else ("Tensor", kind)
        is_sequence = isinstance(value, (tuple, list))
        shown = (
            f"a {kind} of {len(value)}" if is_sequence else "None" if value is None else f"a {kind.replace('str', 'string')}"
        )
        error = ShapeError(
            "unpack-mismatch" if is_sequence else "bad-call",
            f"{{input}} is {shown}, not a tensor",
            blame="input",
            torch=f"unsupported operand type(s): '{first}' and '{second}'",
        )
        node = self.site.node if self.site is not None else None
        operand = (node.left if is_left else node.right) if isinstance(node, ast.BinOp) else None
        return self.fail(error, "", {"input": Argument(operand, value)})

    def _symbolic(self, operator: type[ast.operator], left: Any, right: Any) -> Any:
        """Arithmetic of symbolic sizes and reals."""
        if isinstance(left, Expr) and isinstance(right, (list, tuple, str)):
            left, right = right, left
        if isinstance(left, (list, tuple)) and isinstance(right, Expr) and operator is ast.Mult and left:
            made = Rounds(self.count_of(right), tuple(left))
            settle(made, tensors_made())
            return Series([made], type(left))
        if isinstance(left, (list, tuple, str)):
            return self.unknown("a sequence is repeated a symbolic number of times")
        if operator_of_types(_SYMBOLS[operator][1], left, right):
            raise self._no_operator(_SYMBOLS[operator][1], left, right)
        if not isinstance(left, NUMBERS) or not isinstance(right, NUMBERS) or complex in (type(left), type(right)):
            return self.unknown("arithmetic of a size with something that is no number")
        return self._number_arithmetic(operator, left, right)

    def _number_arithmetic(self, operator: type[ast.operator], left: Any, right: Any) -> Any:
        result: Any = None
        try:
            if isinstance(left, (int, Expr)) and isinstance(right, (int, Expr)):
                if not _is_too_large(operator, left, right):
                    result = self._size_arithmetic(operator, left, right)
            elif operator is ast.Add:
                result = real_add(left, right)
            elif operator is ast.Sub:
                negative = real_mul(right, -1)
                result = None if negative is None else real_add(left, negative)
            elif operator is ast.Mult:
                result = real_mul(left, right)
            elif operator is ast.Div and isinstance(right, (int, float)):
                result = real_div(left, right)
        except ZeroDivisionError as error:
            raise self.raise_host(error) from None
        if result is not None:
            return result
        inexact = self.unknown("a symbolic number that has no exact form")
        is_float = operator is ast.Div or any(isinstance(v, (float, Real)) for v in (left, right))
        is_float = is_float or (operator is ast.Pow and isinstance(right, int) and right < 0)
        return SomeNumber.of(inexact) if is_float else inexact

    def _size_arithmetic(self, operator: type[ast.operator], left: Any, right: Any) -> Any:
        if operator is ast.Add:
            return left + right
        if operator is ast.Sub:
            return left - right
        if operator is ast.Mult:
            return left * right
        if operator is ast.FloorDiv:
            return floordiv(left, right)
        if operator is ast.Mod:
            return mod(left, right)
        if operator is ast.Div and isinstance(right, int):
            return real_div(left, right)
        if operator is ast.Pow and isinstance(right, int) and 0 <= right <= 8:
            return left**right
        return None

    def _host_binary(self, function: Callable[[Any, Any], Any], name: str, left: Any, right: Any) -> Any:
        if operator_of_types(name, left, right):
            raise self._no_operator(name, left, right)
        if not isinstance(left, _PLAIN) or not isinstance(right, _PLAIN):
            return self.unknown(f"`{name}` of a {type(left).__name__} and a {type(right).__name__} could not be followed")
        _check_size(name, left, right)
        if name == "mod" and isinstance(left, str):
            return self._format(left, right)
        try:
            return function(left, right)
        except (TypeError, ValueError, ZeroDivisionError, OverflowError) as error:
            raise self.raise_host(error) from None

    def _no_operator(self, name: str, left: Any, right: Any) -> Raised:
        kinds = " and ".join(f"'{python_type_name(v)}'" for v in (left, right))
        return self.raise_host(TypeError(f"unsupported operand type(s) for {_SIGNS[name]}: {kinds}"))

    def _format(self, template: str, values: Any) -> Any:
        parts = values if isinstance(values, tuple) else (values,)
        if any(not isinstance(p, (str, int, float, type(None))) for p in parts):
            return self.unknown("text made of something that is no number or string")
        for part in _PERCENT.findall(template):
            check_width(part)
            if "*" in part:
                return self.unknown("text of a computed width")
        try:
            return template % values
        except (TypeError, ValueError) as error:
            raise self.raise_host(error) from None

    def unary(self, operator: type[ast.unaryop], operand: Any) -> Any:
        if isinstance(operand, Free) and operator is not ast.Not:
            operand = operand.size
        if operator is ast.Not:
            if isinstance(operand, SizeCondition):
                return operand.negated()
            if isinstance(operand, Unknown):
                opposite = negated(operand)
                return Likely(not self.known_truth(operand.value), opposite) if isinstance(operand, Likely) else opposite
            return not self.known_truth(operand)
        if isinstance(operand, Likely):
            return self.likely(operator.__name__, lambda a: self.unary(operator, a), operand)
        if isinstance(operand, Unknown):
            made = self.derived(operator.__name__, operand)
            return SomeNumber.of(made, operand.dtype) if isinstance(operand, SomeNumber) else made
        if isinstance(operand, Tensor):
            name = {ast.USub: "torch.neg", ast.Invert: "torch.bitwise_not", ast.UAdd: "torch.positive"}[operator]
            return self.call_operation(OPERATIONS[name], (operand,), {}) if name in OPERATIONS else operand
        if isinstance(operand, Expr):
            return -operand if operator is ast.USub else operand if operator is ast.UAdd else self.unknown("`~` of a size")
        if isinstance(operand, Real):
            return real_mul(operand, -1) if operator is ast.USub else operand
        if isinstance(operand, Instance):
            method = self.find_method(operand, {ast.USub: "__neg__", ast.Invert: "__invert__"}.get(operator, "__pos__"))
            return self.call_special(method) if method is not None else self.unknown("an operator of an object")
        try:
            return _UNARY[operator](operand)
        except TypeError as error:
            raise self.raise_host(error) from None


def operator_of_types(name: str, left: Any, right: Any) -> bool:
    """Whether an operand is code or a module, which has no operators but the `|` of classes and those that it defines."""
    plain = (bool, int, float, str, tuple, list, dict, type(None), Expr, Real, Code, Module, Namespace)
    has_none = any((isinstance(v, Code) and not isinstance(v, ClassValue)) or _has_no_operators(v) for v in (left, right))
    return has_none and name != "or" and isinstance(left, plain) and isinstance(right, plain)


def _has_no_operators(value: Any) -> bool:
    """Whether it is a module of Python, or one of torch all of whose bases are known."""
    if isinstance(value, Namespace):
        return True
    return isinstance(value, Module) and (value.interpreted_class is None or not value.interpreted_class.open_ended)


_MAX_FORMULA, _MAX_TERMS = 5000, 1000
_PERCENT = re.compile(r"%[^a-zA-Z%]*")
_PLAIN = (bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset, type(None), range, type)


def _check_size(name: str, left: Any, right: Any) -> None:
    """Refuse what would grow without bound before it is computed."""
    if name == "add" and isinstance(left, (str, bytes, list, tuple)) and type(left) is type(right):
        if len(left) + len(right) > (MAX_STRING if isinstance(left, (str, bytes)) else MAX_COLLECTION):
            raise BudgetExhausted("collection size")
    elif name == "pow" and isinstance(left, int) and isinstance(right, int):
        if abs(left) > 1 and right * left.bit_length() > MAX_INT_BITS:
            raise BudgetExhausted("integer magnitude")
    elif name == "lshift" and isinstance(right, int) and right > MAX_INT_BITS:
        raise BudgetExhausted("integer magnitude")
    elif name == "mul":
        for sequence, count in ((left, right), (right, left)):
            if isinstance(sequence, (str, bytes, list, tuple)) and isinstance(count, int):
                limit = MAX_STRING if isinstance(sequence, (str, bytes)) else MAX_COLLECTION
                if len(sequence) * count > limit:
                    raise BudgetExhausted("collection size")
        if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > MAX_INT_BITS:
            raise BudgetExhausted("integer magnitude")


def _is_too_large(operator: type[ast.operator], left: Size, right: Size) -> bool:
    """Whether a size would become a formula that nobody reads, and that takes long to compute with."""
    if any(isinstance(size, Expr) and len(size.key) > _MAX_FORMULA for size in (left, right)):
        return True
    first, second = (len(size.terms) if isinstance(size, Expr) else 1 for size in (left, right))
    if operator is ast.Pow and isinstance(right, int):
        return bool(first ** min(abs(right), 8) > _MAX_TERMS)
    return operator is ast.Mult and first * second > _MAX_TERMS


def _stand_in(value: Any) -> Any:
    """A number in the place of one whose value is not known."""
    return math.nan if isinstance(value, SomeNumber) else 1 if isinstance(value, SomeInteger) else value
