"""Imports that nobody has used yet: modules that are read when something of them is, and what `from module import *` gives."""

from __future__ import annotations

import builtins
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from torchlint.interpreter.objects import Lazy, Namespace
from torchlint.source.finder import absolute_name
from torchlint.values.unknown import Unruled

if TYPE_CHECKING:
    from torchlint.interpreter.modules import World


_STAR = re.compile(rb"^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*\(?[ \t]*\*", re.MULTILINE)
_COMPUTES = re.compile(rb"globals\(\)\s*(?:\.|\[[^\"'])|^def __getattr__", re.MULTILINE)
_ALL = re.compile(rb"^__all__ *= *[\[(]", re.MULTILINE)


class LazyModule(Lazy):
    """A module that is imported and that nobody has read yet."""

    __slots__ = ("_path", "_world")

    def __init__(self, world: World, path: str, name: str) -> None:
        super().__init__(lambda: world.load(path, name))
        self._path = path
        self._world = world

    def may_define(self, name: str) -> bool:
        """Whether its text binds the name, as far as a glance tells, or that of a module whose names it takes: packages that
        import a thousand modules by star are searched without running them."""
        return self._may_define(self._path, name, set())

    def _may_define(self, path: str, name: str, seen: set[str]) -> bool:
        world = self._world
        if path in world.namespaces:
            return True
        seen.add(path)
        try:
            text = world.texts.read_bytes(path)
        except OSError:
            return False
        if _may_bind(text, name):
            return True
        for source in _STAR.findall(text):
            dotted = absolute_name(source.decode(), path)
            is_read = dotted is not None and dotted.partition(".")[0] not in world.unread
            found = world.finder.find(dotted, path) if dotted is not None and is_read else None
            if found is None or (found not in seen and self._may_define(found, name, seen)):
                return True
        return False


def _may_bind(text: bytes, name: str) -> bool:
    """Whether a text binds the name, as far as a glance tells, or names that it computes."""
    if b"import *" in text and _COMPUTES.search(text):
        return True
    if name.encode() not in text:
        return False
    if _ALL.search(text) and b"__all__ +=" not in text and b".__all__" not in text:
        return re.search(rb"[\"']%b[\"']" % re.escape(name).encode(), text) is not None
    return _binding_of(name).search(text) is not None


@lru_cache(maxsize=256)
def _binding_of(name: str) -> re.Pattern[bytes]:
    """What a line looks like that may bind a name: its definition, an assignment, an import (of several lines, perhaps)."""
    word = re.escape(name).encode()
    return re.compile(
        rb"^\s*(?:async\s+)?(?:class|def)\s+%(w)b\b|^\s*%(w)b\s*[:=,]|^\s*%(w)b\s*\)?$|\bimport\b.*\b%(w)b\b|\bas\s+%(w)b\b"
        % {b"w": word},
        re.MULTILINE,
    )


class StarImport:
    """What `from module import *` provides: called with a name, the value in the module or None."""

    __slots__ = ("_module", "_world")

    def __init__(self, module: Any, world: World) -> None:
        self._module = module
        self._world = world

    def module(self) -> Any:
        """The module, read now if nobody has asked for it."""
        return self._module.load() if isinstance(self._module, Lazy) else self._module

    def __call__(self, name: str) -> Any:
        if isinstance(self._module, LazyModule) and not self._module.may_define(name):
            return None
        source = self.module()
        if not isinstance(source, Namespace):
            return None
        member = source.members.get(name)
        if member is not None and not (isinstance(member, Lazy) and member.is_loading):
            return self._world.current.get_attribute(source, name)
        found = source.resolve(name) if source.resolve is not None else None
        return None if isinstance(found, Unruled) and hasattr(builtins, name) else found
