"""Fourier transforms: the `torch.fft` family. The memory layout of the results is not modelled."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import normalize_dim, require
from torchlint.ops.axes import rearranged
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import DType, bfloat16, complex_dtype, float32, real_dtype
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor


def _float(input: Tensor) -> DType:
    """The dtype that the transform is computed in."""
    if input.dtype is bfloat16:
        raise ShapeError(
            "dtype-mismatch",
            "{callee} does not take bfloat16",
            blame="input",
            torch="Unsupported dtype BFloat16",
            label=input.dtype.name,
        )
    return float32 if input.dtype.is_integral else input.dtype


def _complex(input: Tensor) -> DType:
    dtype = _float(input)
    return dtype if dtype.is_complex else complex_dtype(dtype)


def _require_real(input: Tensor) -> None:
    if input.dtype.is_complex:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes a real tensor, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"rfft expects a real input tensor, but got {input.dtype.name}",
            label=input.dtype.name,
        )


def _points(size: Size, asked: Size | None) -> Size:
    points = size if asked is None or asked == -1 else asked
    require(
        points,
        ">=",
        1,
        lambda: ShapeError(
            "empty-output",
            f"{{callee}} transforms at least 1 point, but is asked for {show(points)}",
            blame="input",
            torch=f"Invalid number of data points ({show(points)}) specified",
        ),
    )
    return points


def _half(points: Size) -> Size:
    return points // 2 + 1


def _require_dims(input: Tensor) -> None:
    if input.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            "{callee} needs a dimension to transform, but {input} has none",
            blame="input",
            torch="Dimension specified as -1 but tensor has no dimensions",
        )


def _transformed(input: Tensor, sizes: dict[int, Size], dtype: DType) -> Tensor:
    shape = tuple(sizes.get(d, n) for d, n in enumerate(input.shape))
    return result(shape, dtype, input, strides=None)


@op("torch.fft.fft", "torch.fft.ifft")
def fft(input: Tensor, n: Size | None = None, dim: Size = -1, norm: object = None, *, out: object = None) -> Tensor:
    """`n` complex numbers along `dim`."""
    _require_dims(input)
    axis = normalize_dim(dim, input.ndim)
    return _transformed(input, {axis: _points(input.shape[axis], n)}, _complex(input))


@op("torch.fft.rfft", "torch.fft.ihfft")
def rfft(input: Tensor, n: Size | None = None, dim: Size = -1, norm: object = None, *, out: object = None) -> Tensor:
    """`n // 2 + 1` complex numbers along `dim`, of real ones."""
    _require_real(input)
    _require_dims(input)
    axis = normalize_dim(dim, input.ndim)
    return _transformed(input, {axis: _half(_points(input.shape[axis], n))}, _complex(input))


@op("torch.fft.irfft", "torch.fft.hfft")
def irfft(input: Tensor, n: Size | None = None, dim: Size = -1, norm: object = None, *, out: object = None) -> Tensor:
    """`n` real numbers along `dim`: `2 * (size - 1)` of them unless told otherwise."""
    _require_dims(input)
    axis = normalize_dim(dim, input.ndim)
    points = _points((input.shape[axis] - 1) * 2, n)
    return _transformed(input, {axis: points}, real_dtype(_float(input)))


def _axes(input: Tensor, s: Size | Shape | None, dim: Size | Shape | None) -> list[tuple[int, Size | None]]:
    """The dimensions to transform, with the number of points that is asked for."""
    sizes = (s,) if s is not None and not isinstance(s, tuple) else s
    dims = (dim,) if dim is not None and not isinstance(dim, tuple) else dim
    if dims is None:
        count = input.ndim if sizes is None else len(sizes)
        if count > input.ndim:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} transforms {count} dimensions, but {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch=f"Got shape with {count} values but input tensor only has {input.ndim} dimensions.",
                label=show_shape(input.shape),
            )
        dims = tuple(range(input.ndim - count, input.ndim))
    elif dims:
        _require_dims(input)
    axes = [normalize_dim(d, input.ndim) for d in dims]
    if len(set(axes)) != len(axes):
        raise ShapeError(
            "dim-out-of-range",
            f"{{callee}} is given one dimension twice: {show_shape(dims)}",
            blame="dim",
            torch="FFT dims must be unique",
        )
    if sizes is not None and len(sizes) != len(axes):
        raise ShapeError(
            "bad-call",
            f"{{callee}} is given {len(sizes)} sizes for {len(axes)} dimensions",
            blame="s",
            torch="When given, dim and shape arguments must have the same length",
        )
    return list(zip(axes, sizes if sizes is not None else (None,) * len(axes)))


def _require_one(axes: list[tuple[int, Size | None]]) -> None:
    if not axes:
        raise ShapeError(
            "wrong-rank",
            "{callee} must transform at least one dimension",
            blame="input",
            torch="must transform at least one axis",
        )


def _complex_to_complex(input: Tensor, s: Size | Shape | None, dim: Size | Shape | None) -> Tensor:
    axes = _axes(input, s, dim)
    return _transformed(input, {a: _points(input.shape[a], n) for a, n in axes}, _complex(input))


def _real_to_complex(input: Tensor, s: Size | Shape | None, dim: Size | Shape | None) -> Tensor:
    _require_real(input)
    axes = _axes(input, s, dim)
    _require_one(axes)
    sizes = {a: _points(input.shape[a], n) for a, n in axes}
    last = axes[-1][0]
    return _transformed(input, {**sizes, last: _half(sizes[last])}, _complex(input))


def _complex_to_real(input: Tensor, s: Size | Shape | None, dim: Size | Shape | None) -> Tensor:
    axes = _axes(input, s, dim)
    _require_one(axes)
    sizes = {a: _points(input.shape[a], n) for a, n in axes[:-1]}
    last, asked = axes[-1]
    points = _points((input.shape[last] - 1) * 2, asked)
    return _transformed(input, {**sizes, last: points}, real_dtype(_float(input)))


@op("torch.fft.fftn", "torch.fft.ifftn")
def fftn(
    input: Tensor,
    s: Size | Shape | None = None,
    dim: Size | Shape | None = None,
    norm: object = None,
    *,
    out: object = None,
) -> Tensor:
    """Complex numbers along each of `dim`."""
    return _complex_to_complex(input, s, dim)


@op("torch.fft.rfftn", "torch.fft.ihfftn")
def rfftn(
    input: Tensor,
    s: Size | Shape | None = None,
    dim: Size | Shape | None = None,
    norm: object = None,
    *,
    out: object = None,
) -> Tensor:
    """Complex numbers along each of `dim`, the last one halved."""
    return _real_to_complex(input, s, dim)


@op("torch.fft.irfftn", "torch.fft.hfftn")
def irfftn(
    input: Tensor,
    s: Size | Shape | None = None,
    dim: Size | Shape | None = None,
    norm: object = None,
    *,
    out: object = None,
) -> Tensor:
    """Real numbers along each of `dim`, the last one doubled."""
    return _complex_to_real(input, s, dim)


@op("torch.fft.fft2", "torch.fft.ifft2")
def fft2(
    input: Tensor,
    s: Size | Shape | None = None,
    dim: Size | Shape = (-2, -1),
    norm: object = None,
    *,
    out: object = None,
) -> Tensor:
    """Complex numbers along two dimensions."""
    return _complex_to_complex(input, s, dim)


@op("torch.fft.rfft2", "torch.fft.ihfft2")
def rfft2(
    input: Tensor,
    s: Size | Shape | None = None,
    dim: Size | Shape = (-2, -1),
    norm: object = None,
    *,
    out: object = None,
) -> Tensor:
    """Complex numbers along two dimensions, the last one halved."""
    return _real_to_complex(input, s, dim)


@op("torch.fft.irfft2", "torch.fft.hfft2")
def irfft2(
    input: Tensor,
    s: Size | Shape | None = None,
    dim: Size | Shape = (-2, -1),
    norm: object = None,
    *,
    out: object = None,
) -> Tensor:
    """Real numbers along two dimensions, the last one doubled."""
    return _complex_to_real(input, s, dim)


@op("torch.fft.fftshift", "torch.fft.ifftshift")
def fftshift(input: Tensor, dim: Size | Shape | None = None) -> Tensor:
    """The zero frequency moved to the middle."""
    for each in () if dim is None else dim if isinstance(dim, tuple) else (dim,):
        normalize_dim(each, input.ndim)
    return rearranged(input)


@op("torch.fft.fftfreq")
def fftfreq(
    n: Size,
    d: object = 1.0,
    *,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    """The frequencies of `n` points."""
    return Tensor((n,), dtype or float32)


@op("torch.fft.rfftfreq")
def rfftfreq(
    n: Size,
    d: object = 1.0,
    *,
    out: object = None,
    dtype: DType | None = None,
    layout: object = None,
    device: object = None,
    requires_grad: object = False,
) -> Tensor:
    """The frequencies of the half that `rfft` gives."""
    return Tensor((n // 2 + 1,), dtype or float32)
