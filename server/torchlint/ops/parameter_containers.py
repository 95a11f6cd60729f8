"""`ParameterList` and `ParameterDict`: parameters, and anything else, held in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from torchlint.dims.printing import show
from torchlint.ops.coercion import type_name
from torchlint.ops.containers import (
    elements,
    known_key,
    known_slice,
    missing_key,
    pairs,
    position,
    register_methods,
)
from torchlint.ops.registry import layer
from torchlint.values.errors import Undecided
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def as_parameter(value: object) -> object:
    """A tensor as a Parameter that shares its elements; anything else as it is."""
    if not isinstance(value, Tensor) or value.is_parameter:
        return value
    return Tensor(value.shape, value.dtype, requires_grad=True, device=value.device, is_parameter=True)


class _Parameters(Module):
    """Entries in order by name; tensors among them are registered as parameters."""

    _entries: dict[str, Any]

    def __init__(self) -> None:
        super().__init__()
        vars(self)["_entries"] = {}

    def _put(self, name: str, value: object) -> None:
        value = as_parameter(value)
        self._entries[name] = value
        self._forget(name)
        if isinstance(value, Tensor):
            self._parameters[name] = value

    def __len__(self) -> int:
        return len(self._entries)

    def extra_repr(self) -> str:
        return "\n".join(self._line(name, value) for name, value in self._entries.items())

    def _line(self, name: str, value: object) -> str:
        if isinstance(value, Tensor):
            kind = self._tensor_type(value)
            return f"  ({name}): Parameter containing: [{kind} of size {'x'.join(map(show, value.shape))}]"
        return f"  ({name}): Object of type: {'...' if isinstance(value, Unknown) else type_name(value)}"

    @staticmethod
    def _tensor_type(value: Tensor) -> str:
        return repr(value.dtype)


@layer("torch.nn.ParameterList")
class ParameterList(_Parameters):
    """A list of parameters; it cannot be called."""

    def __init__(self, values: object = None) -> None:
        super().__init__()
        if values is not None:
            self.extend(values)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._entries.values()))

    def __getitem__(self, idx: object) -> Any:
        values = list(self._entries.values())
        if isinstance(idx, slice):
            return ParameterList(known_slice(idx, values))
        return values[position(idx, len(values))]

    def __setitem__(self, idx: object, param: object) -> None:
        self._put(str(position(idx, len(self))), param)

    def append(self, value: object) -> Module:
        self._put(str(len(self)), value)
        return self

    def extend(self, values: object) -> Module:
        for value in elements(values):
            self.append(value)
        return self

    def __iadd__(self, parameters: object) -> Module:
        return self.extend(parameters)


_TENSOR_TYPES = {
    "float32": "FloatTensor", "float64": "DoubleTensor", "float16": "HalfTensor",
    "bfloat16": "BFloat16Tensor",
    "complex64": "ComplexFloatTensor", "complex128": "ComplexDoubleTensor",
}  # fmt: skip


@layer("torch.nn.ParameterDict")
class ParameterDict(_Parameters):
    """A dict of parameters; it cannot be called."""

    def __init__(self, parameters: object = None) -> None:
        super().__init__()
        if parameters is not None:
            self.update(parameters)

    @staticmethod
    def _tensor_type(value: Tensor) -> str:
        return f"torch.{_TENSOR_TYPES.get(value.dtype.name, 'Tensor')}"

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._entries))

    def __contains__(self, key: object) -> bool:
        return known_key(key) in self._entries

    def __getitem__(self, key: object) -> Any:
        name = known_key(key)
        if name not in self._entries:
            raise missing_key(name)
        return self._entries[name]

    def __setitem__(self, key: object, value: object) -> None:
        self._put(known_key(key), value)

    def __delitem__(self, key: object) -> None:
        self[key]
        name = known_key(key)
        del self._entries[name]
        self._forget(name)

    def get(self, key: object, default: object = None) -> Any:
        return self._entries.get(known_key(key), default)

    def setdefault(self, key: object, default: object = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: object) -> Any:
        popped = self[key]
        del self[key]
        return popped

    def popitem(self) -> tuple[str, Any]:
        if not self._entries:
            raise missing_key("")
        name = next(reversed(self._entries))
        return name, self.pop(name)

    def clear(self) -> None:
        for name in list(self._entries):
            del self[name]

    def copy(self) -> Module:
        return ParameterDict(list(self._entries.items()))

    def fromkeys(self, keys: object, default: object = None) -> Module:
        return ParameterDict([(key, default) for key in elements(keys)])

    def keys(self) -> list[str]:
        return list(self._entries)

    def items(self) -> list[tuple[str, Any]]:
        return list(self._entries.items())

    def values(self) -> list[Any]:
        return list(self._entries.values())

    def update(self, parameters: object) -> None:
        found: Iterable[tuple[Any, Any]] = pairs(parameters)
        if type(parameters) is dict:  # torch sorts a plain dict and keeps the order of an OrderedDict
            if not all(isinstance(key, str) for key, _ in found):
                raise Undecided("the key into a container is not known")
            found = sorted(found, key=lambda pair: str(pair[0]))
        for key, value in found:
            self[key] = value

    def __or__(self, other: object) -> Module:
        made = ParameterDict(list(self._entries.items()))
        made.update(other)
        return made

    def __ior__(self, other: object) -> Module:
        self.update(other)
        return self


register_methods(ParameterList, "__len__", "__iter__", "__getitem__", "__setitem__", "__iadd__", "append", "extend")
register_methods(
    ParameterDict, "__len__", "__iter__", "__contains__", "__getitem__", "__setitem__", "__delitem__",
    "__or__", "__ior__",
    "get", "setdefault", "pop", "popitem", "clear", "copy", "fromkeys", "keys", "items", "values", "update",
)  # fmt: skip
