"""Binding arguments to parameters as Python does, for functions of the checked program and for operations alike."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from enum import Enum
from types import FunctionType
from typing import Any

from torchlint.values.errors import ShapeError
from torchlint.values.unknown import OpenArguments, OpenKeywords


class ParameterKind(Enum):
    """The five kinds of Python parameters."""

    POSITIONAL_ONLY = 0
    POSITIONAL = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED = _Required()
"""The default of a parameter that has none."""


class Parameter:
    """One parameter: `default` is REQUIRED or the value; `annotation` is source text, "" for none."""

    __slots__ = ("annotation", "default", "kind", "name")

    def __init__(self, name: str, kind: ParameterKind, default: object = REQUIRED, annotation: str = "") -> None:
        self.name = name
        self.kind = kind
        self.default = default
        self.annotation = annotation


class Signature:
    """The parameters of a function, in order."""

    __slots__ = ("by_name", "parameters", "positional", "var_keyword", "var_positional")

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        kinds = ParameterKind
        self.parameters = tuple(parameters)
        self.positional = [p for p in parameters if p.kind in (kinds.POSITIONAL_ONLY, kinds.POSITIONAL)]
        self.by_name = {p.name: p for p in parameters if p.kind in (kinds.POSITIONAL, kinds.KEYWORD_ONLY)}
        self.var_positional = next((p for p in parameters if p.kind is kinds.VAR_POSITIONAL), None)
        self.var_keyword = next((p for p in parameters if p.kind is kinds.VAR_KEYWORD), None)

    def without_first(self) -> Signature:
        """The signature of the bound method."""
        return Signature(self.parameters[1:])

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Values by parameter name; a parameter left out is absent (its default is the caller's business).

        `OpenKeywords` may hold more than was seen: what is missing is then the caller's free choice.
        Raises `ShapeError("bad-call")` where Python would raise TypeError.
        """
        bound: dict[str, Any] = {}
        for parameter, value in zip(self.positional, args):
            bound[parameter.name] = value
        if len(args) > len(self.positional):
            if self.var_positional is None:
                raise self._too_many(len(args))
            bound[self.var_positional.name] = tuple(args[len(self.positional) :])
        elif self.var_positional is not None:
            bound[self.var_positional.name] = ()
        extra: dict[str, Any] = kwargs.others() if isinstance(kwargs, OpenKeywords) else {}
        for name, value in kwargs.items():
            target = self.by_name.get(name)
            if target is None:
                if self.var_keyword is None:
                    raise self._unknown(name, kwargs, bound)
                extra[name] = value
            elif name in bound:
                raise ShapeError(
                    "bad-call", f"{{callee}} got `{name}` twice", torch=f"got multiple values for argument '{name}'"
                )
            else:
                bound[name] = value
        if self.var_keyword is not None:
            bound[self.var_keyword.name] = extra
        if isinstance(kwargs, OpenKeywords) and self.var_positional is not None:
            bound[self.var_positional.name] = OpenArguments(bound[self.var_positional.name], kwargs.chosen)
        missing = [p.name for p in self.parameters if p.default is REQUIRED and p.name not in bound]
        missing = [n for n in missing if not self._is_variadic(n)]
        if isinstance(kwargs, OpenKeywords):
            bound.update({name: kwargs[name] for name in missing})
            return bound
        if missing:
            names = " and ".join(f"`{n}`" for n in missing)
            quoted = " and ".join(f"'{n}'" for n in missing)
            torch = f"missing {len(missing)} required positional argument{'s' * (len(missing) != 1)}: {quoted}"
            raise ShapeError("bad-call", f"{{callee}} is called without {names}", torch=torch)
        return bound

    def _is_variadic(self, name: str) -> bool:
        return any(p is not None and p.name == name for p in (self.var_positional, self.var_keyword))

    def _too_many(self, given: int) -> ShapeError:
        """Python counts `self`, which nobody writes at the call."""
        limit = len(self.positional)
        hidden = int(limit > 0 and self.positional[0].name == "self")
        written = given - hidden
        return ShapeError(
            "bad-call",
            f"{{callee}} takes {_arguments(limit - hidden)}, but {written} {'are' if written != 1 else 'is'} given",
            torch=f"takes {_arguments(limit)} but {given} {'were' if given != 1 else 'was'} given",
        )

    def _unknown(self, name: str, kwargs: Mapping[str, Any], bound: Mapping[str, Any]) -> ShapeError:
        open_names = [n for n in self.by_name if n not in kwargs and n not in bound]
        near = difflib.get_close_matches(name, open_names, n=1)
        return ShapeError(
            "bad-call",
            f"{{callee}} has no argument `{name}`",
            blame=name,
            torch=f"got an unexpected keyword argument '{name}'",
            repair={"rename": (name, near[0])} if near else None,
        )


def _arguments(count: int) -> str:
    return f"{count} positional argument{'s' * (count != 1)}"


def signature_of(function: FunctionType) -> Signature:
    """The signature of a host function, read from its code object (cheaper than `inspect`)."""
    code = function.__code__
    names = code.co_varnames
    defaults = function.__defaults__ or ()
    keyword_defaults = function.__kwdefaults__ or {}
    annotations = function.__annotations__
    positional_only, count, keyword_only = code.co_posonlyargcount, code.co_argcount, code.co_kwonlyargcount
    kinds = ParameterKind
    parameters: list[Parameter] = []
    for index in range(count):
        kind = kinds.POSITIONAL_ONLY if index < positional_only else kinds.POSITIONAL
        back = index - (count - len(defaults))
        default = defaults[back] if back >= 0 else REQUIRED
        parameters.append(Parameter(names[index], kind, default, annotations.get(names[index], "")))
    cursor = count + keyword_only
    if code.co_flags & 0x04:
        parameters.append(Parameter(names[cursor], kinds.VAR_POSITIONAL, (), annotations.get(names[cursor], "")))
        cursor += 1
    for name in names[count : count + keyword_only]:
        parameters.append(Parameter(name, kinds.KEYWORD_ONLY, keyword_defaults.get(name, REQUIRED), annotations.get(name, "")))
    if code.co_flags & 0x08:
        parameters.append(Parameter(names[cursor], kinds.VAR_KEYWORD, {}, annotations.get(names[cursor], "")))
    return Signature(parameters)
