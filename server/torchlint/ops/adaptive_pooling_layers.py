"""`AdaptiveAvgPool1d` to `MaxUnpool3d`: pools that are told the size of their output, as layers."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Size
from torchlint.ops.adaptive_pooling import adaptive_pool, fractional_pool, unpool
from torchlint.ops.pooling import with_indices
from torchlint.ops.registry import layer
from torchlint.ops.representation import joined
from torchlint.ops.spatial import repeated
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor


class _AdaptiveAvgPool(Module):
    dimensions = 0

    def __init__(self, output_size: object) -> None:
        super().__init__()
        self.output_size = tuple(output_size) if isinstance(output_size, list) else output_size

    def forward(self, input: Tensor) -> Tensor:
        return adaptive_pool(self.dimensions, input, self.output_size, average=True)

    def extra_repr(self) -> str:
        return joined({"output_size": self.output_size})


@layer("torch.nn.AdaptiveAvgPool1d", ranks=(3, 2))
class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """`[N, C, L]` or `[C, L]`."""

    dimensions = 1


@layer("torch.nn.AdaptiveAvgPool2d", ranks=(4, 3))
class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """`[N, C, H, W]` or `[C, H, W]`."""

    dimensions = 2


@layer("torch.nn.AdaptiveAvgPool3d", ranks=(5, 4))
class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    dimensions = 3


class _AdaptiveMaxPool(Module):
    dimensions = 0

    def __init__(self, output_size: object, return_indices: bool = False) -> None:
        super().__init__()
        self.output_size = tuple(output_size) if isinstance(output_size, list) else output_size
        self.return_indices = return_indices

    def forward(self, input: Tensor) -> Any:
        pooled = adaptive_pool(self.dimensions, input, self.output_size, average=False)
        return with_indices(pooled) if self.return_indices else pooled

    def extra_repr(self) -> str:
        return joined({"output_size": self.output_size})


@layer("torch.nn.AdaptiveMaxPool1d", ranks=(3, 2))
class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """`[N, C, L]` or `[C, L]`."""

    dimensions = 1


@layer("torch.nn.AdaptiveMaxPool2d", ranks=(4, 3))
class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """`[N, C, H, W]` or `[C, H, W]`."""

    dimensions = 2


@layer("torch.nn.AdaptiveMaxPool3d", ranks=(5, 4))
class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    dimensions = 3


class _FractionalMaxPool(Module):
    dimensions = 0

    def __init__(
        self,
        kernel_size: Size | Shape,
        output_size: object = None,
        output_ratio: object = None,
        return_indices: bool = False,
        _random_samples: Tensor | None = None,
    ) -> None:
        super().__init__()
        if (output_size is None) == (output_ratio is None):
            raise ShapeError(
                "bad-call",
                "{callee} needs either `output_size` or `output_ratio`",
                torch="FractionalMaxPool requires specifying either an output size, or a pooling ratio",
            )
        self.kernel_size = repeated(kernel_size, self.dimensions)
        self.output_size = output_size
        self.output_ratio = output_ratio
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        self._require_fractions()

    def _require_fractions(self) -> None:
        ratio = self.output_ratio
        for part in ratio if isinstance(ratio, (list, tuple)) else (ratio,):
            if isinstance(part, (int, float)) and not 0 < part < 1:
                raise ShapeError(
                    "bad-call",
                    f"`output_ratio` {part} of {{callee}} must be between 0 and 1",
                    blame="output_ratio",
                    torch=f"output_ratio must be between 0 and 1 (got {part})",
                )

    def forward(self, input: Tensor) -> Any:
        samples = self._random_samples
        if samples is not None and samples.dtype is not input.dtype:
            raise ShapeError(
                "dtype-mismatch",
                f"the random samples of {{callee}} are {samples.dtype.name}, but {{input}} is {input.dtype.name}",
                blame="input",
                torch="Expect _random_samples to have the same dtype as input",
                label=input.dtype.name,
            )
        pooled = fractional_pool(self.dimensions, input, self.kernel_size, self.output_size, self.output_ratio)
        return pooled if self.return_indices else pooled[0]


@layer("torch.nn.FractionalMaxPool2d", ranks=(4, 3))
class FractionalMaxPool2d(_FractionalMaxPool):
    """`[N, C, H, W]` or `[C, H, W]`."""

    dimensions = 2


@layer("torch.nn.FractionalMaxPool3d", ranks=(5, 4))
class FractionalMaxPool3d(_FractionalMaxPool):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    dimensions = 3


class _MaxUnpool(Module):
    dimensions = 0

    def __init__(self, kernel_size: Size | Shape, stride: Size | Shape | None = None, padding: Size | Shape = 0) -> None:
        super().__init__()
        self.kernel_size = repeated(kernel_size, self.dimensions)
        self.stride = repeated(kernel_size if stride is None else stride, self.dimensions)
        self.padding = repeated(padding, self.dimensions)

    def forward(self, input: Tensor, indices: Tensor, output_size: Shape | None = None) -> Tensor:
        return unpool(self.dimensions, input, indices, self.kernel_size, self.stride, self.padding, output_size)

    def extra_repr(self) -> str:
        return joined({name: getattr(self, name) for name in ("kernel_size", "stride", "padding")})


@layer("torch.nn.MaxUnpool1d", ranks=(3, 2))
class MaxUnpool1d(_MaxUnpool):
    """`[N, C, L]` or `[C, L]`."""

    dimensions = 1


@layer("torch.nn.MaxUnpool2d", ranks=(4, 3))
class MaxUnpool2d(_MaxUnpool):
    """`[N, C, H, W]` or `[C, H, W]`."""

    dimensions = 2


@layer("torch.nn.MaxUnpool3d", ranks=(5, 4))
class MaxUnpool3d(_MaxUnpool):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    dimensions = 3
