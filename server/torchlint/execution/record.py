"""What modules do in a pass: the shapes that go in and come out, parameters, and the multiply-adds of the operations in them.

This file runs in the user's interpreter: it imports torch and the standard library only, of Python 3.9 or newer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch.nn.utils.parametrize import ParametrizationList
from torch.utils._python_dispatch import TorchDispatchMode


class _Seen:
    """What one pass has seen, by the id of the module: the shapes that went in and came out, the multiply-adds."""

    def __init__(self) -> None:
        self.calls: dict[int, tuple[Any, Any]] = {}
        self.costs: dict[int, int] = {}
        self.running: list[int] = []
        self.computing_weights = 0  # parametrizations that run: what they cost is no cost of the data's way
        self.ended: set[int] = set()


class Record(TorchDispatchMode):  # type: ignore[misc]
    """What the modules of a model are given, what they return, and the multiply-adds of the operations in them."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self.seen = _Seen()
        for module in model.modules():
            module.register_forward_pre_hook(self._begin, with_kwargs=True)
            module.register_forward_hook(self._end)

    def clear(self) -> None:
        """Begin another pass."""
        self.seen = _Seen()

    def _begin(self, module: Any, args: Any, kwargs: Any) -> None:
        self.seen.running.append(id(module))
        self.seen.computing_weights += isinstance(module, ParametrizationList)
        self.seen.calls.setdefault(id(module), (_shapes((*args, *kwargs.values())), None))

    def _end(self, module: Any, args: Any, output: Any) -> None:
        seen, key = self.seen, id(module)
        seen.running.pop()
        seen.computing_weights -= isinstance(module, ParametrizationList)
        if key not in seen.ended:
            seen.ended.add(key)
            seen.calls[key] = (seen.calls[key][0], _shapes(output))

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func._schema.name.partition("::")[2]
        if name == "_softmax":
            _check_dim(args[0], args[1])
        result = func(*args, **(kwargs or {}))
        if name in _COSTS and self.seen.running and not self.seen.computing_weights:
            costs, key = self.seen.costs, self.seen.running[-1]
            costs[key] = costs.get(key, 0) + int(_COSTS[name](result, *args))
        return result

    def summary(self) -> dict[str, Any]:
        """The modules in the order of their registration, and the totals."""
        parameters = list(self.model.parameters())
        return {
            "type": type(self.model).__name__,
            "rows": list(self._rows(self.model, "", 0, set())),
            "parameters": _count(parameters),
            "trainable": _count([p for p in parameters if p.requires_grad]),
            "buffers": _count(list(self.model.buffers())),
            "representation": repr(self.model),
        }

    def _rows(self, module: Any, path: str, depth: int, seen: set[int]) -> Iterator[dict[str, Any]]:
        repeated = id(module) in seen
        seen.add(id(module))
        own = [p for p in module._parameters.values() if p is not None]
        given, returned = self.seen.calls.get(id(module), (None, None))
        yield {
            "path": path,
            "type": type(module).__name__,
            "depth": depth,
            "input": given,
            "output": returned,
            "parameters": _count(list(module.parameters())),
            "own": [_shape(p) for p in own],
            "mult_adds": self._cost(module),
            "repeated": repeated,
        }
        if not repeated:
            for name, child in module._modules.items():
                if child is not None:
                    yield from self._rows(child, f"{path}.{name}" if path else name, depth + 1, seen)

    def _cost(self, module: Any) -> int | None:
        """The multiply-adds of a module and all below it; None for one that did not run, or not to its end."""
        seen = self.seen
        ran = [m for m in module.modules() if id(m) in seen.calls]
        if not ran or any(id(m) not in seen.ended for m in ran):
            return None
        return sum(seen.costs.get(id(m), 0) for m in module.modules())


def _check_dim(input: Any, dim: int) -> None:
    """What softmax checks where it has data, and forgets where it has none."""
    rank = max(input.dim(), 1)
    if not -rank <= dim < rank:
        raise IndexError(f"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got {dim})")


def _count(tensors: list[Any]) -> int | None:
    """The number of elements; None while one has no shape yet (in a lazy module)."""
    shapes = [_shape(t) for t in tensors]
    return None if None in shapes else sum(t.numel() for t in tensors)


def _shape(tensor: Any) -> list[int] | None:
    try:
        return [int(size) for size in tensor.shape]
    except RuntimeError:
        return None


def _shapes(value: Any) -> Any:
    """The shapes in a value: one shape for one tensor, nested lists for several; None for none."""
    if isinstance(value, torch.Tensor):
        return _shape(value)
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, (list, tuple)):
        found = [s for s in map(_shapes, value) if s is not None]
        return found[0] if len(found) == 1 and len(value) == 1 else found or None
    return None


def _convolution(result: Any, input: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, transposed: Any,
                 *rest: Any) -> int:  # fmt: skip
    """Each element of the weight is used once for each sample and place of the image on its smaller side."""
    image = (input if transposed else result).shape
    return int(image[0] * _product(image[2:]) * weight.numel())


def _attention(result: Any, query: Any, key: Any, value: Any, *rest: Any) -> int:
    return int(_product(query.shape[:-1]) * key.shape[-2] * (query.shape[-1] + value.shape[-1]))


def _product(sizes: Any) -> int:
    result = 1
    for size in sizes:
        result *= size
    return result


_COSTS: dict[str, Any] = {
    "mm": lambda result, a, b: result.numel() * a.shape[-1],
    "bmm": lambda result, a, b: result.numel() * a.shape[-1],
    "mv": lambda result, a, b: a.numel(),
    "dot": lambda result, a, b: a.numel(),
    "addmm": lambda result, bias, a, b: result.numel() * a.shape[-1],
    "baddbmm": lambda result, bias, a, b: result.numel() * a.shape[-1],
    "addmv": lambda result, bias, a, b: a.numel(),
    "linear": lambda result, input, weight, *bias: result.numel() * input.shape[-1],
    "convolution": _convolution,
    "_scaled_dot_product_flash_attention": _attention,
    "_scaled_dot_product_flash_attention_for_cpu": _attention,
    "_scaled_dot_product_efficient_attention": _attention,
    "mkldnn_rnn_layer": lambda result, input, w0, w1, *rest: input.shape[0] * input.shape[1] * (w0.numel() + w1.numel()),
    "_trilinear": lambda result, a, weight, b, *rest: a.shape[0] * weight.numel(),
}
"""Multiply-adds by operation, as the summary that is made by reading counts them."""
