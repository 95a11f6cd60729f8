"""The seam for operations and layers: one decorated function or class, one place, no list to edit.

An operation is a function with torch's own signature, whose annotations (out of a small vocabulary, see `coercion`) say what it
takes. A layer is a subclass of `Module` whose `__init__` and `forward` are operations in that sense. They return a value, raise
`ShapeError` (torch would raise for every admissible size) or `Undecided` (the result is Unknown); anything else is our bug.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any, TypeVar

from torchlint.ops.coercion import coerce
from torchlint.values.code import Code
from torchlint.values.errors import Undecided
from torchlint.values.module import Module
from torchlint.values.signature import ParameterKind, Signature, signature_of
from torchlint.values.tensor import CONTIGUOUS, InputTensor, Tensor
from torchlint.values.unknown import OpenArguments, Unknown

F = TypeVar("F", bound=Callable[..., Any])
L = TypeVar("L", bound=type[Module])


_NUMPY_NAMES = {"axis": "dim", "keepdims": "keepdim"}


class Operation(Code):
    """A function of the registry.

    `name` is its first dotted name. `ranks` are the ranks, best first, that it suggests for an input whose rank nobody has
    said. `pointwise` says that the result has the shape of the first argument, whatever it is, and its dtype if that is a
    float.
    """

    python_type = "builtin_function_or_method"
    __slots__ = ("_signature", "function", "name", "pointwise", "ranks")

    def __init__(self, name: str, function: Callable[..., Any], ranks: tuple[int, ...] = (), pointwise: bool = False) -> None:
        self.name = name
        self.function = function
        self.ranks = ranks
        self.pointwise = pointwise
        self._signature: Signature | None = None

    @property
    def signature(self) -> Signature:
        """torch's signature of the operation (with `self` for a method of a layer)."""
        if self._signature is None:
            assert isinstance(self.function, FunctionType)
            self._signature = signature_of(self.function)
        return self._signature

    @property
    def makes_tensors(self) -> bool:
        """Whether its result is a tensor, or may be or hold one."""
        return any(word in str(self.function.__annotations__.get("return", "Any")) for word in ("Tensor", "Any", "object"))

    def bind(self, args: Sequence[object], kwargs: Mapping[str, object]) -> dict[str, Any]:
        """Arguments by parameter name. Raises `ShapeError("bad-call")` where Python would raise TypeError."""
        if "axis" in kwargs or "keepdims" in kwargs:
            kwargs = {self._torch_name(name): value for name, value in kwargs.items()}
        return self.signature.bind(args, kwargs)

    def _torch_name(self, name: str) -> str:
        """torch takes numpy's `axis` and `keepdims` for its own `dim` and `keepdim`."""
        own = _NUMPY_NAMES.get(name, name)
        return own if name not in self.signature.by_name and own in self.signature.by_name else name

    def run(self, bound: Mapping[str, Any]) -> Any:
        """The result for bound arguments, coerced to what the annotations say.

        Raises ShapeError, or Undecided where an argument is Unknown that the operation needs.
        """
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        for parameter in self.signature.parameters:
            kind = parameter.kind
            if parameter.name not in bound:
                continue
            value = bound[parameter.name]
            if isinstance(value, InputTensor) and not value.is_decided and "Tensor" in parameter.annotation:
                if self.pointwise and self._passes_on(value, bound):
                    return value
                value.decide(_OTHER_RANKS.get(parameter.name, self.ranks) or _ranks_like(bound))
            if kind is ParameterKind.VAR_POSITIONAL:
                if isinstance(value, OpenArguments) and not value:
                    raise Undecided("the caller may give more arguments")
                positional.extend(coerce(v, parameter) for v in value)
            elif kind is ParameterKind.VAR_KEYWORD:
                keywords.update((k, coerce(v, parameter)) for k, v in value.items())
            else:
                coerced = coerce(value, parameter)
                if kind is ParameterKind.KEYWORD_ONLY or len(positional) < self._index(parameter.name):
                    keywords[parameter.name] = coerced
                else:
                    positional.append(coerced)
        result, out = self.function(*positional, **keywords), bound.get("out")
        return _written_to(out, result) if isinstance(out, Tensor) and isinstance(result, Tensor) else result

    def _passes_on(self, value: InputTensor, bound: Mapping[str, Any]) -> bool:
        """Whether the result looks like this undecided float tensor: nothing else that was given may be a tensor."""
        if not value.dtype.is_floating_point:
            return False
        may_be_tensor = {p.name for p in self.signature.parameters if "Tensor" in p.annotation}
        return not any(
            isinstance(other, (Tensor, complex)) or (isinstance(other, Unknown) and name in may_be_tensor)
            for name, other in bound.items()
            if other is not value
        )

    def _index(self, name: str) -> int:
        for index, parameter in enumerate(self.signature.positional):
            if parameter.name == name:
                return index
        return 0

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Bind, coerce and run: the door for tests and for operations that other operations reach by name."""
        try:
            return self.run(self.bind(args, kwargs))
        except Undecided as undecided:
            return Unknown(str(undecided))

    def __repr__(self) -> str:
        return f"<operation {self.name}>"


class LayerType(Code):
    """A layer of the registry: its class, its constructor and its forward as operations."""

    python_type = "type"

    __slots__ = ("cls", "forward", "init", "name")

    def __init__(self, name: str, cls: type[Module], ranks: tuple[int, ...], pointwise: bool = False) -> None:
        self.name = name
        self.cls = cls
        self.init = Operation(name, cls.__init__)
        forward = getattr(cls, "forward", None)
        self.forward = Operation(f"{name}.forward", forward, ranks, pointwise) if forward is not None else None


def _written_to(out: Tensor, result: Tensor) -> Tensor:
    """`out`, which torch writes the result into: it gets the result's shape and keeps its own dtype."""
    if out.shape != result.shape:
        out.shape, out._strides = result.shape, CONTIGUOUS
    out.written()
    return out


