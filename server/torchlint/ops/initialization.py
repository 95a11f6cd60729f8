"""`torch.nn.init`: functions that fill a tensor and return it; what they need of its rank is checked."""

from __future__ import annotations

import math
from typing import Any

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require
from torchlint.ops.registry import op
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor


def _filled(tensor: Tensor) -> Tensor:
    tensor.written()
    return tensor


def _require_rank(tensor: Tensor, ranks: tuple[int, ...], wanted: str, torch: str) -> None:
    if tensor.ndim not in ranks:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes {wanted}, but {{tensor}} is {show_shape(tensor.shape)}",
            blame="tensor",
            torch=torch,
            result=tensor,
            label=show_shape(tensor.shape),
        )


def _require_fans(tensor: Tensor) -> None:
    if tensor.ndim < 2:
        _require_rank(
            tensor,
            (),
            "at least 2 dimensions",
            "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions",
        )


@op("torch.nn.init.uniform_", "torch.nn.init.uniform")
def uniform_(tensor: Tensor, a: object = 0.0, b: object = 1.0, generator: object = None) -> Tensor:
    """`tensor` itself."""
    return _filled(tensor)


@op("torch.nn.init.normal_", "torch.nn.init.normal")
def normal_(tensor: Tensor, mean: object = 0.0, std: object = 1.0, generator: object = None) -> Tensor:
    """`tensor` itself."""
    return _filled(tensor)


@op("torch.nn.init.trunc_normal_")
def trunc_normal_(
    tensor: Tensor, mean: object = 0.0, std: object = 1.0, a: object = -2.0, b: object = 2.0, generator: object = None
) -> Tensor:
    """`tensor` itself."""
    return _filled(tensor)


@op("torch.nn.init.constant_", "torch.nn.init.constant")
def constant_(tensor: Tensor, val: object) -> Tensor:
    """`tensor` itself."""
    return _filled(tensor)


@op("torch.nn.init.ones_", "torch.nn.init.zeros_")
def ones_(tensor: Tensor) -> Tensor:
    """`tensor` itself."""
    return _filled(tensor)


@op("torch.nn.init.eye_", "torch.nn.init.eye")
def eye_(tensor: Tensor) -> Tensor:
    """`tensor` itself, a matrix."""
    _require_rank(tensor, (2,), "a matrix", "Only tensors with 2 dimensions are supported")
    return _filled(tensor)


@op("torch.nn.init.dirac_", "torch.nn.init.dirac")
def dirac_(tensor: Tensor, groups: Size = 1) -> Tensor:
    """`tensor` itself, the weight of a convolution."""
    _require_rank(tensor, (3, 4, 5), "the weight of a convolution", "Only tensors with 3, 4, or 5 dimensions are supported")
    filters = tensor.shape[0]
    require(
        groups,
        "divides",
        filters,
        lambda: ShapeError(
            "conv-in-channels",
            f"`groups` {show(groups)} of {{callee}} does not divide the {show(filters)} filters of {{tensor}}",
            blame="groups",
            torch="dim 0 must be divisible by groups",
            result=tensor,
        ),
    )
    return _filled(tensor)


@op("torch.nn.init.xavier_uniform_", "torch.nn.init.xavier_uniform")
def xavier_uniform_(tensor: Tensor, gain: object = 1.0, generator: object = None) -> Tensor:
    """`tensor` itself, of at least 2 dimensions."""
    _require_fans(tensor)
    return _filled(tensor)


@op("torch.nn.init.xavier_normal_", "torch.nn.init.xavier_normal")
def xavier_normal_(tensor: Tensor, gain: object = 1.0, generator: object = None) -> Tensor:
    """`tensor` itself, of at least 2 dimensions."""
    _require_fans(tensor)
    return _filled(tensor)


def _kaiming(tensor: Tensor, mode: str, nonlinearity: str, a: object) -> Tensor:
    if any(size == 0 for size in tensor.shape):
        return tensor
    if mode.lower() not in ("fan_in", "fan_out"):
        raise ShapeError(
            "bad-call",
            f"`mode` of {{callee}} is 'fan_in' or 'fan_out', not '{mode}'",
            blame="mode",
            torch=f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']",
            result=tensor,
        )
    _require_fans(tensor)
    calculate_gain(nonlinearity)
    return _filled(tensor)


@op("torch.nn.init.kaiming_uniform_", "torch.nn.init.kaiming_uniform")
def kaiming_uniform_(
    tensor: Tensor, a: object = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: object = None
) -> Tensor:
    """`tensor` itself, of at least 2 dimensions."""
    return _kaiming(tensor, mode, nonlinearity, a)


@op("torch.nn.init.kaiming_normal_", "torch.nn.init.kaiming_normal")
def kaiming_normal_(
    tensor: Tensor, a: object = 0, mode: str = "fan_in", nonlinearity: str = "leaky_relu", generator: object = None
) -> Tensor:
    """`tensor` itself, of at least 2 dimensions."""
    return _kaiming(tensor, mode, nonlinearity, a)


@op("torch.nn.init.orthogonal_", "torch.nn.init.orthogonal")
def orthogonal_(tensor: Tensor, gain: object = 1, generator: object = None) -> Tensor:
    """`tensor` itself, of at least 2 dimensions."""
    if tensor.ndim < 2:
        _require_rank(tensor, (), "at least 2 dimensions", "Only tensors with 2 or more dimensions are supported")
    return _filled(tensor)


@op("torch.nn.init.sparse_", "torch.nn.init.sparse")
def sparse_(tensor: Tensor, sparsity: object, std: object = 0.01, generator: object = None) -> Tensor:
    """`tensor` itself, a matrix."""
    _require_rank(tensor, (2,), "a matrix", "Only tensors with 2 dimensions are supported")
    return _filled(tensor)


_GAINS = {
    **dict.fromkeys(
        (
            "linear",
            "conv1d",
            "conv2d",
            "conv3d",
            "conv_transpose1d",
            "conv_transpose2d",
            "conv_transpose3d",
            "sigmoid",
        ),
        1,
    ),
    "tanh": 5.0 / 3,
    "relu": math.sqrt(2.0),
    "selu": 3.0 / 4,
}


@op("torch.nn.init.calculate_gain")
def calculate_gain(nonlinearity: str, param: object = None) -> Any:
    """The recommended gain of a nonlinearity."""
    if nonlinearity in _GAINS:
        return _GAINS[nonlinearity]
    if nonlinearity == "leaky_relu":
        if param is not None and not isinstance(param, (int, float)):
            raise Undecided("a slope that is not known")
        slope = 0.01 if param is None else param
        return math.sqrt(2.0 / (1 + slope**2))
    raise ShapeError(
        "bad-call",
        f"{{callee}} knows no nonlinearity '{nonlinearity}'",
        blame="nonlinearity",
        torch=f"Unsupported nonlinearity {nonlinearity}",
    )


@op("torch.nn.init._calculate_fan_in_and_fan_out")
def calculate_fans(tensor: Tensor) -> tuple[Size, Size]:
    """How many inputs and outputs one element of a weight connects."""
    _require_fans(tensor)
    field = product(tensor.shape[2:])
    return tensor.shape[1] * field, tensor.shape[0] * field
