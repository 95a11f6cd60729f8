"""`torch.vmap`: a function of one sample becomes one of a batch, whose results have the batch as a dimension of their own."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Size
from torchlint.interpreter.functions import HostFunction
from torchlint.ops.registry import OPERATIONS
from torchlint.ops.results import result
from torchlint.values.tensor import Tensor


def vmap(m: Any, func: Any, in_dims: Any = 0, out_dims: Any = 0, randomness: Any = "error", *, chunk_size: Any = None) -> Any:
    """The function that takes batches; batches along `in_dims` of its tensors only."""

    def run(m: Any, *args: Any, **kwargs: Any) -> Any:
        if not args:
            raise m.raise_host(ValueError("vmap: got no inputs"))
        dims = in_dims if isinstance(in_dims, tuple) else (in_dims,) * len(args)
        batched = [isinstance(a, Tensor) and type(d) is int for a, d in zip(args, dims)]
        plain = [d is None or isinstance(a, (int, float, type(None))) for a, d in zip(args, dims)]
        known = all(is_batched or is_plain for is_batched, is_plain in zip(batched, plain))
        if len(dims) != len(args) or not any(batched) or not known or type(out_dims) is not int:
            return m.unknown("what `vmap` takes apart is not followed")
        samples = [
            m.call_operation(OPERATIONS["torch.select"], (a, d, 0), {}) if is_batched else a
            for a, d, is_batched in zip(args, dims, batched)
        ]
        first = batched.index(True)
        if not isinstance(samples[first], Tensor):
            return samples[first]
        made = m.call_value(func, tuple(samples), kwargs)
        return _together(m, made, args[first].shape[dims[first]], out_dims)

    return HostFunction("vmap", run, takes_unknown=True)


def _together(m: Any, made: Any, batch: Size, dim: int) -> Any:
    """The results of all samples, for the result of one."""
    if isinstance(made, Tensor):
        at = dim if dim >= 0 else made.ndim + 1 + dim
        return result((*made.shape[:at], batch, *made.shape[at:]), made.dtype, made, strides=None)
    if type(made) in (list, tuple):
        return type(made)(_together(m, part, batch, dim) for part in made)
    return m.unknown("what `vmap` puts together is not followed")
