"""numpy's scalars and its promotion of dtypes (https://numpy.org/doc/stable/reference/arrays.promotion.html).

A scalar of known value is the number itself, with its dtype; arithmetic with it makes such scalars again. What numpy 1 and
numpy 2 make of a scalar that is narrower than 64 bits and a number beside it differs, and is Unknown.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from torchlint.values.dtype import Category, DType, bool_, float16, float32, float64, promote_types
from torchlint.values.unknown import SomeInteger, SomeNumber, Unknown

_FLOAT_BESIDE = {8: float16, 16: float32}
"""The float that holds every whole number of that many bits."""


def promoted(first: DType, second: DType) -> DType:
    """`numpy.promote_types` of booleans, integers and floats."""
    if first.category > second.category:
        first, second = second, first
    if first.category is Category.INTEGER and second.category is Category.FLOAT:
        return promote_types(second, _FLOAT_BESIDE.get(first.bits, float64))
    if {first.name, second.name} & {"uint64"} and first.signed != second.signed and first is not bool_:
        return float64
    return promote_types(first, second)


class Scalar:
    """A number of numpy's that is known: also an `int` or a `float`, which makes it a number wherever one is asked for."""

    dtype: DType


def _arithmetic(name: str, base: type, swaps: bool) -> Callable[[Any, Any], Any]:
    function: Callable[[Any, Any], Any] = getattr(operator, name)

    def method(self: Any, other: Any) -> Any:
        if not isinstance(other, (int, float)):
            return NotImplemented
        dtype = dtype_of_result(self, other)
        if dtype is None:
            return Unknown("what numpy makes of it depends on its version", is_plain=True)
        left, right = (_plain(other), base(self)) if swaps else (base(self), _plain(other))
        try:
            value = function(left, right)
        except ZeroDivisionError:
            value = math.nan if name != "truediv" or not left else math.copysign(math.inf, left)
        except (ArithmeticError, ValueError):
            value = math.nan
        return scalar(value, float64 if isinstance(value, float) and dtype.is_integral else dtype)

    return method


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, int) else float(value)


def dtype_of_result(first: object, second: object) -> DType | None:
    """The dtype that arithmetic of two numbers has, one of which is numpy's; None where that depends on numpy's version."""
    own, other = dtype_of_scalar(first), dtype_of_scalar(second)
    if own is not None and other is not None:
        return promoted(own, other)
    dtype, number = (own, second) if own is not None else (other, first)
    if dtype is None or dtype.bits < 64:
        return None
    return float64 if isinstance(number, (float, SomeNumber)) else dtype


class ScalarInt(int, Scalar):
    """A whole number of numpy's."""


class ScalarFloat(float, Scalar):
    """A float of numpy's."""


for _class, _base in ((ScalarInt, int), (ScalarFloat, float)):
    for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
        setattr(_class, f"__{_name}__", _arithmetic(_name, _base, swaps=False))
        setattr(_class, f"__r{_name}__", _arithmetic(_name, _base, swaps=True))
    for _name in ("neg", "abs"):
        _function = getattr(operator, _name)
        setattr(_class, f"__{_name}__", lambda self, f=_function, b=_base: scalar(f(b(self)), self.dtype))


def scalar(value: Any, dtype: DType) -> Any:
    """A number as a scalar of that dtype; of a number that is not known, what is known of it. Booleans and symbolic sizes stand
    for themselves."""
    if isinstance(value, Unknown):
        if dtype is bool_:
            return Unknown(value.reason, value.place, value.key, is_plain=True)
        return SomeNumber.of(value, dtype) if dtype.is_floating_point else SomeInteger.of(value, dtype)
    if dtype is bool_ or not isinstance(value, (int, float)):
        return value
    made_of: Callable[[Any], Any] = ScalarFloat if dtype.is_floating_point else ScalarInt
    known = made_of(value)
    known.dtype = dtype
    return known


def dtype_of_scalar(value: object) -> DType | None:
    """The dtype that numpy gave a number, known or not; None for any other number."""
    return value.dtype if isinstance(value, (Scalar, SomeNumber, SomeInteger)) else None
