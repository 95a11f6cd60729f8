"""What can be called, as values: functions of the checked program, and the interpreter's own beside them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from torchlint.interpreter.annotations import Declared, declarations_in
from torchlint.interpreter.places import Unit
from torchlint.values.code import Code
from torchlint.values.dtype import DType
from torchlint.values.module import Module
from torchlint.values.signature import Signature

if TYPE_CHECKING:
    from torchlint.interpreter.frames import Frame
    from torchlint.interpreter.objects import ClassValue

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class FunctionValue(Code):
    """A `def` or `lambda` with what it closes over.

    `owner` is the class whose body defines it, for `super()`; `results` what it returned, if `functools` is to remember that;
    `is_context` says that `contextlib.contextmanager` decorates it, `is_wrapped` that a decorator which could not be followed
    may take other arguments in its place.
    """

    __slots__ = (
        "_declarations", "_is_generator", "attributes", "closure", "is_context", "is_wrapped", "name", "node", "owner",
        "results", "signature", "unit",
    )  # fmt: skip

    def __init__(self, name: str, node: FunctionNode, unit: Unit, closure: Frame, signature: Signature) -> None:
        self.name = name
        self.node = node
        self.unit = unit
        self.closure = closure
        self.signature = signature
        self.owner: ClassValue | None = None
        self.results: dict[Any, Any] | None = None
        self.is_wrapped = False
        self.is_context = False
        self._is_generator: bool | None = False if isinstance(node, ast.Lambda) else None
        self._declarations: dict[str, Declared] | None = None
        self.attributes: dict[str, Any] = {}

    @property
    def declarations(self) -> dict[str, Declared]:
        """What its annotations say of shapes: see `annotations`."""
        if self._declarations is None:
            self._declarations = declarations_in(self.node)
        return self._declarations

    @property
    def doc(self) -> str | None:
        """Its docstring."""
        return None if isinstance(self.node, ast.Lambda) else ast.get_docstring(self.node, clean=False)

    @property
    def is_generator(self) -> bool:
        """Whether the body has a `yield` of its own."""
        if self._is_generator is None:
            known: bool | None = getattr(self.node, "is_generator", None)  # of the node, which many functions may come from
            if known is None:
                known = _has_yield(self.node)
                setattr(self.node, "is_generator", known)  # noqa: B010
            self._is_generator = known
        return self._is_generator

    def __repr__(self) -> str:
        return f"<function {self.name}>"


def _has_yield(node: ast.AST) -> bool:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)) and _has_yield(child):
            return True
    return False


class BoundMethod(Code):
    """A callable value with its first argument filled in."""

    python_type = "method"

    __slots__ = ("function", "receiver")

    def __init__(self, function: Any, receiver: Any) -> None:
        self.function = function
        self.receiver = receiver


class HostFunction:
    """A function of Python's or torch's that the interpreter provides.

    `function` gets the checked arguments. Unless it says `takes_unknown`, a call with an Unknown among the arguments (or inside
    a list or tuple argument) is Unknown without calling it.
    """

    __slots__ = ("function", "name", "takes_unknown")

    def __init__(self, name: str, function: Callable[..., Any], takes_unknown: bool = False) -> None:
        self.name = name
        self.function = function
        self.takes_unknown = takes_unknown

    def __repr__(self) -> str:
        return f"<function {self.name}>"


class TensorType(HostFunction):
    """`torch.Tensor`, its typed kin (`torch.LongTensor`) and `nn.Parameter`: called, it makes a tensor. `dtype` is what
    `x.type(torch.LongTensor)` converts to, if that is said."""

    __slots__ = ("dtype",)

    def __init__(self, name: str, function: Callable[..., Any], dtype: DType | None = None) -> None:
        super().__init__(name, function, takes_unknown=True)
        self.dtype = dtype


class LayerInit:
    """The constructor of a layer of torch's own, bound to an instance: what `super().__init__` reaches."""

    __slots__ = ("cls", "receiver")

    def __init__(self, receiver: Module, cls: type) -> None:
        self.receiver = receiver
        self.cls = cls


class Managed:
    """What a function that `contextlib.contextmanager` decorates returns: nothing of it has run yet."""

    __slots__ = ("frame", "function")

    def __init__(self, function: FunctionValue, frame: Frame) -> None:
        self.function = function
        self.frame = frame


class StaticMethod:
    """What `@staticmethod` makes."""

    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function


class ClassMethod:
    """What `@classmethod` makes."""

    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function


class PropertyValue:
    """What `@property` makes; `cached` for `functools.cached_property`."""

    __slots__ = ("getter", "setter")

    def __init__(self, getter: Any, setter: Any = None) -> None:
        self.getter = getter
        self.setter = setter


class Partial(Code):
    """`functools.partial(function, *args, **kwargs)`."""

    python_type = "functools.partial"

    __slots__ = ("args", "function", "kwargs")

    def __init__(self, function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        self.function = function
        self.args = args
        self.kwargs = dict(kwargs)
