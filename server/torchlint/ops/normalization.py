"""Normalizations as functions: `torch.nn.functional.batch_norm`, `layer_norm`, `group_norm` and their kin.

Whether a module is in training is Unknown unless the program says so; what torch checks in training only is
checked then.
"""

from __future__ import annotations

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import normalize_dim, require, require_same
from torchlint.ops.registry import op
from torchlint.ops.results import like
from torchlint.ops.spatial import is_known_below, result_of
from torchlint.values.dtype import Category, float32
from torchlint.values.errors import ShapeError, TooFewValues
from torchlint.values.tensor import CONTIGUOUS, Shape, Tensor


@op("torch.nn.functional.batch_norm", ranks=(4, 3, 2, 5))
def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: object = False,
    momentum: object = 0.1,
    eps: object = 1e-5,
) -> Tensor:
    """`[N, C, ...]` normalized per channel; an empty vector has no channels and stays."""
    if input.shape == (0,):
        return result_of(input, input.shape, weight, bias)
    _require_channels_dimension(input)
    channels = input.shape[1]
    result = result_of(input, input.shape, weight, bias)
    if training is False and (running_mean is None or running_var is None):
        missing = "running_mean" if running_mean is None else "running_var"
        raise ShapeError(
            "bad-call",
            f"{{callee}} needs `{missing}` outside of training",
            blame=missing,
            torch=f"{missing} must be defined in evaluation mode",
        )
    _require_variance(input, training, eps)
    parameters = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    for name, tensor in parameters.items():
        if tensor is not None:
            _require_per_channel(input, channels, name, tensor, result)
    require_norm_dtypes(input, *parameters.values())
    _track(running_mean, running_var, training)
    return result


@op("torch.nn.functional.instance_norm", ranks=(4, 3, 5))
def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: object = True,
    momentum: object = 0.1,
    eps: object = 1e-5,
) -> Tensor:
    """`[N, C, ...]` normalized per sample and channel."""
    _require_channels_dimension(input)
    channels = input.shape[1]
    result = result_of(input, input.shape, weight, bias)
    if use_input_stats is True and product(input.shape[2:]) == 1:
        raise ShapeError(
            "norm-size",
            f"{{callee}} needs more than one element per channel, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Expected more than 1 spatial element when training, got input size {show_shape(input.shape)}",
            result=result,
            label=show_shape(input.shape),
        )
    if use_input_stats is False and (running_mean is None or running_var is None):
        raise ShapeError(
            "bad-call",
            "{callee} needs `running_mean` and `running_var` where it does not use those of its input",
            torch="Expected running_mean and running_var to be defined when use_input_stats is false",
        )
    parameters = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    for name, tensor in parameters.items():
        if tensor is not None:
            _require_per_channel(input, channels, name, tensor, result)
    require_norm_dtypes(input, *parameters.values())
    _track(running_mean, running_var, use_input_stats)
    return result


def _track(running_mean: Tensor | None, running_var: Tensor | None, training: object) -> None:
    """Training writes to the running statistics."""
    for statistic in (running_mean, running_var):
        if statistic is not None and training is not False:
            statistic.written()


def _require_channels_dimension(input: Tensor) -> None:
    if input.ndim < 2:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [N, C, ...], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Expected at least 2 dimensions for input tensor but received {input.ndim}",
            label=show_shape(input.shape),
        )


def _require_variance(input: Tensor, training: object, eps: object) -> None:
    """Training divides by a variance: it needs more than one value per channel and a positive `eps`.

    Where the mode is not known, evaluation is a choice under which the line runs.
    """
    single = product((input.shape[0], *input.shape[2:])) == 1
    vanishing = isinstance(eps, (int, float)) and eps <= 0
    if training is True and single:
        raise TooFewValues(
            "norm-size",
            f"{{callee}} needs more than one value per channel in training, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Expected more than 1 value per channel when training, got input size {show_shape(input.shape)}",
            result=result_of(input, input.shape),
            label=show_shape(input.shape),
        )
    if isinstance(eps, (int, float)) and (eps < 0 or (training is True and vanishing)):
        raise ShapeError(
            "bad-call",
            f"`eps` {eps} of {{callee}} must be positive",
            blame="eps",
            torch=f"batch_norm eps must be positive during training and never negative, but got {eps}",
            result=result_of(input, input.shape),
        )


