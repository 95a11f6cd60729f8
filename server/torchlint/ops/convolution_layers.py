"""`Conv1d` to `ConvTranspose3d`."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require, require_chosen
from torchlint.ops.convolution import convolve, convolve_transposed, same_with_stride
from torchlint.ops.lazy import materialize, uninitialized_parameter
from torchlint.ops.padding import pad
from torchlint.ops.registry import layer
from torchlint.ops.representation import show_value
from torchlint.ops.spatial import is_known_below, repeated, require_image
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor, parameter

_PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


class _ConvNd(Module):
    """Settings and parameters of a convolution; `dimensions` is the number of spatial ones."""

    dimensions = 0
    transposed = False

    def _configure(
        self,
        in_channels: Size,
        out_channels: Size,
        kernel_size: Size | Shape,
        stride: Size | Shape,
        padding: Size | Shape | str,
        dilation: Size | Shape,
        output_padding: Size | Shape,
        groups: Size,
        bias: bool,
        padding_mode: str,
        dtype: DType | None,
        lazy: bool,
    ) -> None:
        """Check and store the settings, make the parameters."""
        n = self.dimensions
        _require_divisible(groups, in_channels=in_channels, out_channels=out_channels)
        if padding_mode not in _PADDING_MODES:
            raise ShapeError(
                "bad-call",
                f"`padding_mode` of {{callee}} is one of {', '.join(_PADDING_MODES)}, not '{padding_mode}'",
                blame="padding_mode",
                torch=f"padding_mode must be one of {set(_PADDING_MODES)}, but got padding_mode='{padding_mode}'",
            )
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = repeated(kernel_size, n)
        self.stride = repeated(stride, n)
        self.padding = padding if isinstance(padding, str) else repeated(padding, n)
        self.dilation = repeated(dilation, n)
        self.output_padding = repeated(output_padding, n)
        self.groups = groups
        self.padding_mode = padding_mode
        self._require_padding_string()
        if lazy:
            self.weight = uninitialized_parameter(dtype)
            self.bias = uninitialized_parameter(dtype) if bias else None
        else:
            self.weight = parameter(*self._weight_shape(), dtype=dtype)
            self.bias = parameter(out_channels, dtype=dtype) if bias else None

    def _require_padding_string(self) -> None:
        if not isinstance(self.padding, str):
            return
        if self.padding not in ("same", "valid"):
            raise ShapeError(
                "bad-call",
                f"`padding` of {{callee}} is 'same', 'valid' or numbers, not '{self.padding}'",
                blame="padding",
                torch=f"Invalid padding string '{self.padding}', should be one of {{'valid', 'same'}}",
            )
        if self.padding == "same" and any(isinstance(s, int) and s != 1 for s in self.stride):
            raise same_with_stride()

    def _weight_shape(self) -> Shape:
        first, second = (self.in_channels, self.out_channels) if self.transposed else (self.out_channels, self.in_channels)
        shape = (first, second // self.groups, *self.kernel_size)
        if any(is_known_below(size, 0) for size in shape):
            require_chosen()
            raise ShapeError(
                "bad-call",
                f"the weight of {{callee}} would be {show_shape(shape)}",
                torch=f"Trying to create tensor with negative dimension: {show_shape(shape)}",
            )
        return shape

    def _materialize(self, input: Tensor) -> None:
        """What a lazy convolution does at its first forward."""
        n = self.dimensions
        wording = (
            f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {self.type_name}, but got input "
            "of size: "
            f"{show_shape(input.shape)}"
        )
        require_image(input, n, wording)
        self.in_channels = input.shape[-n - 1]
        _require_divisible(self.groups, in_channels=self.in_channels)
        materialize(self.weight, *self._weight_shape())
        if self.bias is not None:
            materialize(self.bias, self.out_channels)

    def forward(self, input: Tensor) -> Tensor:
        padding: Shape | str = self.padding
        if self.padding_mode != "zeros":
            input = pad(input, self._padding_for_pad(), mode=self.padding_mode)
            padding = (0,) * self.dimensions
        return convolve(
            self.dimensions,
            input,
            self.weight,
            self.bias,
            self.stride,
            padding,
            self.dilation,
            self.groups,
            self.in_channels,
        )

    def _padding_for_pad(self) -> Shape:
        """The padding as `pad` takes it: last dimension first, before and after."""
        if self.padding == "valid":
            return (0,) * (2 * self.dimensions)
        if self.padding == "same":
            totals = [d * (k - 1) for d, k in zip(self.dilation, self.kernel_size)]
            return tuple(p for total in reversed(totals) for p in (total // 2, total - total // 2))
        return tuple(p for p in reversed(self.padding) for _ in range(2) if not isinstance(p, str))

    def extra_repr(self) -> str:
        parts = [show(self.in_channels), show(self.out_channels)]
        parts += [f"kernel_size={show_value(self.kernel_size)}", f"stride={show_value(self.stride)}"]
        if self.padding != (0,) * len(self.padding):
            parts.append(f"padding={self.padding if isinstance(self.padding, str) else show_value(self.padding)}")
        if self.dilation != (1,) * len(self.dilation):
            parts.append(f"dilation={show_value(self.dilation)}")
        if self.output_padding != (0,) * len(self.output_padding):
            parts.append(f"output_padding={show_value(self.output_padding)}")
        if self.groups != 1:
            parts.append(f"groups={show(self.groups)}")
        if self.bias is None:
            parts.append("bias=False")
        if self.padding_mode != "zeros":
            parts.append(f"padding_mode={self.padding_mode}")
        return ", ".join(parts)


def _require_divisible(groups: Size, **channels: Size) -> None:
    if is_known_below(groups, 1):
        raise ShapeError(
            "conv-in-channels",
            f"`groups` of {{callee}} must be positive, but is {show(groups)}",
            blame="groups",
            torch="groups must be a positive integer",
        )
    for name, count in channels.items():
        require(groups, "divides", count, lambda name=name, count=count: _indivisible(groups, name, count))  # type: ignore[misc]


def _indivisible(groups: Size, name: str, count: Size) -> ShapeError:
    return ShapeError(
        "conv-in-channels",
        f"`groups` {show(groups)} of {{callee}} does not divide `{name}` {show(count)}",
        blame="groups",
        torch=f"{name} must be divisible by groups",
    )


class AnyConv(_ConvNd):
    """A convolution over any number of dimensions."""

    def __init__(
        self,
        in_channels: Size,
        out_channels: Size,
        kernel_size: Size | Shape,
        stride: Size | Shape = 1,
        padding: Size | Shape | str = 0,
        dilation: Size | Shape = 1,
        groups: Size = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self._configure(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            0,
            groups,
            bias,
            padding_mode,
            dtype,
            False,
        )


class AnyConvTranspose(_ConvNd):
    """A transposed convolution over any number of dimensions."""

    transposed = True

    def __init__(
        self,
        in_channels: Size,
        out_channels: Size,
        kernel_size: Size | Shape,
        stride: Size | Shape = 1,
        padding: Size | Shape = 0,
        output_padding: Size | Shape = 0,
        groups: Size = 1,
        bias: bool = True,
        dilation: Size | Shape = 1,
        padding_mode: str = "zeros",
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        require_zeros(padding_mode)
        self._configure(
            in_channels,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            output_padding,
            groups,
            bias,
            padding_mode,
            dtype,
            False,
        )

    def forward(self, input: Tensor, output_size: Shape | None = None) -> Tensor:
        extra = self.output_padding if output_size is None else self._output_padding(input, output_size)
        return convolve_transposed(
            self.dimensions,
            input,
            self.weight,
            self.bias,
            self.stride,
            self.padding,  # type: ignore[arg-type]  # never a string in a transposed convolution
            extra,
            self.groups,
            self.dilation,
        )

    def _output_padding(self, input: Tensor, output_size: Shape) -> Shape:
        """What must be added to the smallest possible image to get the one that is asked for."""
        n = self.dimensions
        wanted = output_size[-n:] if len(output_size) == input.ndim else output_size
        if len(wanted) != n:
            raise ShapeError(
                "bad-call",
                f"`output_size` of {{callee}} has {n} or {input.ndim} elements, but this one is {show_shape(output_size)}",
                blame="output_size",
                torch=f"output_size must have {n} or {input.ndim} elements (got {len(output_size)})",
            )
        extra: list[Size] = []
        settings = zip(input.shape[-n:], self.stride, self.padding, self.dilation, self.kernel_size, wanted)
        for size, stride, padding, dilation, kernel, want in settings:
            assert not isinstance(padding, str)
            least = (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1
            most = least + stride - 1
            error = ShapeError(
                "empty-output",
                f"{{callee}} gives {show(least)} to {show(most)} from {show(size)}, but `output_size` asks for {show(want)}",
                blame="output_size",
                torch=f"requested an output size of {show_shape(output_size)}, but valid sizes range from "
                f"{show(least)} to {show(most)}",
            )
            require(least, "<=", want, lambda error=error: error)  # type: ignore[misc]
            require(want, "<=", most, lambda error=error: error)  # type: ignore[misc]
            extra.append(want - least)
        return tuple(extra)


def require_zeros(padding_mode: str) -> None:
    """Refuse another padding than zeros, as transposed convolutions do."""
    if padding_mode != "zeros":
        raise ShapeError(
            "bad-call",
            "a transposed convolution pads with zeros only: `padding_mode` must be 'zeros'",
            blame="padding_mode",
            torch='Only "zeros" padding mode is supported',
        )


@layer("torch.nn.Conv1d", ranks=(3, 2))
class Conv1d(AnyConv):
    """`[N, C, L]` or `[C, L]`."""

    dimensions = 1


@layer("torch.nn.Conv2d", ranks=(4, 3))
class Conv2d(AnyConv):
    """`[N, C, H, W]` or `[C, H, W]`."""

    dimensions = 2


@layer("torch.nn.Conv3d", ranks=(5, 4))
class Conv3d(AnyConv):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    dimensions = 3


@layer("torch.nn.ConvTranspose1d", ranks=(3, 2))
class ConvTranspose1d(AnyConvTranspose):
    """`[N, C, L]` or `[C, L]`."""

    dimensions = 1


@layer("torch.nn.ConvTranspose2d", ranks=(4, 3))
class ConvTranspose2d(AnyConvTranspose):
    """`[N, C, H, W]` or `[C, H, W]`."""

    dimensions = 2


@layer("torch.nn.ConvTranspose3d", ranks=(5, 4))
class ConvTranspose3d(AnyConvTranspose):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    dimensions = 3
