"""Activation functions and their layers, element by element: the smooth and the shrinking ones.

Those with a bend at 0 are in `rectifiers.py`, those that look at sizes in `gates.py`, the softmax family in `softmax.py`.
In place, they return the very tensor they were given.
"""

from __future__ import annotations

from torchlint.ops.registry import layer, op
from torchlint.ops.results import in_place, like, result
from torchlint.values.dtype import bool_, default_float_for
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def of_floats(input: Tensor, inplace: object = False) -> Tensor:
    """An activation that torch has for floats alone."""
    if input.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floats, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"not implemented for '{input.dtype.name}'",
            label=input.dtype.name,
            result=input,
        )
    return _activated(input, inplace)


def of_numbers(input: Tensor, inplace: object = False) -> Tensor:
    """An activation that torch has for floats and integers, but not for bool."""
    if input.dtype is bool_:
        raise ShapeError(
            "dtype-mismatch",
            "{callee} takes numbers, but {input} is bool",
            blame="input",
            torch="Boolean inputs not supported",
            label="bool",
            result=input,
        )
    return _activated(input, inplace)


def _activated(input: Tensor, inplace: object) -> Tensor:
    activated = like(input)
    return in_place(input, activated) if inplace is True else activated


class InPlaceActivation(Module):
    """An activation layer whose one option is to work in place."""

    def __init__(self, inplace: object = False) -> None:
        super().__init__()
        self.inplace = inplace

    def extra_repr(self) -> str:
        return "inplace=True" if self.inplace is True else ""


def shown_options(module: Module, **shown: object) -> str:
    """The options as `print` shows them, with `inplace` only where it is set."""
    options = [f"{name}={value}" for name, value in shown.items()]
    if vars(module).get("inplace") is True:
        options.append("inplace=True")
    return ", ".join(options)


@op("torch.nn.functional.silu", pointwise=True)
def silu(input: Tensor, inplace: object = False) -> Tensor:
    """`x * sigmoid(x)`."""
    return of_floats(input, inplace)


@layer("torch.nn.SiLU", pointwise=True)
class SiLU(InPlaceActivation):
    """`x * sigmoid(x)`."""

    def forward(self, input: Tensor) -> Tensor:
        return silu(input, self.inplace)


@op("torch.nn.functional.mish", pointwise=True)
def mish(input: Tensor, inplace: object = False) -> Tensor:
    """`x * tanh(softplus(x))`."""
    return of_floats(input, inplace)


@layer("torch.nn.Mish", pointwise=True)
class Mish(InPlaceActivation):
    """`x * tanh(softplus(x))`."""

    def forward(self, input: Tensor) -> Tensor:
        return mish(input, self.inplace)


@op("torch.nn.functional.gelu", pointwise=True)
def gelu(input: Tensor, approximate: str | Unknown = "none") -> Tensor:
    """`x` times the normal distribution's share below it."""
    _require_approximation(approximate)
    return of_floats(input)


def _require_approximation(approximate: object) -> None:
    if isinstance(approximate, str) and approximate not in ("none", "tanh"):
        raise ShapeError(
            "bad-call",
            f"`approximate` of {{callee}} is 'none' or 'tanh', not {approximate!r}",
            blame="approximate",
            torch="approximate argument must be either none or tanh.",
        )


@layer("torch.nn.GELU", pointwise=True)
class GELU(Module):
    """`x` times the normal distribution's share below it."""

    def __init__(self, approximate: str | Unknown = "none") -> None:
        super().__init__()
        self.approximate = approximate

    def forward(self, input: Tensor) -> Tensor:
        return gelu(input, self.approximate)

    def extra_repr(self) -> str:
        return f"approximate={self.approximate!r}"


@op("torch.nn.functional.softplus", pointwise=True)
def softplus(input: Tensor, beta: object = 1.0, threshold: object = 20.0) -> Tensor:
    """`log(1 + exp(beta * x)) / beta`."""
    return of_floats(input)


@layer("torch.nn.Softplus", pointwise=True)
class Softplus(Module):
    """`log(1 + exp(beta * x)) / beta`."""

    def __init__(self, beta: object = 1.0, threshold: object = 20.0) -> None:
        super().__init__()
        self.beta = beta
        self.threshold = threshold

    def forward(self, input: Tensor) -> Tensor:
        return softplus(input, self.beta, self.threshold)

    def extra_repr(self) -> str:
        return shown_options(self, beta=self.beta, threshold=self.threshold)


@op("torch.hardshrink", "torch.Tensor.hardshrink", "torch.nn.functional.hardshrink", pointwise=True)
def hardshrink(input: Tensor, lambd: object = 0.5, *, out: object = None) -> Tensor:
    """`x` where it is further than `lambd` from 0, else 0."""
    return of_floats(input)


@layer("torch.nn.Hardshrink", pointwise=True)
class Hardshrink(Module):
    """`x` where it is further than `lambd` from 0, else 0."""

    def __init__(self, lambd: object = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return hardshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return f"{self.lambd}"


@op("torch.nn.functional.softshrink", pointwise=True)
def softshrink(input: Tensor, lambd: object = 0.5) -> Tensor:
    """`x` moved by `lambd` towards 0."""
    return of_floats(input)


@layer("torch.nn.Softshrink", pointwise=True)
class Softshrink(Module):
    """`x` moved by `lambd` towards 0."""

    def __init__(self, lambd: object = 0.5) -> None:
        super().__init__()
        self.lambd = lambd

    def forward(self, input: Tensor) -> Tensor:
        return softshrink(input, self.lambd)

    def extra_repr(self) -> str:
        return f"{self.lambd}"


@op("torch.nn.functional.logsigmoid", pointwise=True)
def logsigmoid(input: Tensor) -> Tensor:
    """`log(sigmoid(x))`, row-major in memory."""
    of_floats(input)
    return result(input.shape, input.dtype, input)


@op("torch.nn.functional.softsign", "torch.nn.functional.tanhshrink", pointwise=True)
def softsign(input: Tensor) -> Tensor:
    """`x / (1 + |x|)`, and `x - tanh(x)`: integers become floats."""
    return like(of_numbers(input), default_float_for(input.dtype))


def _smooth(input: Tensor) -> Tensor:
    return like(input, default_float_for(input.dtype))


@layer("torch.nn.LogSigmoid", pointwise=True)
class LogSigmoid(Module):
    """`log(sigmoid(x))`."""

    def forward(self, input: Tensor) -> Tensor:
        return logsigmoid(input)


@layer("torch.nn.Softsign", pointwise=True)
class Softsign(Module):
    """`x / (1 + |x|)`."""

    def forward(self, input: Tensor) -> Tensor:
        return softsign(input)


@layer("torch.nn.Tanhshrink", pointwise=True)
class Tanhshrink(Module):
    """`x - tanh(x)`."""

    def forward(self, input: Tensor) -> Tensor:
        return softsign(input)


@layer("torch.nn.Sigmoid", pointwise=True)
class Sigmoid(Module):
    """`1 / (1 + exp(-x))`."""

    def forward(self, input: Tensor) -> Tensor:
        return _smooth(input)


@layer("torch.nn.Tanh", pointwise=True)
class Tanh(Module):
    """The hyperbolic tangent."""

    def forward(self, input: Tensor) -> Tensor:
        return _smooth(input)
