"""Window functions for spectra: `torch.hann_window` and its kin, and `torch.signal.windows`."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.ops.coercion import Number
from torchlint.ops.creation import made
from torchlint.ops.registry import op
from torchlint.values.dtype import DType, float32, float64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def _register_old(name: str) -> None:
    @op(f"torch.{name}_window")
    def function(
        window_length: Size,
        periodic: object = True,
        *shape_parameters: object,
        alpha: object = None,
        beta: object = None,
        dtype: DType | None = None,
        layout: object = None,
        device: object = None,
        requires_grad: object = False,
    ) -> Tensor:
        kept = dtype or float32
        if not kept.is_floating_point:
            raise _wrong_dtype("a float", kept, f"{name}_window expects floating point dtypes, got: {kept.name}")
        return made((window_length,), kept, device, requires_grad)

    function.__doc__ = f"A {name} window of that length."


def _register(name: str) -> None:
    @op(f"torch.signal.windows.{name}")
    def function(
        M: Size,
        *,
        sym: object = True,
        dtype: DType | None = None,
        layout: object = None,
        device: object = None,
        requires_grad: object = False,
        center: object = None,
        a: object = None,
        alpha: object = None,
        std: Number | Unknown = 1,
        tau: Number | Unknown = 1,
        beta: Number | Unknown = 0,
    ) -> Tensor:
        for shape_parameter, value in (("std", std), ("tau", tau), ("beta", beta)):
            if isinstance(value, (int, float)) and (value < 0 or (value == 0 and shape_parameter != "beta")):
                raise ShapeError(
                    "bad-call",
                    f"`{shape_parameter}` of {{callee}} is {value}",
                    blame=shape_parameter,
                    torch=f"{shape_parameter} must be positive, got: {value} instead.",
                )
        if name == "general_cosine" and (a is None or (isinstance(a, (list, tuple)) and not a)):
            said = "Coefficients must be a list/tuple" if a is None else "Coefficients cannot be empty"
            raise ShapeError("bad-call", "{callee} takes at least one coefficient in `a`", blame="a", torch=said)
        if center is not None and sym is True:
            raise ShapeError(
                "bad-call",
                "{callee} has a `center` only with `sym=False`",
                blame="center",
                torch="Center must be None for symmetric windows",
            )
        kept = dtype or float32
        if kept not in (float32, float64):
            raise _wrong_dtype("float32 or float64", kept, f"{name} expects float32 or float64 dtypes, got: {kept}")
        return made((M,), kept, device, requires_grad)

    function.__doc__ = f"A {name} window of `M` points."


def _wrong_dtype(wanted: str, dtype: DType, torch: str) -> ShapeError:
    return ShapeError("dtype-mismatch", f"`dtype` of {{callee}} is {wanted}, not {dtype.name}", blame="dtype", torch=torch)


for _name in ("hann", "hamming", "bartlett", "blackman", "kaiser"):
    _register_old(_name)
for _name in (
    "bartlett", "blackman", "cosine", "exponential", "gaussian", "general_cosine", "general_hamming", "hamming", "hann",
    "kaiser", "nuttall",
):  # fmt: skip
    _register(_name)
