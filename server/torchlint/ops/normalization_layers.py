"""`BatchNorm1d` to `InstanceNorm3d`, `SyncBatchNorm` and the lazy forms: layers with running statistics."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.lazy import become, materialize, uninitialized_parameter
from torchlint.ops.normalization import batch_norm, instance_norm
from torchlint.ops.registry import layer, op
from torchlint.ops.representation import joined
from torchlint.ops.spatial import result_of
from torchlint.values.dtype import DType, int64
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module, named_modules
from torchlint.values.tensor import Tensor, parameter


class _Norm(Module):
    """Per-channel parameters and running statistics; `input_ranks` are the ranks that the layer takes."""

    input_ranks: tuple[int, ...] = ()

    def _configure(
        self,
        num_features: Size,
        eps: object,
        momentum: object,
        affine: bool,
        track_running_stats: bool,
        dtype: DType | None,
        bias: bool,
        lazy: bool = False,
    ) -> None:
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats

        def per_channel() -> Tensor:
            return uninitialized_parameter(dtype) if lazy else parameter(num_features, dtype=dtype)

        self.weight = per_channel() if affine else None
        self.bias = per_channel() if affine and bias else None
        self._parameters.setdefault("weight", None)
        self._parameters.setdefault("bias", None)
        for name in ("running_mean", "running_var"):
            statistic = per_channel() if track_running_stats else None
            self.register_buffer(name, None if statistic is None else Tensor(statistic.shape, statistic.dtype))
        self.register_buffer("num_batches_tracked", Tensor((), int64) if track_running_stats else None)

    def _require_rank(self, input: Tensor) -> None:
        if input.ndim not in self.input_ranks:
            forms = {2: "[N, C]", 3: "[N, C, L]", 4: "[N, C, H, W]", 5: "[N, C, D, H, W]"}
            wanted = " or ".join(forms[rank] for rank in self.input_ranks)
            spoken = " or ".join(f"{rank}D" for rank in self.input_ranks)
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes {self.input_form or wanted}, but {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch=f"expected {spoken} input (got {input.ndim}D input)",
                label=show_shape(input.shape),
            )

    input_form = ""
    """The inputs in words, where the usual words do not fit."""

    def _materialize(self, channels: Size) -> None:
        """What a lazy layer does at its first forward."""
        self.num_features = channels
        for tensor in (self.weight, self.bias, self.running_mean, self.running_var):
            if tensor is not None:
                materialize(tensor, channels)

    def extra_repr(self) -> str:
        settings = {
            "eps": self.eps,
            "momentum": self.momentum,
            "affine": self.affine,
            "bias": self.bias is not None,
            "track_running_stats": self.track_running_stats,
        }
        return f"{show(self.num_features)}, {joined(settings)}"


class _BatchNorm(_Norm):
    def __init__(
        self,
        num_features: Size,
        eps: object = 1e-5,
        momentum: object = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: object = None,
        dtype: DType | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self._configure(num_features, eps, momentum, affine, track_running_stats, dtype, bias)

    def forward(self, input: Tensor) -> Tensor:
        self._require_rank(input)
        training: object = True if self.running_mean is None and self.running_var is None else self.training
        return batch_norm(input, self.running_mean, self.running_var, self.weight, self.bias, training, eps=self.eps)


@layer("torch.nn.BatchNorm1d", ranks=(3, 2))
class BatchNorm1d(_BatchNorm):
    """`[N, C]` or `[N, C, L]`."""

    input_ranks = (2, 3)


@layer("torch.nn.BatchNorm2d", ranks=(4,))
class BatchNorm2d(_BatchNorm):
    """`[N, C, H, W]`."""

    input_ranks = (4,)


@layer("torch.nn.BatchNorm3d", ranks=(5,))
class BatchNorm3d(_BatchNorm):
    """`[N, C, D, H, W]`."""

    input_ranks = (5,)


@layer("torch.nn.SyncBatchNorm", ranks=(4, 3, 2, 5))
class SyncBatchNorm(_Norm):
    """`[N, C, ...]`, with statistics over all processes."""

    def __init__(
        self,
        num_features: Size,
        eps: object = 1e-5,
        momentum: object = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        process_group: object = None,
        device: object = None,
        dtype: DType | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self._configure(num_features, eps, momentum, affine, track_running_stats, dtype, bias)
        self.process_group = process_group

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim < 2:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes [N, C, ...], but {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch=f"expected at least 2D input (got {input.ndim}D input)",
                label=show_shape(input.shape),
            )
        training: object = True if self.running_mean is None and self.running_var is None else self.training
        return batch_norm(input, self.running_mean, self.running_var, self.weight, self.bias, training, eps=self.eps)


@op("torch.nn.SyncBatchNorm.convert_sync_batchnorm")
def convert_sync_batchnorm(module: Module, process_group: object = None) -> Module:
    """The module with every batch norm in it synchronized; parameters stay."""
    for _, part in list(named_modules(module)):
        if isinstance(part, _BatchNorm):
            become(part, SyncBatchNorm)
            vars(part)["process_group"] = process_group
    return module


class _InstanceNorm(_Norm):
    def __init__(
        self,
        num_features: Size,
        eps: object = 1e-5,
        momentum: object = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: object = None,
        dtype: DType | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self._configure(num_features, eps, momentum, affine, track_running_stats, dtype, bias)

    def forward(self, input: Tensor) -> Tensor:
        self._require_rank(input)
        unbatched = input.ndim == self.input_ranks[0]
        dim = 0 if unbatched else 1
        if self.affine:
            self._require_features(input, dim)
        uses_input: object = self.training if self.track_running_stats else True
        batched = result_of(input, (1, *input.shape)) if unbatched else input
        result = instance_norm(batched, self.running_mean, self.running_var, self.weight, self.bias, uses_input)
        return result_of(input, result.shape[1:], self.weight) if unbatched else result

    def _require_features(self, input: Tensor, dim: int) -> None:
        channels, wanted = input.shape[dim], self.num_features
        require_same(
            channels,
            wanted,
            lambda: ShapeError(
                "norm-size",
                f"{{callee}} normalizes {show(wanted)} channels, but {{input}} has {show(channels)}",
                blame="input",
                torch=f"expected input's size at dim={dim} to match num_features ({show(wanted)}), but got: {show(channels)}.",
                repair={"num_features": channels},
                result=result_of(input, input.shape),
                label=show_shape(input.shape),
            ),
        )


@layer("torch.nn.InstanceNorm1d", ranks=(3, 2))
class InstanceNorm1d(_InstanceNorm):
    """`[N, C, L]` or `[C, L]`."""

    input_ranks = (2, 3)
    input_form = "[N, C, L] or [C, L]"


@layer("torch.nn.InstanceNorm2d", ranks=(4, 3))
class InstanceNorm2d(_InstanceNorm):
    """`[N, C, H, W]` or `[C, H, W]`."""

    input_ranks = (3, 4)
    input_form = "[N, C, H, W] or [C, H, W]"


@layer("torch.nn.InstanceNorm3d", ranks=(5, 4))
class InstanceNorm3d(_InstanceNorm):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    input_ranks = (4, 5)
    input_form = "[N, C, D, H, W] or [C, D, H, W]"


class _LazyBatchNorm(_BatchNorm):
    becomes: type[_BatchNorm]

    def __init__(
        self,
        eps: object = 1e-5,
        momentum: object = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: object = None,
        dtype: DType | None = None,
        *,
        bias: bool = True,
    ) -> None:
        Module.__init__(self)
        self._configure(0, eps, momentum, affine, track_running_stats, dtype, bias, lazy=True)

    def forward(self, input: Tensor) -> Tensor:
        self._require_rank(input)
        self._materialize(input.shape[1])
        become(self, self.becomes)
        return self.becomes.forward(self, input)


class _LazyInstanceNorm(_InstanceNorm):
    becomes: type[_InstanceNorm]

    def __init__(
        self,
        eps: object = 1e-5,
        momentum: object = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: object = None,
        dtype: DType | None = None,
        *,
        bias: bool = True,
    ) -> None:
        Module.__init__(self)
        self._configure(0, eps, momentum, affine, track_running_stats, dtype, bias, lazy=True)

    def forward(self, input: Tensor) -> Tensor:
        self._require_rank(input)
        self._materialize(input.shape[1])  # torch reads dimension 1 of unbatched inputs too
        become(self, self.becomes)
        return self.becomes.forward(self, input)


@layer("torch.nn.LazyBatchNorm1d", ranks=(3, 2))
class LazyBatchNorm1d(_LazyBatchNorm):
    """A `BatchNorm1d` that reads `num_features` off its first input."""

    input_ranks, becomes = BatchNorm1d.input_ranks, BatchNorm1d


@layer("torch.nn.LazyBatchNorm2d", ranks=(4,))
class LazyBatchNorm2d(_LazyBatchNorm):
    """A `BatchNorm2d` that reads `num_features` off its first input."""

    input_ranks, becomes = BatchNorm2d.input_ranks, BatchNorm2d


@layer("torch.nn.LazyBatchNorm3d", ranks=(5,))
class LazyBatchNorm3d(_LazyBatchNorm):
    """A `BatchNorm3d` that reads `num_features` off its first input."""

    input_ranks, becomes = BatchNorm3d.input_ranks, BatchNorm3d


@layer("torch.nn.LazyInstanceNorm1d", ranks=(3, 2))
class LazyInstanceNorm1d(_LazyInstanceNorm):
    """An `InstanceNorm1d` that reads `num_features` off its first input."""

    input_ranks, becomes = InstanceNorm1d.input_ranks, InstanceNorm1d


@layer("torch.nn.LazyInstanceNorm2d", ranks=(4, 3))
class LazyInstanceNorm2d(_LazyInstanceNorm):
    """An `InstanceNorm2d` that reads `num_features` off its first input."""

    input_ranks, becomes = InstanceNorm2d.input_ranks, InstanceNorm2d


@layer("torch.nn.LazyInstanceNorm3d", ranks=(5, 4))
class LazyInstanceNorm3d(_LazyInstanceNorm):
    """An `InstanceNorm3d` that reads `num_features` off its first input."""

    input_ranks, becomes = InstanceNorm3d.input_ranks, InstanceNorm3d