def _require_per_channel(input: Tensor, channels: Size, name: str, tensor: Tensor, result: Tensor) -> None:
    size = tensor.numel()
    require_same(
        size,
        channels,
        lambda: ShapeError(
            "norm-size",
            f"{{callee}} normalizes {show(size)} channels, but {{input}} has {show(channels)}",
            blame="input",
            torch=f"{name} should contain {show(channels)} elements not {show(size)}",
            repair={"num_features": channels},
            result=result,
            label=show_shape(input.shape),
        ),
    )


def require_norm_dtypes(input: Tensor, *parameters: Tensor | None) -> None:
    """Floating-point input, and parameters of its dtype (or of float32 beside a half-precision input), or
    TL115."""
    if input.dtype.category is not Category.FLOAT:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floating-point numbers, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"not implemented for '{input.dtype.name}'",
            label=input.dtype.name,
        )
    for tensor in parameters:
        if tensor is None or tensor.dtype is input.dtype:
            continue
        if not (tensor.dtype is float32 and input.dtype.bits <= 16):
            raise ShapeError(
                "dtype-mismatch",
                f"{{callee}} computes in {tensor.dtype.name}, but {{input}} is {input.dtype.name}",
                blame="input",
                torch="mixed dtype (CPU): all inputs must share same datatype.",
                label=input.dtype.name,
            )


@op("torch.nn.functional.layer_norm", "torch.layer_norm", ranks=(3, 2, 4))
def layer_norm(
    input: Tensor,
    normalized_shape: Shape,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: object = 1e-5,
    cudnn_enable: object = True,
) -> Tensor:
    """The last dimensions, which are `normalized_shape`, normalized together."""
    result = result_of(input, input.shape, weight, bias)
    result._strides = CONTIGUOUS
    _require_normalized_shape(input, normalized_shape, {"weight": weight, "bias": bias}, result)
    require_norm_dtypes(input, weight, bias)
    return result


@op("torch.nn.functional.rms_norm", "torch.rms_norm", ranks=(3, 2, 4))
def rms_norm(input: Tensor, normalized_shape: Shape, weight: Tensor | None = None, eps: object = None) -> Tensor:
    """The last dimensions, which are `normalized_shape`, divided by their root mean square."""
    result = result_of(input, input.shape, weight)
    _require_normalized_shape(input, normalized_shape, {"weight": weight}, result)
    if input.dtype.is_integral:
        require_norm_dtypes(input)
    return result


def _require_normalized_shape(
    input: Tensor, normalized_shape: Shape, parameters: dict[str, Tensor | None], result: Tensor
) -> None:
    count = len(normalized_shape)
    if count == 0:
        raise ShapeError(
            "norm-size",
            "`normalized_shape` of {callee} is empty",
            blame="normalized_shape",
            torch="Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one "
            "element, but got "
            "normalized_shape = []",
        )
    for name, tensor in parameters.items():
        if tensor is not None:
            _require_shape_of(name, tensor, normalized_shape)
    wanted = show(normalized_shape[0]) if count == 1 else show_shape(normalized_shape)
    last = input.shape[-count:]
    given = show(last[0]) if count == 1 and last else show_shape(last)
    error = ShapeError(
        "norm-size",
        f"{{callee}} normalizes {wanted} {'features' if count == 1 else 'elements'}, but {{input}} ends in {given}"
        if input.ndim
        else f"{{callee}} normalizes {wanted}, but {{input}} has no dimensions",
        blame="input",
        torch=f"Given normalized_shape={show_shape(normalized_shape)}, expected input with shape "
        f"[*, {show_shape(normalized_shape)[1:]}, but got input of size{show_shape(input.shape)}",
        repair={"normalized_shape": last[0] if count == 1 and last else last},
        result=result,
        label=show_shape(input.shape),
    )
    if input.ndim < count:
        raise error
    for size, want in zip(last, normalized_shape):
        require_same(size, want, lambda: error)


