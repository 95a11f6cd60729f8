"""The types of the protocol, each made into a class of attrs when it is used first.

`lsprotocol.types` defines 554 of them, for which attrs writes and compiles methods; that takes more than half of the time in
which a server starts, and a session uses a tenth of them. While the module is imported, `attrs.define` is put off. A program
that has imported it before has the types as they are, which is the same but for the time.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any, get_origin, get_type_hints

import attrs

_MODULE = "lsprotocol.types"
_define: Callable[..., type] = attrs.define
_lock = threading.RLock()


class _Later:
    """Stands for the fields of a class, which attrs and cattrs ask for, and defines it then."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __get__(self, instance: object, owner: type) -> Any:
        _finish(self._cls)
        return owner.__attrs_attrs__  # type: ignore[attr-defined]


def _put_off(cls: type) -> type:
    """In the place of `attrs.define`: a class that is defined when it is first instantiated or looked at."""

    def initialize(self: object, *args: object, **keywords: object) -> None:
        _finish(cls)
        cls.__init__(self, *args, **keywords)  # type: ignore[misc]

    cls.__init__ = initialize  # type: ignore[misc]
    cls.__attrs_attrs__ = _Later(cls)  # type: ignore[attr-defined]
    return cls


def _finish(cls: type) -> None:
    with _lock:
        if isinstance(vars(cls).get("__attrs_attrs__"), _Later):
            del cls.__attrs_attrs__, cls.__init__  # type: ignore[attr-defined, misc]
            _define(cls, slots=False)  # with slots, it would be another class
            attrs.resolve_types(cls, sys.modules[_MODULE].ALL_TYPES_MAP, {})


def _import() -> None:
    """Import the types. The converter is kept from resolving the annotations of all classes, which would define each of them;
    that also resolved the names of classes in unions, which pygls finds in the annotations of handlers."""
    if _MODULE in sys.modules:
        return
    attrs.define = _put_off  # type: ignore[assignment]
    try:
        import_module(_MODULE)
    finally:
        attrs.define = _define  # type: ignore[assignment]
    types = sys.modules[_MODULE]
    unions = type("unions", (), {"__annotations__": {name: value for name, value in vars(types).items() if get_origin(value)}})
    get_type_hints(unions, types.ALL_TYPES_MAP, {})
    import_module("lsprotocol._hooks")._resolved_forward_references = True  # type: ignore[attr-defined]


_import()
