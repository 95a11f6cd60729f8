"""Padding: `torch.nn.functional.pad` in its four modes and the `*Pad` layers."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require
from torchlint.ops.registry import layer, op
from torchlint.ops.representation import show_value
from torchlint.ops.spatial import is_known_below, repeated, result_of
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor


@op("torch.nn.functional.pad")
def pad(input: Tensor, pad: Shape, mode: str = "constant", value: object = None) -> Tensor:
    """Each padded dimension grows by what is added before and after; `pad` starts with the last dimension."""
    if len(pad) % 2:
        raise ShapeError(
            "bad-call",
            f"`pad` of {{callee}} holds pairs, but has {len(pad)} numbers",
            blame="pad",
            torch="Padding length must be divisible by 2",
        )
    if len(pad) > 2 * input.ndim:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} pads {len(pad) // 2} dimensions, but {{input}} has {input.ndim}",
            blame="input",
            torch="Padding length should be less than or equal to two times the input dimension but got "
            "padding length "
            f"{len(pad)} and input of dimension {input.ndim}",
            label=show_shape(input.shape),
        )
    if mode not in ("constant", "reflect", "replicate", "circular"):
        raise ShapeError(
            "bad-call",
            f"`mode` of {{callee}} is one of constant, reflect, replicate, circular, not '{mode}'",
            blame="mode",
            torch=f"Unrecognised padding mode {mode}",
        )
    if mode != "constant" and isinstance(value, (int, float)) and value != 0:
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes no `value` in mode '{mode}'",
            blame="value",
            torch=f'Padding mode "{mode}" doesn\'t take in value argument',
        )
    before = (*(0 for _ in range(input.ndim - len(pad) // 2)), *reversed(pad[::2]))
    after = (*(0 for _ in range(input.ndim - len(pad) // 2)), *reversed(pad[1::2]))
    shape = tuple(b + size + a for size, b, a in zip(input.shape, before, after))
    if mode == "constant":
        _require_nonnegative(input, before, after, shape)
    else:
        dimensions = len(pad) // 2
        _require_images(input, dimensions)
        if mode != "circular":
            _require_elements(input, dimensions)
        for dim in range(input.ndim - dimensions, input.ndim):
            _require_source(input, dim, before[dim], after[dim], mode)
        if mode == "circular":
            _require_nonnegative(input, before, after, shape)
        elif all(is_known_below(size, 1) for size in shape[-dimensions:]):
            raise _too_small(input, shape)
    return result_of(input, shape)


def _require_nonnegative(input: Tensor, before: Shape, after: Shape, shape: Shape) -> None:
    for size, b, a in zip(input.shape, before, after):
        cut = sum(p for p in (b, a) if isinstance(p, int) and p < 0)
        if is_known_below(size + cut, 0):
            raise _too_small(input, shape)


def _too_small(input: Tensor, shape: Shape) -> ShapeError:
    return ShapeError(
        "empty-output",
        f"{{callee}} cuts more off {{input}} {show_shape(input.shape)} than it has",
        blame="input",
        torch=f"input {show_shape(input.shape)} is too small. Calculated output: {show_shape(shape)}",
        label=show_shape(input.shape),
    )


def _require_images(input: Tensor, dimensions: int) -> None:
    if not 1 <= dimensions <= 3 or input.ndim not in (dimensions + 1, dimensions + 2):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} pads the last {dimensions} dimensions of {dimensions + 1} or {dimensions + 2}, but "
            f"{{input}} is "
            f"{show_shape(input.shape)}",
            blame="input",
            torch=f"Padding size {2 * dimensions} is not supported for {input.ndim}D input tensor",
            label=show_shape(input.shape),
        )


def _require_elements(input: Tensor, dimensions: int) -> None:
    if any(size == 0 for size in input.shape[-dimensions - 1 :]):
        raise ShapeError(
            "empty-output",
            f"{{callee}} has nothing to pad with: {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Expected {dimensions + 1}D or {dimensions + 2}D (batch mode) tensor with possibly 0 "
            "batch size and other "
            f"non-zero dimensions for input, but got: {show_shape(input.shape)}",
            label=show_shape(input.shape),
        )


def _require_source(input: Tensor, dim: int, before: Size, after: Size, mode: str) -> None:
    """The elements that are mirrored or repeated exist."""
    size = input.shape[dim]
    for amount in (before, after):
        if mode == "reflect":
            require(
                amount,
                "<",
                size,
                lambda: ShapeError(
                    "empty-output",
                    f"{{callee}} mirrors {show(before)} and {show(after)} elements, but dimension {dim} of "
                    f"{{input}} has "
                    f"{show(size)}",
                    blame="input",
                    torch="Padding size should be less than the corresponding input dimension, but got: "
                    "padding "
                    f"({show(before)}, {show(after)}) at dimension {dim} of input {show_shape(input.shape)}",
                    label=show_shape(input.shape),
                ),
            )
        elif mode == "circular":
            require(
                amount,
                "<=",
                size,
                lambda: ShapeError(
                    "empty-output",
                    f"{{callee}} wraps {show(before)} and {show(after)} elements, but dimension {dim} of "
                    f"{{input}} has "
                    f"{show(size)}",
                    blame="input",
                    torch="Padding value causes wrapping around more than once.",
                    label=show_shape(input.shape),
                ),
            )


class _Pad(Module):
    """A layer that pads the last `dimensions` dimensions."""

    dimensions = 0
    mode = "constant"

    def __init__(self, padding: Size | Shape) -> None:
        super().__init__()
        self.padding = repeated(padding, 2 * self.dimensions)

    def forward(self, input: Tensor) -> Tensor:
        if self.mode == "circular" and input.ndim not in (self.dimensions + 1, self.dimensions + 2):
            ranks = f"{self.dimensions + 1}D or {self.dimensions + 2}D"
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes {ranks} tensors, but {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch=f"expected {ranks} input (got {input.ndim}D input)",
                label=show_shape(input.shape),
            )
        return pad(input, self.padding, self.mode)

    def extra_repr(self) -> str:
        return show_value(self.padding)


class _ConstantPad(_Pad):
    def __init__(self, padding: Size | Shape, value: object) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={show_value(self.padding)}, value={show_value(self.value)}"


class _ZeroPad(_ConstantPad):
    def __init__(self, padding: Size | Shape) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return show_value(self.padding)


@layer("torch.nn.ConstantPad1d", ranks=(3, 2))
class ConstantPad1d(_ConstantPad):
    """Pads the last dimension with a value."""

    dimensions = 1


@layer("torch.nn.ConstantPad2d", ranks=(4, 3))
class ConstantPad2d(_ConstantPad):
    """Pads the last two dimensions with a value."""

    dimensions = 2


@layer("torch.nn.ConstantPad3d", ranks=(5, 4))
class ConstantPad3d(_ConstantPad):
    """Pads the last three dimensions with a value."""

    dimensions = 3


@layer("torch.nn.ZeroPad1d", ranks=(3, 2))
class ZeroPad1d(_ZeroPad):
    """Pads the last dimension with zeros."""

    dimensions = 1


@layer("torch.nn.ZeroPad2d", ranks=(4, 3))
class ZeroPad2d(_ZeroPad):
    """Pads the last two dimensions with zeros."""

    dimensions = 2


@layer("torch.nn.ZeroPad3d", ranks=(5, 4))
class ZeroPad3d(_ZeroPad):
    """Pads the last three dimensions with zeros."""

    dimensions = 3


@layer("torch.nn.ReflectionPad1d", ranks=(3, 2))
class ReflectionPad1d(_Pad):
    """Pads the last dimension with its mirror image."""

    dimensions, mode = 1, "reflect"


@layer("torch.nn.ReflectionPad2d", ranks=(4, 3))
class ReflectionPad2d(_Pad):
    """Pads the last two dimensions with their mirror images."""

    dimensions, mode = 2, "reflect"


@layer("torch.nn.ReflectionPad3d", ranks=(5, 4))
class ReflectionPad3d(_Pad):
    """Pads the last three dimensions with their mirror images."""

    dimensions, mode = 3, "reflect"


@layer("torch.nn.ReplicationPad1d", ranks=(3, 2))
class ReplicationPad1d(_Pad):
    """Pads the last dimension with its border."""

    dimensions, mode = 1, "replicate"


@layer("torch.nn.ReplicationPad2d", ranks=(4, 3))
class ReplicationPad2d(_Pad):
    """Pads the last two dimensions with their borders."""

    dimensions, mode = 2, "replicate"


@layer("torch.nn.ReplicationPad3d", ranks=(5, 4))
class ReplicationPad3d(_Pad):
    """Pads the last three dimensions with their borders."""

    dimensions, mode = 3, "replicate"


@layer("torch.nn.CircularPad1d", ranks=(3, 2))
class CircularPad1d(_Pad):
    """Pads the last dimension with its other end."""

    dimensions, mode = 1, "circular"


@layer("torch.nn.CircularPad2d", ranks=(4, 3))
class CircularPad2d(_Pad):
    """Pads the last two dimensions with their other ends."""

    dimensions, mode = 2, "circular"


@layer("torch.nn.CircularPad3d", ranks=(5, 4))
class CircularPad3d(_Pad):
    """Pads the last three dimensions with their other ends."""

    dimensions, mode = 3, "circular"
