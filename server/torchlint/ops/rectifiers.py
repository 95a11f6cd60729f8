"""Activations with a bend: ReLU and its variants, their functions and layers, element by element."""

from __future__ import annotations

from torchlint.ops.activation import InPlaceActivation, of_floats, of_numbers, shown_options
from torchlint.ops.coercion import Number
from torchlint.ops.registry import layer, op
from torchlint.ops.results import result
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


@op("torch.nn.functional.relu", pointwise=True)
def relu(input: Tensor, inplace: object = False) -> Tensor:
    """`max(x, 0)`."""
    return of_numbers(input, inplace)


@op("torch.relu", "torch.Tensor.relu", pointwise=True)
def relu_function(input: Tensor) -> Tensor:
    """`max(x, 0)`."""
    return of_numbers(input)


@op("torch.relu_", "torch.Tensor.relu_", "torch.nn.functional.relu_", pointwise=True)
def relu_in_place(input: Tensor) -> Tensor:
    """`max(x, 0)`, in place."""
    return of_numbers(input, inplace=True)


@layer("torch.nn.ReLU", pointwise=True)
class ReLU(InPlaceActivation):
    """`max(x, 0)`."""

    def forward(self, input: Tensor) -> Tensor:
        return relu(input, self.inplace)


@op("torch.nn.functional.relu6", pointwise=True)
def relu6(input: Tensor, inplace: object = False) -> Tensor:
    """`min(max(x, 0), 6)`."""
    return of_numbers(input, inplace)


@layer("torch.nn.ReLU6", pointwise=True)
class ReLU6(InPlaceActivation):
    """`min(max(x, 0), 6)`."""

    min_val = 0.0
    max_val = 6.0

    def forward(self, input: Tensor) -> Tensor:
        return relu6(input, self.inplace)


@op("torch.nn.functional.selu", pointwise=True)
def selu(input: Tensor, inplace: object = False) -> Tensor:
    """The scaled exponential linear unit."""
    return of_floats(input, inplace)


@layer("torch.nn.SELU", pointwise=True)
class SELU(InPlaceActivation):
    """The scaled exponential linear unit."""

    def forward(self, input: Tensor) -> Tensor:
        return selu(input, self.inplace)


@op("torch.selu", pointwise=True)
def selu_function(input: Tensor) -> Tensor:
    """The scaled exponential linear unit."""
    return of_floats(input)


@op("torch.selu_", "torch.nn.functional.selu_", pointwise=True)
def selu_in_place(input: Tensor) -> Tensor:
    """The scaled exponential linear unit, in place."""
    return of_floats(input, inplace=True)


@op("torch.nn.functional.hardsigmoid", pointwise=True)
def hardsigmoid(input: Tensor, inplace: object = False) -> Tensor:
    """`relu6(x + 3) / 6`."""
    return of_floats(input, inplace)


