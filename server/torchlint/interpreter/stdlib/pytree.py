"""`torch.utils._pytree`: nested lists, tuples and dictionaries as the leaves that they hold, and back."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from torchlint.interpreter.functions import HostFunction
from torchlint.interpreter.objects import NamedTuple
from torchlint.values.tensor import TorchSize
from torchlint.values.unknown import Unknown

_LISTS = (list, tuple, dict, OrderedDict)


class TreeSpec:
    """What a value looked like: a leaf, or a container with the specs of its parts."""

    def __init__(self, container: Any, parts: list[TreeSpec]) -> None:
        self.container = container
        self.parts = parts


_LEAF = TreeSpec(None, [])


def _is_node(value: Any) -> bool:
    return isinstance(value, NamedTuple) or (type(value) in _LISTS and not isinstance(value, TorchSize))


def _flatten(m: Any, value: Any, is_leaf: Any, leaves: list[Any]) -> TreeSpec:
    m.step()
    if not _is_node(value) or (is_leaf is not None and m.truth(m.call_value(is_leaf, (value,), {}))):
        leaves.append(value)
        return _LEAF
    inner = value.values() if isinstance(value, dict) else value
    return TreeSpec(value, [_flatten(m, part, is_leaf, leaves) for part in inner])


def _unflatten(spec: TreeSpec, leaves: Any) -> Any:
    if spec is _LEAF:
        return next(leaves)
    parts = [_unflatten(part, leaves) for part in spec.parts]
    container = spec.container
    if isinstance(container, dict):
        return type(container)(zip(container, parts))
    if isinstance(container, NamedTuple):
        return NamedTuple(container.cls, container.fields, tuple(parts))
    return type(container)(parts)


def _tree_flatten(m: Any, tree: Any, is_leaf: Any = None) -> Any:
    leaves: list[Any] = []
    spec = _flatten(m, tree, is_leaf, leaves)
    return leaves, spec


def _tree_leaves(m: Any, tree: Any, is_leaf: Any = None) -> Any:
    return _tree_flatten(m, tree, is_leaf)[0]


def _tree_unflatten(m: Any, leaves: Any, treespec: Any) -> Any:
    if isinstance(leaves, TreeSpec):  # the order that torch had once
        leaves, treespec = treespec, leaves
    if not isinstance(treespec, TreeSpec) or isinstance(leaves, Unknown):
        return m.derived("tree_unflatten", leaves, treespec)
    try:
        return _unflatten(treespec, m.iterate(leaves))
    except StopIteration:
        raise m.raise_host(ValueError("tree_unflatten: too few leaves")) from None


def _tree_map(m: Any, function: Any, tree: Any, *rests: Any, is_leaf: Any = None) -> Any:
    leaves, spec = _tree_flatten(m, tree, is_leaf)
    others = [_tree_flatten(m, rest, is_leaf)[0] for rest in rests]
    return _unflatten(spec, iter([m.call_value(function, items, {}) for items in zip(leaves, *others)]))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tree_flatten": _tree_flatten,
    "tree_unflatten": _tree_unflatten,
    "tree_map": _tree_map,
    "tree_leaves": _tree_leaves,
}
PYTREE: dict[str, Any] = {
    f"torch.utils._pytree.{name}": HostFunction(name, function, takes_unknown=True) for name, function in _FUNCTIONS.items()
}
