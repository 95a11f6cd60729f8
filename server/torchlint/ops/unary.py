"""Mathematical functions of one tensor, element by element: `exp`, `abs`, `isnan`, `real` and their kin.

Activations are in `activation.py`. The kernels that torch lacks for some dtypes on some devices are not modelled.
"""

from __future__ import annotations

import math
import operator
from collections import namedtuple
from collections.abc import Callable
from typing import Any

from torchlint.ops.elements import mapped, of_numbers
from torchlint.ops.registry import attribute, op
from torchlint.ops.results import in_place, like, result
from torchlint.ops.strides import view_of
from torchlint.values.dtype import DType, bool_, default_float_for, float32, int32, int64, real_dtype
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import CONTIGUOUS, Tensor

DTypeRule = Callable[[DType], DType]


def _keep(dtype: DType) -> DType:
    return dtype


def _bool(dtype: DType) -> DType:
    return bool_


def _squared(dtype: DType) -> DType:
    return int64 if dtype is bool_ else dtype


_ALIASES = {
    "abs": ("absolute",), "acos": ("arccos",), "acosh": ("arccosh",), "asin": ("arcsin",), "asinh": ("arcsinh",),
    "atan": ("arctan",), "atanh": ("arctanh",), "neg": ("negative",), "trunc": ("fix",),
}  # fmt: skip
_SPECIAL = {
    "exp2": ("exp2",), "expm1": ("expm1",), "log1p": ("log1p",), "sigmoid": ("expit",), "erf": ("erf",),
    "erfc": ("erfc",), "erfinv": ("erfinv",), "digamma": ("digamma", "psi"), "lgamma": ("gammaln",), "i0": ("i0",),
    "sinc": ("sinc",),
}  # fmt: skip
_FUNCTIONAL = ("sigmoid", "tanh")
_FLOAT = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "cos",
    "cosh",
    "deg2rad",
    "digamma",
    "erf",
    "erfc",
    "erfinv",
    "exp",
    "exp2",
    "expm1",
    "i0",
    "lgamma",
    "log",
    "log10",
    "log1p",
    "log2",
    "rad2deg",
    "reciprocal",
    "rsqrt",
    "sigmoid",
    "sin",
    "sinc",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
]
_SPECIAL_ONLY = [
    "airy_ai",
    "bessel_j0",
    "bessel_j1",
    "bessel_y0",
    "bessel_y1",
    "entr",
    "erfcx",
    "i0e",
    "i1",
    "i1e",
    "log_ndtr",
    "modified_bessel_i0",
    "modified_bessel_i1",
    "modified_bessel_k0",
    "modified_bessel_k1",
    "ndtr",
    "ndtri",
    "scaled_modified_bessel_k0",
    "scaled_modified_bessel_k1",
    "spherical_bessel_j0",
]
_KEEPING = ["ceil", "conj_physical", "floor", "frac", "sgn", "sign", "trunc"]
_QUESTIONS = ["isfinite", "isinf", "isnan", "isneginf", "isposinf", "isreal", "signbit"]
_COMPUTED: dict[str, Callable[[Any], Any]] = {
    "ceil": math.ceil, "floor": math.floor, "trunc": math.trunc, "sign": lambda x: (x > 0) - (x < 0), "square": lambda x: x * x,
    "exp": math.exp, "expm1": math.expm1, "log": math.log, "log2": math.log2, "log10": math.log10, "log1p": math.log1p,
    "sqrt": math.sqrt, "reciprocal": lambda x: 1 / x,
}  # fmt: skip
_METHOD_ONLY_IN_PLACE = {"absolute_", "digamma_", "erfinv_", "lgamma_", "sgn_", "sign_"}


def _names(name: str) -> list[str]:
    plain = (name, *_ALIASES.get(name, ()))
    names = [f"{home}.{n}" for n in plain for home in ("torch", "torch.Tensor")]
    names += [f"torch.special.{n}" for n in _SPECIAL.get(name, ())]
    if name in _FUNCTIONAL:
        names.append(f"torch.nn.functional.{name}")
    return names


def _in_place_names(name: str) -> list[str]:
    plain = [f"{n}_" for n in (name, *_ALIASES.get(name, ()))]
    names = [f"torch.Tensor.{n}" for n in plain]
    return names + [f"torch.{n}" for n in plain if n not in _METHOD_ONLY_IN_PLACE]


def mapped_like(input: Tensor, dtype: DType, compute: Callable[[Any], Any] | None) -> Tensor:
    """A tensor of that dtype laid out as the input, with `compute` of its elements where they are known."""
    made = like(input, dtype)
    if compute is not None and input.values is not None:
        made.values = mapped(compute, dtype, input.shape, input)
    return made