@layer("torch.nn.Hardsigmoid", pointwise=True)
class Hardsigmoid(Module):
    """`relu6(x + 3) / 6`."""

    def __init__(self, inplace: object = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return hardsigmoid(input, self.inplace)


@op("torch.nn.functional.hardswish", pointwise=True)
def hardswish(input: Tensor, inplace: object = False) -> Tensor:
    """`x * relu6(x + 3) / 6`."""
    return of_floats(input, inplace)


@layer("torch.nn.Hardswish", pointwise=True)
class Hardswish(Module):
    """`x * relu6(x + 3) / 6`."""

    def __init__(self, inplace: object = False) -> None:
        super().__init__()
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return hardswish(input, self.inplace)


@op("torch.nn.functional.elu", pointwise=True)
def elu(input: Tensor, alpha: object = 1.0, inplace: object = False) -> Tensor:
    """`x` above 0, `alpha * (exp(x) - 1)` below."""
    return of_floats(input, inplace)


@op("torch.nn.functional.elu_", pointwise=True)
def elu_in_place(input: Tensor, alpha: object = 1.0) -> Tensor:
    """`x` above 0, `alpha * (exp(x) - 1)` below, in place."""
    return of_floats(input, inplace=True)


@layer("torch.nn.ELU", pointwise=True)
class ELU(Module):
    """`x` above 0, `alpha * (exp(x) - 1)` below."""

    def __init__(self, alpha: object = 1.0, inplace: object = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return elu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return shown_options(self, alpha=self.alpha)


@op("torch.nn.functional.celu", pointwise=True)
def celu(input: Tensor, alpha: object = 1.0, inplace: object = False) -> Tensor:
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below."""
    return of_floats(input, inplace)


@op("torch.celu", pointwise=True)
def celu_function(input: Tensor, alpha: object = 1.0) -> Tensor:
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below."""
    return of_floats(input)


@op("torch.celu_", "torch.nn.functional.celu_", pointwise=True)
def celu_in_place(input: Tensor, alpha: object = 1.0) -> Tensor:
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below, in place."""
    return of_floats(input, inplace=True)


@layer("torch.nn.CELU", pointwise=True)
class CELU(Module):
    """`x` above 0, `alpha * (exp(x / alpha) - 1)` below."""

    def __init__(self, alpha: object = 1.0, inplace: object = False) -> None:
        super().__init__()
        self.alpha = alpha
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return celu(input, self.alpha, self.inplace)

    def extra_repr(self) -> str:
        return shown_options(self, alpha=self.alpha)


@op("torch.nn.functional.leaky_relu", pointwise=True)
def leaky_relu(input: Tensor, negative_slope: object = 0.01, inplace: object = False) -> Tensor:
    """`x` above 0, `negative_slope * x` below."""
    return of_floats(input, inplace)


@op("torch.nn.functional.leaky_relu_", pointwise=True)
def leaky_relu_in_place(input: Tensor, negative_slope: object = 0.01) -> Tensor:
    """`x` above 0, `negative_slope * x` below, in place."""
    return of_floats(input, inplace=True)


@layer("torch.nn.LeakyReLU", pointwise=True)
class LeakyReLU(Module):
    """`x` above 0, `negative_slope * x` below."""

    def __init__(self, negative_slope: object = 0.01, inplace: object = False) -> None:
        super().__init__()
        self.negative_slope = negative_slope
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return leaky_relu(input, self.negative_slope, self.inplace)

    def extra_repr(self) -> str:
        return shown_options(self, negative_slope=self.negative_slope)


@op("torch.nn.functional.hardtanh", pointwise=True)
def hardtanh(
    input: Tensor, min_val: Number | Unknown = -1.0, max_val: Number | Unknown = 1.0, inplace: object = False
) -> Tensor:
    """`x` brought between `min_val` and `max_val`."""
    _require_range(min_val, max_val)
    return of_numbers(input, inplace)


@op("torch.nn.functional.hardtanh_", pointwise=True)
def hardtanh_in_place(input: Tensor, min_val: object = -1.0, max_val: object = 1.0) -> Tensor:
    """`x` brought between `min_val` and `max_val`, in place."""
    return of_numbers(input, inplace=True)


def _require_range(min_val: object, max_val: object) -> None:
    if isinstance(min_val, (int, float)) and isinstance(max_val, (int, float)) and min_val > max_val:
        raise ShapeError(
            "bad-call",
            f"`min_val` of {{callee}} is {min_val:g}, above `max_val`, which is {max_val:g}",
            blame="min_val",
            torch="min_val cannot be greater than max_val",
        )


@layer("torch.nn.Hardtanh", pointwise=True)
class Hardtanh(Module):
    """`x` brought between `min_val` and `max_val`."""

    def __init__(
        self,
        min_val: Number | Unknown = -1.0,
        max_val: Number | Unknown = 1.0,
        inplace: object = False,
        min_value: Number | Unknown | None = None,
        max_value: Number | Unknown | None = None,
    ) -> None:
        super().__init__()
        self.min_val = min_val if min_value is None else min_value
        self.max_val = max_val if max_value is None else max_value
        self.inplace = inplace
        if isinstance(self.min_val, (int, float)) and isinstance(self.max_val, (int, float)) and self.min_val == self.max_val:
            raise ShapeError(
                "bad-call",
                "`min_val` and `max_val` of {callee} are equal",
                blame="min_val",
                torch="AssertionError",
            )
        _require_range(self.min_val, self.max_val)

    def forward(self, input: Tensor) -> Tensor:
        return hardtanh(input, self.min_val, self.max_val, self.inplace)

    def extra_repr(self) -> str:
        return shown_options(self, min_val=self.min_val, max_val=self.max_val)


@op("torch.nn.functional.threshold", pointwise=True)
def threshold(input: Tensor, threshold: object, value: object, inplace: object = False) -> Tensor:
    """`x` above the threshold, `value` below."""
    return of_numbers(input, inplace)


@op("torch.threshold", pointwise=True)
def threshold_function(input: Tensor, threshold: object, value: object, *, out: object = None) -> Tensor:
    """`x` above the threshold, `value` below."""
    return of_numbers(input)


@op("torch.threshold_", "torch.nn.functional.threshold_", pointwise=True)
def threshold_in_place(input: Tensor, threshold: object, value: object) -> Tensor:
    """`x` above the threshold, `value` below, in place."""
    return of_numbers(input, inplace=True)


@layer("torch.nn.Threshold", pointwise=True)
class Threshold(Module):
    """`x` above the threshold, `value` below."""

    def __init__(self, threshold: object, value: object, inplace: object = False) -> None:
        super().__init__()
        self.threshold = threshold
        self.value = value
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return threshold(input, self.threshold, self.value, self.inplace)

    def extra_repr(self) -> str:
        return shown_options(self, threshold=self.threshold, value=self.value)


@op("torch.nn.functional.rrelu", pointwise=True)
def rrelu(
    input: Tensor,
    lower: object = 1.0 / 8,
    upper: object = 1.0 / 3,
    training: object = False,
    inplace: object = False,
) -> Tensor:
    """A leaky ReLU whose slope is drawn at random."""
    return _random_slope(input, lower, upper, training, inplace)


@op("torch.rrelu", pointwise=True)
def rrelu_function(
    input: Tensor,
    lower: object = 1.0 / 8,
    upper: object = 1.0 / 3,
    training: object = False,
    generator: object = None,
) -> Tensor:
    """A leaky ReLU whose slope is drawn at random."""
    return _random_slope(input, lower, upper, training, inplace=False)


@op("torch.rrelu_", "torch.nn.functional.rrelu_", pointwise=True)
def rrelu_in_place(
    input: Tensor,
    lower: object = 1.0 / 8,
    upper: object = 1.0 / 3,
    training: object = False,
    generator: object = None,
) -> Tensor:
    """A leaky ReLU whose slope is drawn at random, in place."""
    return _random_slope(input, lower, upper, training, inplace=True)


def _random_slope(input: Tensor, lower: object, upper: object, training: object, inplace: object) -> Tensor:
    if isinstance(lower, (int, float)) and isinstance(upper, (int, float)) and lower > upper:
        raise ShapeError(
            "bad-call",
            f"`lower` of {{callee}} is {lower:g}, above `upper`, which is {upper:g}",
            blame="lower",
            torch="Lower bound should be less than or equal to the upper bound",
        )
    activated = of_floats(input, inplace)
    if inplace is True or training is False:
        return activated
    return result(input.shape, input.dtype, input, strides=None)


@layer("torch.nn.RReLU", pointwise=True)
class RReLU(Module):
    """A leaky ReLU whose slope is drawn at random."""

    def __init__(self, lower: object = 1.0 / 8, upper: object = 1.0 / 3, inplace: object = False) -> None:
        super().__init__()
        self.lower = lower
        self.upper = upper
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return rrelu(input, self.lower, self.upper, self.training, self.inplace)

    def extra_repr(self) -> str:
        return shown_options(self, lower=self.lower, upper=self.upper)
