"""From torch's values to ours: tensors, dtypes, modules and what holds them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ops.calls import Call, call
from torchlint.dims.expr import Expr
from torchlint.ops.registry import LAYER_OF_CLASS, LAYERS, OPERATIONS, LayerType
from torchlint.ops.sequences import packed_sequence
from torchlint.values.dtype import DTYPES
from torchlint.values.errors import Undecided
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

MOST_KNOWN = 16
"""Our tensors of up to this many real numbers know their elements, so that what becomes of them is compared."""

_CONSTRUCTED: dict[int, tuple[torch.nn.Module, Call]] = {}


def construct(cls: type[torch.nn.Module], init: Call) -> torch.nn.Module:
    """torch's layer, remembered with its arguments so that ours can be made from it when it is an argument itself."""
    module = cls(*init.args, **init.kwargs)
    _CONSTRUCTED[id(module)] = (module, init)
    return module


def to_ours(value: Any, sizes: dict[int, Expr] | None = None) -> Any:
    """Our value for one of torch's; with `sizes`, tensors get symbols for the sizes in it (and no values)."""
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(value)  # an operation is given the tensor that an array holds
    if isinstance(value, torch.Tensor):
        return _tensor_to_ours(value, sizes)
    if isinstance(value, torch.dtype):
        return DTYPES.get(str(value).removeprefix("torch."), Unknown("a dtype that is not modelled"))
    if isinstance(value, torch.nn.Module):
        return module_to_ours(value)
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, torch.nn.utils.rnn.PackedSequence):
        parts = [to_ours(part, sizes) for part in (value.data, value.sorted_indices, value.unsorted_indices)]
        return packed_sequence(parts[0], int(value.batch_sizes[0]), len(value.batch_sizes), *parts[1:])
    if isinstance(value, (list, tuple)):
        converted = [to_ours(v, sizes) for v in value]
        return converted if isinstance(value, list) else tuple(converted)
    if isinstance(value, dict):
        return {k: to_ours(v, sizes) for k, v in value.items()}
    if callable(value) and not isinstance(value, type):
        name = getattr(value, "__name__", "")
        for prefix in ("torch.nn.functional.", "torch."):
            if prefix + name in OPERATIONS:
                return OPERATIONS[prefix + name]
    if value is None or isinstance(value, (bool, int, float, complex, str, slice, type(...), type)):
        return value
    return Unknown(f"a {type(value).__name__}")


def _tensor_to_ours(value: torch.Tensor, sizes: dict[int, Expr] | None) -> Tensor:
    dtype = DTYPES[str(value.dtype).removeprefix("torch.")]
    shape = tuple(value.shape) if sizes is None else tuple(sizes.get(n, n) for n in value.shape)
    known = sizes is None and value.numel() <= MOST_KNOWN and not dtype.is_complex
    values = tuple(value.reshape(-1).tolist()) if known else None
    is_parameter = isinstance(value, torch.nn.Parameter)
    if value.is_contiguous():
        return Tensor(shape, dtype, values=values, is_parameter=is_parameter, requires_grad=value.requires_grad)
    strides = tuple(value.stride()) if sizes is None else None
    return Tensor(shape, dtype, strides=strides, values=values, requires_grad=value.requires_grad)


def module_to_ours(module: torch.nn.Module) -> Module:
    """Our layer for torch's: made with the same arguments where they are known, else with none."""
    entry = LAYERS.get(f"torch.nn.{type(module).__name__}")
    if entry is None:
        raise Undecided(f"{type(module).__name__} is not modelled")
    _, init = _CONSTRUCTED.get(id(module), (module, _arguments_of(module)))
    return construct_ours(entry, init)


def _arguments_of(module: torch.nn.Module) -> Call:
    """Constructor arguments read back from a layer that torch's samples made."""
    if isinstance(module, (torch.nn.TransformerEncoderLayer, torch.nn.TransformerDecoderLayer)):
        attention = module.self_attn
        return call(
            attention.embed_dim,
            attention.num_heads,
            module.linear1.out_features,
            batch_first=attention.batch_first,
            norm_first=module.norm_first,
            bias=module.linear1.bias is not None,
        )
    return call()


def construct_ours(entry: LayerType, init: Call) -> Module:
    """Our layer with the same constructor arguments. Raises ShapeError or Undecided."""
    instance = entry.cls.__new__(entry.cls)
    args = to_ours(init.args)
    kwargs = to_ours(init.kwargs)
    entry.init.run(entry.init.bind((instance, *args), kwargs))
    return instance


def forward_ours(module: Module, *args: Any, **kwargs: Any) -> Any:
    """What our layer returns; Unknown where it is undecided."""
    entry = LAYER_OF_CLASS[type(module)]
    assert entry.forward is not None
    return entry.forward(module, *args, **kwargs)
