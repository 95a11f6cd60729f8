"""`inspect`, and what `typing` says of annotations: signatures and types as they are written in the checked program."""

from __future__ import annotations

import ast
from typing import Any

from torchlint.interpreter.functions import BoundMethod, ClassMethod, FunctionValue, HostFunction, StaticMethod
from torchlint.interpreter.objects import ClassValue, Namespace
from torchlint.values.signature import REQUIRED, ParameterKind, Signature

_KINDS = {
    "POSITIONAL_ONLY": ParameterKind.POSITIONAL_ONLY, "POSITIONAL_OR_KEYWORD": ParameterKind.POSITIONAL,
    "VAR_POSITIONAL": ParameterKind.VAR_POSITIONAL, "KEYWORD_ONLY": ParameterKind.KEYWORD_ONLY,
    "VAR_KEYWORD": ParameterKind.VAR_KEYWORD,
}  # fmt: skip
_EMPTY = Namespace("inspect._empty", {})


def signature_of_value(value: Any) -> Signature | None:
    """The signature by which a value of the checked program is called; None where it is not known."""
    if isinstance(value, FunctionValue):
        wrapped = value.attributes.get("__wrapped__")
        return signature_of_value(wrapped) if wrapped is not None else value.signature
    if isinstance(value, BoundMethod):
        inner = signature_of_value(value.function)
        return inner.without_first() if inner is not None else None
    if isinstance(value, (StaticMethod, ClassMethod)):
        return signature_of_value(value.function)
    if isinstance(value, ClassValue):
        inner = signature_of_value(value.lookup("__init__")[1])
        return inner.without_first() if inner is not None else None
    return None


def _parameter(name: str, kind: ParameterKind, default: Any) -> Namespace:
    members: dict[str, Any] = {"name": name, "kind": kind.value, "default": _EMPTY if default is REQUIRED else default}
    members.update({n: k.value for n, k in _KINDS.items()}, empty=_EMPTY, annotation=_EMPTY)
    return Namespace("parameter", members)


def _signature(m: Any, function: Any, **options: Any) -> Any:
    signature = signature_of_value(function)
    if signature is None:
        return m.unknown("a signature that could not be followed")
    parameters = {p.name: _parameter(p.name, p.kind, p.default) for p in signature.parameters}
    return Namespace("signature", {"parameters": parameters})


def annotations_of_class(m: Any, value: Any) -> Any:
    """The annotations in the body of a class, evaluated."""
    if not isinstance(value, ClassValue):
        return m.unknown("annotations that could not be followed")
    annotated = [s for s in value.node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
    return {s.target.id: m.evaluate_annotation(s.annotation, value.scope) for s in annotated if isinstance(s.target, ast.Name)}


def type_hints(m: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
    """`typing.get_type_hints` of a class: the annotations of its bases too."""
    if not isinstance(value, ClassValue):
        return m.unknown("annotations that could not be followed")
    found: dict[str, Any] = {}
    for entry in reversed(value.mro):
        if isinstance(entry, ClassValue):
            found.update(annotations_of_class(m, entry))
    return found


def _source(m: Any, value: Any) -> Any:
    """`inspect.getsource` of a module, a class or a function."""
    if isinstance(value, (ClassValue, FunctionValue)):
        return value.unit.source(value.node)
    if isinstance(value, Namespace) and value.pieces:
        return "".join(unit.text for unit, _ in value.pieces)
    return m.unknown("a source that could not be read")


class Code(Namespace):
    """What is known of `function.__code__`."""

    __slots__ = ("function",)

    def __init__(self, function: FunctionValue, members: dict[str, Any]) -> None:
        super().__init__("code", members)
        self.function = function


def _new_function(m: Any, code: Any, *args: Any, **kwargs: Any) -> Any:
    """`types.FunctionType(f.__code__, ...)`: a copy of `f`."""
    if not isinstance(code, Code):
        return m.unknown("a function of a code that is not known")
    old = code.function
    made = FunctionValue(old.name, old.node, old.unit, old.closure, old.signature)
    made.owner = old.owner
    return made


FUNCTION_TYPE = HostFunction("FunctionType", _new_function, takes_unknown=True)


def code_of(function: FunctionValue) -> Code:
    """`function.__code__`."""
    parameters = [p.name for p in function.signature.parameters]
    stored = [n.id for n in ast.walk(function.node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    count = sum(p.kind in (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL) for p in function.signature.parameters)
    members = {"co_varnames": tuple(dict.fromkeys([*parameters, *stored])), "co_argcount": count, "co_name": function.name}
    return Code(function, members)


def _predicate(*types: type) -> HostFunction:
    return HostFunction("inspect", lambda m, value: isinstance(value, types), takes_unknown=True)


INSPECT: dict[str, Any] = {
    "signature": HostFunction("inspect.signature", _signature, takes_unknown=True),
    "Parameter": Namespace("inspect.Parameter", {**{n: k.value for n, k in _KINDS.items()}, "empty": _EMPTY}),
    "_empty": _EMPTY,
    "getsource": HostFunction("inspect.getsource", _source, takes_unknown=True),
    "get_annotations": HostFunction("inspect.get_annotations", annotations_of_class, takes_unknown=True),
    "isfunction": _predicate(FunctionValue),
    "isclass": _predicate(ClassValue),
    "ismethod": _predicate(BoundMethod),
}