def _register(name: str, rule: DTypeRule, with_in_place: bool = True) -> None:
    compute = of_numbers(_COMPUTED[name]) if name in _COMPUTED else None

    def function(input: Tensor, *, out: object = None) -> Tensor:
        return mapped_like(input, rule(input.dtype), compute)

    def in_place_function(input: Tensor) -> Tensor:
        return in_place(input, mapped_like(input, rule(input.dtype), compute))

    function.__doc__ = f"`{name}` of every element."
    in_place_function.__doc__ = f"`{name}` of every element, in place."
    keeps_floats = rule(float32) is float32
    op(*_names(name), pointwise=keeps_floats)(function)
    if with_in_place:
        op(*_in_place_names(name), pointwise=keeps_floats)(in_place_function)


def _register_special(name: str) -> None:
    @op(f"torch.special.{name}", pointwise=True)
    def function(input: Tensor, *, out: object = None) -> Tensor:
        return like(input, default_float_for(input.dtype))

    function.__doc__ = f"`{name}` of every element."


for _name in _FLOAT:
    _register(_name, default_float_for)
for _name in _KEEPING:
    _register(_name, _keep)
for _name in _QUESTIONS:
    _register(_name, _bool, with_in_place=False)
for _name in _SPECIAL_ONLY:
    _register_special(_name)
_register("square", _squared)


@op("torch.abs", "torch.absolute", "torch.Tensor.abs", "torch.Tensor.absolute", pointwise=True)
def abs_(input: Tensor, *, out: object = None) -> Tensor:
    """The absolute value of every element; of complex elements it is real."""
    return mapped_like(input, real_dtype(input.dtype), of_numbers(abs))


@op("torch.abs_", "torch.Tensor.abs_", "torch.Tensor.absolute_", pointwise=True)
def abs_in_place(input: Tensor) -> Tensor:
    """The absolute value of every element, in place (torch refuses complex elements)."""
    if input.dtype.is_complex:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} works in place, but {{input}} is {input.dtype.name} and its absolute value is real",
            blame="input",
            torch="In-place abs is not supported for complex tensors.",
            label=input.dtype.name,
            result=input,
        )
    return in_place(input, abs_(input))


def _not_of_bool(input: Tensor, torch: str, instead: str) -> None:
    if input.dtype is bool_:
        raise ShapeError(
            "dtype-mismatch",
            "{callee} does not take bool, but {input} is bool",
            blame="input",
            torch=torch,
            notes=(instead,),
            label="bool",
            result=like(input),
        )


_NO_NEGATIVE = (
    "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, "
    "use the `~` or `logical_not()` operator instead."
)


@op("torch.neg", "torch.negative", "torch.Tensor.neg", "torch.Tensor.negative", pointwise=True)
def neg(input: Tensor, *, out: object = None) -> Tensor:
    """The negative of every element; of numbers only."""
    _not_of_bool(input, _NO_NEGATIVE, "`~` inverts a mask")
    return mapped_like(input, input.dtype, operator.neg)


@op("torch.neg_", "torch.negative_", "torch.Tensor.neg_", "torch.Tensor.negative_", pointwise=True)
def neg_in_place(input: Tensor) -> Tensor:
    """The negative of every element, in place."""
    return in_place(input, neg(input))


@op("torch.positive", "torch.Tensor.positive", pointwise=True)
def positive(input: Tensor) -> Tensor:
    """The tensor itself, which must be of numbers."""
    _not_of_bool(input, "The `+` operator, on a bool tensor is not supported.", "a mask has no sign")
    return input


@op("torch.round", "torch.special.round", "torch.Tensor.round", pointwise=True)
def round_(input: Tensor, *, decimals: object = 0, out: object = None) -> Tensor:
    """Every element rounded, half to even; the dtype stays."""
    whole = isinstance(decimals, int) and decimals == 0
    return mapped_like(input, input.dtype, of_numbers(round) if whole else None)


@op("torch.round_", "torch.Tensor.round_", pointwise=True)
def round_in_place(input: Tensor, *, decimals: object = 0) -> Tensor:
    """Every element rounded, in place."""
    return in_place(input, round_(input, decimals=decimals))


@op("torch.logical_not", "torch.Tensor.logical_not")
def logical_not(input: Tensor, *, out: object = None) -> Tensor:
    """Whether each element is 0."""
    return like(input, bool_)


@op("torch.Tensor.logical_not_")
def logical_not_in_place(input: Tensor) -> Tensor:
    """Whether each element is 0, in place, in the dtype that it has."""
    return in_place(input, like(input, bool_))


@op("torch.bitwise_not", "torch.Tensor.bitwise_not")
def bitwise_not(input: Tensor, *, out: object = None) -> Tensor:
    """Every bit inverted; of integers and bool only."""
    if not input.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes integers or bool, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"ufunc_bitwise_not_cpu not implemented for '{input.dtype.name}'",
            label=input.dtype.name,
            result=like(input),
        )
    return like(input)


