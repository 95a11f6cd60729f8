"""Operations of two tensors or a tensor and a number, element by element, with broadcasting and type promotion.

Known elements of small tensors survive `+ - * / //` and comparisons. Operations of three tensors are in `ternary.py`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from enum import Enum
from typing import Any

from torchlint.dims.truth import Truth
from torchlint.ops.agree import broadcast_shapes, same
from torchlint.ops.coercion import Number
from torchlint.ops.dtypes import result_type
from torchlint.ops.elements import mapped, of_numbers
from torchlint.ops.registry import op
from torchlint.ops.results import elementwise, in_place, result
from torchlint.values.dtype import (
    DType,
    bool_,
    complex128,
    default_float_for,
    float64,
)
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import CONTIGUOUS, Shape, Tensor
from torchlint.values.unknown import Unknown

DTypeRule = Callable[[Any, Any], DType]
Compute = Callable[[Any, Any], Any]


def binary(input: Any, other: Any, dtype: DType, compute: Compute | None = None) -> Tensor:
    """The broadcast of two operands, tensors or numbers, with elements where both are known."""
    shape = broadcast_shapes(shape_of(input), shape_of(other))
    common = result_type(input, other) if dtype is bool_ else dtype
    values = mapped(compute, dtype, shape, input, other, common=common) if compute is not None else None
    return elementwise(shape, dtype, input, other, values=values)


def shape_of(operand: Any) -> Shape:
    """The shape of a tensor or of a number."""
    return operand.shape if isinstance(operand, Tensor) else ()


def _promoted(input: Any, other: Any) -> DType:
    return result_type(input, other)


def _floated(input: Any, other: Any) -> DType:
    return default_float_for(result_type(input, other))


def _boolean(input: Any, other: Any) -> DType:
    return bool_


def _doubled(input: Any, other: Any) -> DType:
    return complex128 if result_type(input, other).is_complex else float64


def _integral(input: Any, other: Any) -> DType:
    dtype = result_type(input, other)
    if not dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes integers or bool, but gets {dtype.name}",
            blame="input" if not result_type(input).is_integral else "other",
            torch=f"not implemented for '{dtype.name}'",
            label=dtype.name,
        )
    return dtype


def _same_dtype(input: Any, other: Any) -> DType:
    if isinstance(input, Tensor) and isinstance(other, Tensor) and input.dtype is not other.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes tensors of one dtype, but {{input}} is {input.dtype.name} and {{other}} is {other.dtype.name}",
            blame="other",
            torch=f"expected both tensors to have the same dtype, but got {input.dtype.name} and {other.dtype.name}",
            label=other.dtype.name,
        )
    return result_type(input, other)


def _truncating_divide(a: Any, b: Any) -> Any:
    if isinstance(a, float):
        raise TypeError("the quotient is rounded before it is cut, in a precision that is not known here")
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def _truncating_remainder(a: Any, b: Any) -> Any:
    return math.fmod(a, b) if isinstance(a, float) else a - b * _truncating_divide(a, b)


def _power(a: Any, b: Any) -> Any:
    if isinstance(b, int) and b > 64 and abs(a) > 1:
        raise OverflowError("no integer of torch is that large")
    return a**b


_COMPARISONS: dict[str, tuple[str, Compute]] = {
    "eq": ("", operator.eq), "ne": ("not_equal", operator.ne), "lt": ("less", operator.lt),
    "le": ("less_equal", operator.le), "gt": ("greater", operator.gt), "ge": ("greater_equal", operator.ge),
}  # fmt: skip


_POLYNOMIALS = (
    *(f"{shift}chebyshev_polynomial_{kind}" for shift in ("", "shifted_") for kind in "tuvw"),
    "hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p",
)  # fmt: skip


class _Takes(Enum):
    """Which operands may be numbers, besides the second one."""

    TENSOR_FIRST = "only the second one"
    ONE_TENSOR = "one of them"
    NUMBERS = "both"

    def require(self, input: object, other: object) -> None:
        """The operands are what is allowed, or the rule bad-call."""
        if isinstance(input, Tensor) or self is _Takes.NUMBERS or (self is _Takes.ONE_TENSOR and isinstance(other, Tensor)):
            return
        wanted = "{input}, the first operand of {callee}," if isinstance(other, Tensor) else "one operand of {callee}"
        raise ShapeError(
            "bad-call",
            f"{wanted} must be a tensor, but is a number",
            blame="input",
            torch="received an invalid combination of arguments",
        )


def _register(
    rule: DTypeRule,
    names: str,
    in_place_names: str = "",
    compute: Compute | None = None,
    takes: _Takes = _Takes.ONE_TENSOR,
) -> None:
    """Register an operation whose second operand may be a number."""
    pointwise = rule in (_promoted, _floated)

    def function(input: Tensor | Number, other: Tensor | Number, *, out: object = None) -> Tensor:
        takes.require(input, other)
        return binary(input, other, rule(input, other), compute)

    def in_place_function(input: Tensor, other: Tensor | Number) -> Tensor:
        return in_place(input, binary(input, other, rule(input, other), compute))

    _claim(function, in_place_function, names, in_place_names, pointwise)


def _register_tensors(rule: DTypeRule, names: str, in_place_names: str = "") -> None:
    """Register an operation of two tensors, which takes no number."""

    def function(input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
        return binary(input, other, rule(input, other))

    def in_place_function(input: Tensor, other: Tensor) -> Tensor:
        return in_place(input, binary(input, other, rule(input, other)))

    _claim(function, in_place_function, names, in_place_names, False)


def _claim(
    function: Callable[..., Tensor],
    in_place: Callable[..., Tensor],
    names: str,
    in_place_names: str,
    pointwise: bool,
) -> None:
    first = names.split()[0]
    function.__doc__ = f"`{first}` of every pair of elements, broadcast."
    in_place.__doc__ = f"`{first}` of every pair of elements, in place."
    op(*(f"torch.{name}" for name in names.split()), pointwise=pointwise)(function)
    if in_place_names:
        op(*(f"torch.{name}" for name in in_place_names.split()), pointwise=pointwise)(in_place)


def _spellings(*names: str) -> tuple[str, str]:
    return " ".join(f"{n} Tensor.{n}" for n in names), " ".join(f"Tensor.{n}_" for n in names)


for _name, (_alias, _compare) in _COMPARISONS.items():
    _register(_boolean, *_spellings(_name, *_alias.split()), of_numbers(_compare), takes=_Takes.TENSOR_FIRST)
for _name in ("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift"):
    _register(_integral, *_spellings(_name))
_register(_promoted, *_spellings("fmod"), of_numbers(_truncating_remainder), takes=_Takes.TENSOR_FIRST)
_register(_promoted, *_spellings("remainder"), operator.mod)
_register(_promoted, *_spellings("mul", "multiply"), operator.mul, _Takes.NUMBERS)
_register(_promoted, *_spellings("floor_divide"), operator.floordiv, _Takes.NUMBERS)
_register(_floated, *_spellings("true_divide"), of_numbers(operator.truediv), _Takes.NUMBERS)
_register(_floated, *_spellings("copysign"), takes=_Takes.TENSOR_FIRST)
_register(_doubled, "float_power Tensor.float_power")
_register(_floated, "xlogy Tensor.xlogy special.xlogy", "Tensor.xlogy_ xlogy_")
_register(_floated, "special.xlog1py")
_register(_floated, "special.zeta")
for _name in _POLYNOMIALS:
    _register(_floated, f"special.{_name}")
for _name in ("logical_and", "logical_or", "logical_xor"):
    _register_tensors(_boolean, *_spellings(_name))
for _name in ("gcd", "lcm"):
    _register_tensors(_integral, f"{_name} Tensor.{_name}", f"Tensor.{_name}_ {_name}_")
for _name in ("hypot", "nextafter"):
    _register_tensors(_promoted, *_spellings(_name))
for _name in ("maximum", "minimum", "fmax", "fmin", "logaddexp", "logaddexp2"):
    _register_tensors(_promoted, f"{_name} Tensor.{_name}")
_register_tensors(_floated, *_spellings("atan2", "arctan2"))
_register_tensors(_floated, "igamma Tensor.igamma special.gammainc", "Tensor.igamma_")
_register_tensors(_floated, "igammac Tensor.igammac special.gammaincc", "Tensor.igammac_")
_register_tensors(_same_dtype, *_spellings("heaviside"))


def _check_alpha(input: Any, other: Any, alpha: Any) -> DType:
    dtype = result_type(input, other)
    if isinstance(alpha, float) and dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"`alpha` of {{callee}} is {alpha:g}, but the result is {dtype.name}",
            blame="alpha",
            torch="For integral input tensors, argument alpha must not be a floating point number.",
        )
    return dtype


def _scaled(other: Any, deprecated: tuple[Any, ...], alpha: Any) -> tuple[Any, Any]:
    """`other` and `alpha`, which an older signature takes the other way round: `add(input, alpha, other)`."""
    if not deprecated:
        return other, alpha
    if len(deprecated) > 1 or isinstance(other, Tensor):
        raise ShapeError("bad-call", "{callee} takes two operands", torch="received an invalid combination of arguments")
    return deprecated[0], other


@op("torch.add", "torch.Tensor.add", pointwise=True)
def add(
    input: Tensor | Number,
    other: Tensor | Number,
    *deprecated: Tensor | Number,
    alpha: Number | Unknown = 1,
    out: object = None,
) -> Tensor:
    """`input + alpha * other`, broadcast."""
    other, alpha = _scaled(other, deprecated, alpha)
    return binary(input, other, _check_alpha(input, other, alpha), operator.add if alpha == 1 else None)


@op("torch.Tensor.add_", pointwise=True)
def add_in_place(input: Tensor, other: Tensor | Number, *deprecated: Tensor | Number, alpha: Number | Unknown = 1) -> Tensor:
    """`input + alpha * other`, in place."""
    return in_place(input, add(input, other, *deprecated, alpha=alpha))


_NO_SUBTRACTION = (
    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the "
    "`~` or `logical_not()` operator instead."
)


@op("torch.sub", "torch.subtract", "torch.Tensor.sub", "torch.Tensor.subtract", pointwise=True)
def sub(
    input: Tensor | Number,
    other: Tensor | Number,
    *deprecated: Tensor | Number,
    alpha: Number | Unknown = 1,
    out: object = None,
) -> Tensor:
    """`input - alpha * other`, broadcast; a bool tensor is no operand."""
    other, alpha = _scaled(other, deprecated, alpha)
    for name, operand in (("input", input), ("other", other)):
        if operand is True or operand is False or (isinstance(operand, Tensor) and operand.dtype is bool_):
            raise ShapeError(
                "dtype-mismatch",
                f"a bool cannot be subtracted with: {{{name}}} is bool",
                blame=name,
                torch=_NO_SUBTRACTION,
                notes=("`~` inverts a mask, `^` tells where two differ",),
                label="bool",
            )
    return binary(input, other, _check_alpha(input, other, alpha), operator.sub if alpha == 1 else None)


@op("torch.Tensor.sub_", "torch.Tensor.subtract_", pointwise=True)
def sub_in_place(input: Tensor, other: Tensor | Number, *deprecated: Tensor | Number, alpha: Number | Unknown = 1) -> Tensor:
    """`input - alpha * other`, in place."""
    return in_place(input, sub(input, other, *deprecated, alpha=alpha))


@op("torch.rsub", pointwise=True)
def rsub(input: Tensor, other: Tensor | Number, *, alpha: Number | Unknown = 1) -> Tensor:
    """`other - alpha * input`, broadcast."""
    return sub(other, input, alpha=alpha)


@op("torch.div", "torch.divide", "torch.Tensor.div", "torch.Tensor.divide", pointwise=True)
def div(input: Tensor | Number, other: Tensor | Number, *, rounding_mode: str | None = None, out: object = None) -> Tensor:
    """`input / other`, broadcast: floats, unless `rounding_mode` is "floor" or "trunc"."""
    if rounding_mode is None:
        return binary(input, other, _floated(input, other), of_numbers(operator.truediv))
    if rounding_mode not in ("floor", "trunc"):
        raise ShapeError(
            "bad-call",
            f"`rounding_mode` of {{callee}} is 'floor', 'trunc' or None, not {rounding_mode!r}",
            blame="rounding_mode",
            torch=f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'",
        )
    compute = operator.floordiv if rounding_mode == "floor" else of_numbers(_truncating_divide)
    return binary(input, other, _promoted(input, other), compute)


@op("torch.Tensor.div_", "torch.Tensor.divide_", pointwise=True)
def div_in_place(input: Tensor, other: Tensor | Number, *, rounding_mode: str | None = None) -> Tensor:
    """`input / other`, in place: a quotient does not fit into integers."""
    return in_place(input, div(input, other, rounding_mode=rounding_mode))


@op("torch.pow", "torch.Tensor.pow", pointwise=True)
def pow_(input: Tensor | Number, exponent: Tensor | Number, *, out: object = None) -> Tensor:
    """`input ** exponent`, broadcast; integers take no negative number as exponent."""
    _Takes.ONE_TENSOR.require(input, exponent)
    if isinstance(exponent, int) and exponent < 0 and isinstance(input, Tensor) and input.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{input}} is {input.dtype.name}, and integers have no power {exponent}",
            blame="input",
            torch="Integers to negative integer powers are not allowed.",
            label=input.dtype.name,
        )
    return binary(input, exponent, _promoted(input, exponent), of_numbers(_power))


@op("torch.Tensor.pow_", pointwise=True)
def pow_in_place(input: Tensor, exponent: Tensor | Number) -> Tensor:
    """`input ** exponent`, in place."""
    return in_place(input, pow_(input, exponent))


@op("torch.Tensor.float_power_")
def float_power_in_place(input: Tensor, exponent: Tensor | Number) -> Tensor:
    """`input ** exponent` in place, in the double precision that the tensor must have."""
    computed = binary(input, exponent, _doubled(input, exponent))
    if input.dtype is not computed.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} computes in {computed.dtype.name}, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"the base given to float_power_ has dtype {input.dtype.scalar_name} but the operation's result requires "
            f"dtype {computed.dtype.scalar_name}",
            label=input.dtype.name,
            result=input,
        )
    return in_place(input, computed)


@op("torch.ldexp", "torch.Tensor.ldexp")
def ldexp(input: Tensor, other: Tensor, *, out: object = None) -> Tensor:
    """`input * 2 ** other`, broadcast."""
    shape = broadcast_shapes(input.shape, other.shape)
    row_major = input.is_contiguous_by_construction and other.is_contiguous_by_construction
    return result(shape, _floated(input, other), input, other, strides=CONTIGUOUS if row_major else None)


@op("torch.ldexp_", "torch.Tensor.ldexp_")
def ldexp_in_place(input: Tensor, other: Tensor) -> Tensor:
    """`input * 2 ** other`, in place."""
    return in_place(input, ldexp(input, other))


@op("torch.isclose", "torch.Tensor.isclose")
def isclose(input: Tensor, other: Tensor, rtol: object = 1e-05, atol: object = 1e-08, equal_nan: object = False) -> Tensor:
    """Whether the elements of each pair are close; tensors of one dtype."""
    _same_dtype(input, other)
    return binary(input, other, bool_)


@op("torch.allclose", "torch.Tensor.allclose")
def allclose(input: Tensor, other: Tensor, rtol: object = 1e-05, atol: object = 1e-08, equal_nan: object = False) -> Unknown:
    """Whether all elements are close, which no shape tells; the shapes must broadcast."""
    isclose(input, other)
    return Unknown("whether tensors are close depends on their elements")


@op("torch.equal", "torch.Tensor.equal")
def equal(input: Tensor, other: Tensor) -> bool | Unknown:
    """Whether shapes and elements are equal: False where the shapes differ, else it depends on the elements."""
    if input.ndim != other.ndim or any(same(a, b) is Truth.NO for a, b in zip(input.shape, other.shape)):
        return False
    return Unknown("whether tensors are equal depends on their elements")
