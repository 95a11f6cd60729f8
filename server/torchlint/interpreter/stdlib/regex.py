"""`re`, on texts that are so short for the pattern that no search takes long. Longer ones are Unknown."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from torchlint.interpreter.functions import HostFunction
from torchlint.values.errors import Undecided
from torchlint.values.unknown import Unknown

if sys.version_info >= (3, 11):
    from re import _constants as _codes  # type: ignore[attr-defined]
    from re import _parser
else:
    import sre_constants as _codes
    import sre_parse as _parser

_MOST_STEPS = 10_000_000
_LONGEST_PATTERN = 2_000
_FEW = 8  # rounds of a loop that is as good as none
_AMBIGUOUS = (16, 10, 8)  # characters of a text, by how deep loops are nested whose rounds can be cut in several ways
_LOOPS = (_codes.MAX_REPEAT, _codes.MIN_REPEAT)


class _Shape:
    """How many loops a pattern has, and how deep they are nested."""

    def __init__(self) -> None:
        self.loops = 0
        self.depth = 0

    def visit(self, parsed: Any, depth: int) -> None:
        for code, argument in parsed:
            if code in (_codes.GROUPREF, _codes.GROUPREF_EXISTS):
                raise Undecided("a pattern refers to its own groups")
            is_loop = code in _LOOPS and argument[1] > _FEW
            inner = depth + is_loop
            if is_loop:
                self.loops += 1
                self.depth = max(self.depth, depth)
            elif depth and code in (*_LOOPS, _codes.BRANCH):
                self.depth = max(self.depth, depth)
            for part in _parts(code, argument):
                self.visit(part, inner)


def _parts(code: Any, argument: Any) -> list[Any]:
    if code is _codes.BRANCH:
        return list(argument[1])
    if code in (*_LOOPS, _codes.SUBPATTERN, _codes.ASSERT, _codes.ASSERT_NOT, getattr(_codes, "POSSESSIVE_REPEAT", None)):
        return [argument[-1]]
    return [argument] if code is getattr(_codes, "ATOMIC_GROUP", None) else []


@lru_cache(maxsize=256)
def _longest_text(pattern: str, flags: int) -> int:
    """The length of a text that the pattern is surely done with soon."""
    if len(pattern) > _LONGEST_PATTERN:
        raise Undecided("a pattern is too long to be judged")
    shape = _Shape()
    shape.visit(_parser.parse(pattern, flags), 0)
    if shape.depth:
        return _AMBIGUOUS[min(shape.depth, len(_AMBIGUOUS)) - 1]
    return int(_MOST_STEPS ** (1 / (shape.loops + 1)))


def _compile(m: Any, pattern: Any, flags: Any = 0) -> Any:
    if isinstance(pattern, re.Pattern):
        return pattern
    if not isinstance(pattern, str) or not isinstance(flags, int):
        raise Undecided("a pattern is not known")
    _longest_text(pattern, flags)
    return re.compile(pattern, flags)


def _check(pattern: re.Pattern[str], text: Any) -> None:
    if not isinstance(text, str):
        raise Undecided("a text is not known")
    if len(text) > _longest_text(pattern.pattern, pattern.flags & ~re.UNICODE):
        raise Undecided("a text is too long for the pattern")


def _searching(name: str) -> Callable[..., Any]:
    """A function of a pattern and a text."""

    def run(m: Any, pattern: Any, text: Any, *rest: Any, flags: Any = 0) -> Any:
        compiled = _compile(m, pattern, flags)
        _check(compiled, text)
        if any(isinstance(r, Unknown) for r in rest):
            raise Undecided("where a search begins is not known")
        found = getattr(compiled, name)(text, *rest)
        return list(found) if name == "finditer" else found

    return run


def _replacing(name: str) -> Callable[..., Any]:
    def run(m: Any, pattern: Any, new: Any, text: Any, count: Any = 0, flags: Any = 0) -> Any:
        compiled = _compile(m, pattern, flags)
        _check(compiled, text)

        def replace(match: re.Match[str]) -> str:
            made = m.call_value(new, (match,), {})
            if not isinstance(made, str):
                raise Undecided("what a match is replaced with is not known")
            return made

        if isinstance(new, Unknown) or not isinstance(count, int):
            raise Undecided("what a match is replaced with is not known")
        return getattr(compiled, name)(new if isinstance(new, str) else replace, text, count)

    return run


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: _searching(name) for name in ("search", "match", "fullmatch", "findall", "finditer", "split")},
    **{name: _replacing(name) for name in ("sub", "subn")},
}
_MATCH = ("group", "groups", "groupdict", "start", "end", "span")


def method(value: re.Pattern[str] | re.Match[str], name: str) -> Any:
    """A method or attribute of a pattern or a match; None where there is none."""
    if isinstance(value, re.Pattern):
        if name in _FUNCTIONS:
            return HostFunction(name, lambda m, *a, **k: _FUNCTIONS[name](m, value, *a, **k), takes_unknown=True)
        return getattr(value, name) if name in ("pattern", "flags", "groups", "groupindex") else None
    if name in _MATCH:
        return HostFunction(name, getattr(value, name))
    return getattr(value, name) if name in ("string", "re", "pos", "endpos", "lastindex", "lastgroup") else None


REGEX: dict[str, Any] = {
    **{name: HostFunction(f"re.{name}", f, takes_unknown=True) for name, f in {**_FUNCTIONS, "compile": _compile}.items()},
    "escape": HostFunction("re.escape", re.escape),
    **{str(f.name): int(f) for f in re.RegexFlag},
    **{short: int(getattr(re, short)) for short in "AIMSXU"},
    "error": re.error, "Pattern": re.Pattern, "Match": re.Match,
}  # fmt: skip