def _require_shape_of(name: str, tensor: Tensor, normalized_shape: Shape) -> None:
    error = ShapeError(
        "norm-size",
        f"`{name}` of {{callee}} is {show_shape(tensor.shape)}, but it normalizes {show_shape(normalized_shape)}",
        blame=name,
        torch=f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
        f"{show_shape(tensor.shape)} and normalized_shape = {show_shape(normalized_shape)}",
    )
    if tensor.ndim != len(normalized_shape):
        raise error
    for size, want in zip(tensor.shape, normalized_shape):
        require_same(size, want, lambda: error)


@op("torch.nn.functional.group_norm", "torch.group_norm", ranks=(4, 3, 2, 5))
def group_norm(
    input: Tensor,
    num_groups: Size,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: object = 1e-5,
    cudnn_enabled: object = True,
) -> Tensor:
    """`[N, C, ...]`: the channels of each group normalized together."""
    _require_channels_dimension(input)
    channels = input.shape[1]
    result = result_of(input, input.shape, weight, bias)
    if is_known_below(num_groups, 1):
        raise ShapeError(
            "norm-size",
            f"`num_groups` of {{callee}} must be positive, but is {show(num_groups)}",
            blame="num_groups",
            torch=f"Expected num groups to be greater than 0, got {show(num_groups)}",
        )
    for name, tensor in (("weight", weight), ("bias", bias)):
        if tensor is not None:
            _require_group_parameter(input, channels, name, tensor, result)
    require(
        num_groups,
        "divides",
        channels,
        lambda: ShapeError(
            "norm-size",
            f"the {show(num_groups)} groups of {{callee}} do not divide the {show(channels)} channels of {{input}}",
            blame="input",
            torch="Expected number of channels in input to be divisible by num_groups, but got input of "
            "shape "
            f"{show_shape(input.shape)} and num_groups={show(num_groups)}",
            result=result,
            label=show_shape(input.shape),
        ),
    )
    if product((input.shape[0], channels // num_groups, *input.shape[2:])) == 1:
        raise ShapeError(
            "norm-size",
            f"{{callee}} needs more than one value per group, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Expected more than 1 value per channel when training, got input size {show_shape(input.shape)}",
            result=result,
            label=show_shape(input.shape),
        )
    require_norm_dtypes(input, weight, bias)
    return result


def _require_group_parameter(input: Tensor, channels: Size, name: str, tensor: Tensor, result: Tensor) -> None:
    def error() -> ShapeError:
        return ShapeError(
            "norm-size",
            f"{{callee}} normalizes {show(tensor.numel())} channels, but {{input}} has {show(channels)}",
            blame="input",
            torch=f"Expected {name} to be a vector of size equal to the number of channels in input, but "
            f"got {name} of shape "
            f"{show_shape(tensor.shape)} and input of shape {show_shape(input.shape)}",
            repair={"num_channels": channels},
            result=result,
            label=show_shape(input.shape),
        )

    if tensor.ndim != 1:
        raise error()
    require_same(tensor.shape[0], channels, error)


@op("torch.nn.functional.local_response_norm", ranks=(4, 3, 5))
def local_response_norm(input: Tensor, size: Size, alpha: object = 1e-4, beta: object = 0.75, k: object = 1.0) -> Tensor:
    """`[N, C, ...]` divided by the response of neighbouring channels."""
    if input.ndim < 3:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [N, C, ...] of at least 3 dimensions, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Expected 3D or higher dimensionality input (got {input.ndim} dimensions)",
            label=show_shape(input.shape),
        )
    computes = input.dtype.is_integral and input.numel() != 0
    return result_of(input, input.shape, dtype=float32 if computes else input.dtype)


@op("torch.nn.functional.normalize", ranks=(2, 3, 4))
def normalize(input: Tensor, p: object = 2.0, dim: Size | Shape = 1, eps: object = 1e-12, out: object = None) -> Tensor:
    """`input` divided by its norm along `dim`."""
    for axis in dim if isinstance(dim, tuple) else (dim,):
        normalize_dim(axis, input.ndim)
    if input.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floating-point or complex numbers, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {input.dtype.name}",
            label=input.dtype.name,
        )
    return like(input)