@op("torch.Tensor.bitwise_not_")
def bitwise_not_in_place(input: Tensor) -> Tensor:
    """Every bit inverted, in place."""
    return in_place(input, bitwise_not(input))


@op("torch.conj", "torch.Tensor.conj")
def conj(input: Tensor) -> Tensor:
    """The conjugate: a view of complex elements, the tensor itself otherwise."""
    return view_of(input, input.shape, input.strides) if input.dtype.is_complex else input


@op(
    "torch.resolve_conj",
    "torch.Tensor.resolve_conj",
    "torch.resolve_neg",
    "torch.Tensor.resolve_neg",
    pointwise=True,
)
def resolve_conj(input: Tensor) -> Tensor:
    """The tensor with its lazy conjugation carried out."""
    return input


@attribute("torch.Tensor.real")
@op("torch.real")
def real(input: Tensor) -> Tensor:
    """The real part: a view of complex elements, the tensor itself otherwise."""
    return _part(input) if input.dtype.is_complex else input


@attribute("torch.Tensor.imag")
@op("torch.imag")
def imag(input: Tensor) -> Tensor:
    """The imaginary part: a view of complex elements; others have none."""
    if not input.dtype.is_complex:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes complex elements, but {{input}} is {input.dtype.name}",
            blame="input",
            torch="imag is not implemented for tensors with non-complex dtypes.",
            label=input.dtype.name,
            result=like(input),
        )
    return _part(input)


def _part(input: Tensor) -> Tensor:
    strides = input.strides
    doubled = None if strides is None else tuple(stride * 2 for stride in strides)
    return view_of(input, input.shape, doubled, dtype=real_dtype(input.dtype))


@op("torch.angle", "torch.Tensor.angle")
def angle(input: Tensor, *, out: object = None) -> Tensor:
    """The angle of every element in radians, a real number."""
    dtype = default_float_for(real_dtype(input.dtype))
    if input.dtype.is_complex and not input.is_contiguous_by_construction:
        return result(input.shape, dtype, input, strides=None)
    return like(input, dtype)


@op("torch.nan_to_num", "torch.Tensor.nan_to_num", pointwise=True)
def nan_to_num(
    input: Tensor, nan: object = None, posinf: object = None, neginf: object = None, *, out: object = None
) -> Tensor:
    """Every element, with numbers in place of NaN and infinities."""
    return like(input)


@op("torch.nan_to_num_", "torch.Tensor.nan_to_num_", pointwise=True)
def nan_to_num_in_place(input: Tensor, nan: object = None, posinf: object = None, neginf: object = None) -> Tensor:
    """Numbers in place of NaN and infinities, in place."""
    return in_place(input, like(input))


@op("torch.logit", "torch.special.logit", "torch.Tensor.logit", pointwise=True)
def logit(input: Tensor, eps: object = None, *, out: object = None) -> Tensor:
    """`log(x / (1 - x))` of every element."""
    return like(input, default_float_for(input.dtype))


@op("torch.logit_", "torch.Tensor.logit_", pointwise=True)
def logit_in_place(input: Tensor, eps: object = None) -> Tensor:
    """`log(x / (1 - x))` of every element, in place."""
    return in_place(input, logit(input))


@op("torch.mvlgamma", "torch.special.multigammaln", "torch.Tensor.mvlgamma", pointwise=True)
def mvlgamma(input: Tensor, p: object, *, out: object = None) -> Tensor:
    """The logarithm of the multivariate gamma function of every element."""
    row_major = CONTIGUOUS if input.is_contiguous_by_construction else None
    return result(input.shape, default_float_for(input.dtype), input, strides=row_major)


@op("torch.Tensor.mvlgamma_", pointwise=True)
def mvlgamma_in_place(input: Tensor, p: object) -> Tensor:
    """The logarithm of the multivariate gamma function, in place."""
    return in_place(input, mvlgamma(input, p))


@op("torch.polygamma", "torch.special.polygamma")
def polygamma(n: object, input: Tensor, *, out: object = None) -> Tensor:
    """The n-th derivative of the digamma function of every element."""
    return like(input, default_float_for(input.dtype))


@op("torch.Tensor.polygamma", pointwise=True)
def polygamma_method(input: Tensor, n: object, *, out: object = None) -> Tensor:
    """The n-th derivative of the digamma function of every element."""
    return like(input, default_float_for(input.dtype))


@op("torch.Tensor.polygamma_", pointwise=True)
def polygamma_in_place(input: Tensor, n: object) -> Tensor:
    """The n-th derivative of the digamma function of every element, in place."""
    return in_place(input, polygamma(n, input))


@op("torch.frexp", "torch.Tensor.frexp")
def frexp(input: Tensor, *, out: object = None) -> tuple[Tensor, Tensor]:
    """Mantissa and exponent of every element."""
    return Frexp(like(input), like(input, int32))


Frexp = namedtuple("Frexp", ("mantissa", "exponent"))
