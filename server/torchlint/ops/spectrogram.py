"""Short-time Fourier transforms: `stft` and `istft`."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.dims.truth import Truth
from torchlint.ops.agree import require, require_same, same
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import complex_dtype, real_dtype
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Tensor


def _require_window(window: Tensor | None, win_length: Size, n_fft: Size) -> None:
    require(
        win_length,
        "<=",
        n_fft,
        lambda: ShapeError(
            "bad-call",
            f"`win_length` {show(win_length)} is more than `n_fft` {show(n_fft)}",
            blame="win_length",
            torch=f"expected 0 < win_length <= n_fft, but got win_length={show(win_length)}",
        ),
    )
    if window is None:
        return

    def unfit() -> ShapeError:
        return ShapeError(
            "broadcast-mismatch",
            f"{{window}} must be [{show(win_length)}], but is {show_shape(window.shape)}",
            blame="window",
            torch="expected a 1D window tensor of size equal to win_length="
            f"{show(win_length)}, but got window with size {show_shape(window.shape)}",
            label=show_shape(window.shape),
        )

    if window.ndim != 1:
        raise unfit()
    require_same(window.shape[0], win_length, unfit)


@op("torch.stft", "torch.Tensor.stft", ranks=(2, 1))
def stft(
    input: Tensor,
    n_fft: Size,
    hop_length: Size | None = None,
    win_length: Size | None = None,
    window: Tensor | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: object = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: object = None,
) -> Tensor:
    """`[.., L]` to `[.., n_fft // 2 + 1, frames]` complex numbers."""
    if input.ndim not in (1, 2):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [L] or [N, L], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"expected a 1D or 2D tensor, but got {input.ndim}-D",
            label=show_shape(input.shape),
        )
    if input.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floats, but {{input}} is {input.dtype.name}",
            blame="input",
            torch="expected a tensor of floating point or complex values",
            label=input.dtype.name,
        )
    is_complex = input.dtype.is_complex or (window is not None and window.dtype.is_complex)
    if return_complex is None and not is_complex:
        raise ShapeError(
            "bad-call",
            "{callee} of a real tensor needs `return_complex`",
            torch="stft requires the return_complex parameter be given for real inputs",
        )
    hop = n_fft // 4 if hop_length is None else hop_length
    length = _padded_length(input, n_fft, center, pad_mode)
    _require_signal(input, length, n_fft, hop)
    _require_window(window, n_fft if win_length is None else win_length, n_fft)
    half = not is_complex if onesided is None else onesided
    if half and is_complex:
        raise ShapeError(
            "bad-call",
            "{callee} of a complex tensor cannot be one-sided",
            blame="onesided",
            torch="Cannot have onesided output if window or input is complex",
        )
    shape = (*input.shape[:-1], n_fft // 2 + 1 if half else n_fft, (length - n_fft) // hop + 1)
    dtype = input.dtype if input.dtype.is_complex else complex_dtype(input.dtype)
    if return_complex is False:
        return result((*shape, 2), real_dtype(dtype), input, strides=None)
    return result(shape, dtype, input, strides=None)


def _padded_length(input: Tensor, n_fft: Size, center: bool, pad_mode: str) -> Size:
    length = input.shape[-1]
    if not center:
        return length
    pad = n_fft // 2
    if pad_mode == "reflect":
        require(
            pad,
            "<",
            length,
            lambda: ShapeError(
                "empty-output",
                f"{{callee}} reflects {show(pad)} points at each end, but {{input}} has {show(length)}",
                blame="input",
                torch="Argument #4: Padding size should be less than the corresponding input dimension, but "
                "got: "
                f"padding ({show(pad)}, {show(pad)}) at dimension {input.ndim} of input",
                label=show_shape(input.shape),
            ),
        )
    return length + pad * 2


def _require_signal(input: Tensor, length: Size, n_fft: Size, hop: Size) -> None:
    for size, least, most in ((n_fft, 1, length), (hop, 1, None)):
        require(
            size,
            ">=",
            least,
            lambda: ShapeError(
                "bad-call",
                "{callee} needs `n_fft` and `hop_length` of at least 1",
                torch=f"expected 0 < n_fft <= {show(length)} and hop_length > 0",
            ),
        )
        if most is not None:
            require(
                size,
                "<=",
                most,
                lambda: ShapeError(
                    "empty-output",
                    f"{{callee}} of windows of {show(n_fft)} needs as many points, but {{input}} has {show(length)}",
                    blame="input",
                    torch=f"expected 0 < n_fft < {show(length)}, but got n_fft={show(n_fft)}",
                    label=show_shape(input.shape),
                ),
            )


@op("torch.istft", "torch.Tensor.istft", ranks=(3, 2))
def istft(
    input: Tensor,
    n_fft: Size,
    hop_length: Size | None = None,
    win_length: Size | None = None,
    window: Tensor | None = None,
    center: bool = True,
    normalized: object = False,
    onesided: bool | None = None,
    length: Size | None = None,
    return_complex: bool = False,
) -> Tensor:
    """`[.., n_fft // 2 + 1, frames]` complex numbers to `[.., L]`."""
    if not input.dtype.is_complex:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes a complex tensor, but {{input}} is {input.dtype.name}",
            blame="input",
            torch="istft requires a complex-valued input tensor matching the output from stft with return_complex=True.",
            label=input.dtype.name,
        )
    if input.ndim not in (2, 3):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [N, frequencies, frames], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"expected a tensor with 2 or 3 dimensions, but got {input.ndim}",
            label=show_shape(input.shape),
        )
    hop = n_fft // 4 if hop_length is None else hop_length
    _require_window(window, n_fft if win_length is None else win_length, n_fft)
    frequencies, frames = input.shape[-2:]
    half = same(frequencies, n_fft) is not Truth.YES if onesided is None else onesided
    wanted = n_fft // 2 + 1 if half else n_fft
    require_same(
        frequencies,
        wanted,
        lambda: ShapeError(
            "matmul-mismatch",
            f"{{callee}} with `n_fft` {show(n_fft)} takes {show(wanted)} frequencies, but {{input}} has {show(frequencies)}",
            blame="input",
            torch="expected the frequency dimension (3rd to the last) of the input tensor to match n_fft / "
            "2 + 1 "
            f"when onesided=True, but got {show(frequencies)}",
            label=show_shape(input.shape),
        ),
    )
    if length is None:
        length = n_fft + hop * (frames - 1)
        if center:
            length = length - n_fft // 2 * 2
    dtype = input.dtype if return_complex else real_dtype(input.dtype)
    return result((*input.shape[:-2], length), dtype, input, strides=None)