def _ranks_like(bound: Mapping[str, Any]) -> tuple[int, ...]:
    """The ranks to suppose beside a tensor whose rank is known: the same first (`x + skip`, `q.gather(1, actions)`)."""
    known = [v.ndim for v in bound.values() if isinstance(v, Tensor) and not (isinstance(v, InputTensor) and not v.is_decided)]
    return (known[0], *(rank for rank in _ANY_RANK if rank != known[0])) if known else ()


_ANY_RANK = (4, 3, 2, 1, 5)
_OTHER_RANKS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("key_padding_mask", "src_key_padding_mask", "tgt_key_padding_mask", "memory_key_padding_mask"), (2, 1)),
    **dict.fromkeys(("lengths", "input_lengths", "target_lengths"), (1,)),
}
"""The ranks of arguments that have others than the main one: which keys of each sample attention leaves out, and how long the
samples are."""
OPERATIONS: dict[str, Operation] = {}
ATTRIBUTES: dict[str, Operation] = {}
LAYERS: dict[str, LayerType] = {}
LAYER_OF_CLASS: dict[type[Module], LayerType] = {}


def op(*names: str, ranks: tuple[int, ...] = (), pointwise: bool = False) -> Callable[[F], F]:
    """Register a function under dotted names ("torch.chunk", "torch.Tensor.chunk")."""

    def register(function: F) -> F:
        for name in names:
            _claim(name)
            OPERATIONS[name] = Operation(name, function, ranks, pointwise)
        return function

    return register


def attribute(*names: str) -> Callable[[F], F]:
    """Register a function of one tensor as attributes of tensors that are read without a call ("torch.Tensor.T")."""

    def register(function: F) -> F:
        for name in names:
            _claim(name)
            ATTRIBUTES[name] = Operation(name, function)
        return function

    return register


def layer(*names: str, ranks: tuple[int, ...] = (), pointwise: bool = False) -> Callable[[L], L]:
    """Register a `Module` subclass under dotted names ("torch.nn.Linear"); the rest is about its forward."""

    def register(cls: L) -> L:
        for name in names:
            _claim(name)
            LAYERS[name] = LayerType(name, cls, ranks, pointwise)
        LAYER_OF_CLASS[cls] = LAYERS[names[0]]
        return cls

    return register


def _claim(name: str) -> None:
    if name in OPERATIONS or name in LAYERS or name in ATTRIBUTES:
        raise ValueError(f"{name} is registered twice")
