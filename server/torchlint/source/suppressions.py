"""Comments that silence: `# torchlint: ignore[name]`, `# torchlint: ignore-file` and `# noqa: TL101`.

A comment silences what is reported on its own line; at the end of a statement of several lines, what is
reported on any of them. What looks like such a comment inside a string is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from torchlint.diagnostics import Diagnostic, Position, Span
from torchlint.source.document import Document
from torchlint.source.outline import outline
from torchlint.source.scan import LogicalLine, logical_lines

_HINT = re.compile(r"torchlint:|noqa", re.IGNORECASE)
_IGNORE = re.compile(r"#\s*torchlint:\s*ignore(?P<file>-file)?(?![\w-])(?:\s*\[(?P<names>[^\]]*)\])?", re.IGNORECASE)
_NOQA = re.compile(r"#\s*noqa(?![\w-])(?::[ \t]*(?P<codes>[A-Z]+[0-9]+(?:[ \t,]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)


class Suppression:
    """One comment; `rules` are the names, codes and code prefixes that it lists, None for all.

    `used` collects those of them that silenced something ("" for all). `foreign` comments (`# noqa`) may
    speak to other linters as well.
    """

    __slots__ = ("foreign", "rules", "span", "used")

    def __init__(self, span: Span, rules: tuple[str, ...] | None, foreign: bool) -> None:
        self.span = span
        self.rules = rules
        self.foreign = foreign
        self.used: set[str] = set()

    def silences(self, diagnostic: Diagnostic) -> bool:
        """Whether the comment lists the finding's rule; records that it was used."""
        if self.rules is None:
            self.used.add("")
            return True
        listed = [r for r in self.rules if r == diagnostic.name or diagnostic.code.startswith(r.upper())]
        self.used.update(listed)
        return bool(listed)

    def unused(self) -> tuple[str, ...] | None:
        """The listed rules that silenced nothing, in order; None if all of the comment did."""
        if self.rules is None:
            return () if self.used else None
        left = tuple(rule for rule in self.rules if rule not in self.used)
        return None if len(left) == len(self.rules) else left


class Suppressions:
    """The silencing comments of one file, by the rows that they speak for."""

    def __init__(self, of_file: list[Suppression], by_row: dict[int, list[Suppression]]) -> None:
        self._of_file = of_file
        self._by_row = by_row

    @classmethod
    def of(cls, document: Document) -> Suppressions:
        """The comments of a document; of a half-typed one too."""
        of_file: list[Suppression] = []
        by_row: dict[int, list[Suppression]] = {}
        if _HINT.search(document.text) is None:
            return cls(of_file, by_row)
        at_top = True  # only strings (the docstring) and comments so far
        for line in _lines(document):
            for start, end in line.comments:
                if _HINT.search(document.text, start, end) is None:
                    continue
                first, last = document.position(line.start).row, document.position(line.end - 1).row
                place = document.position(start)
                alone = line.code < 0 and start == line.start
                for suppression, whole_file in _read(document.text[start:end], place):
                    if whole_file:
                        if at_top and alone:
                            of_file.append(suppression)
                        continue
                    rows = range(first, last + 1) if place.row == last else (place.row,)
                    for row in rows:
                        by_row.setdefault(row, []).append(suppression)
            if line.code >= 0 and document.text[line.code] not in "\"'":
                at_top = False
        return cls(of_file, by_row)

    def silences(self, diagnostic: Diagnostic) -> bool:
        """Whether a comment silences the finding; every comment that does is marked as used."""
        here = self._by_row.get(diagnostic.span.start.row, [])
        silencing = [s for s in (*self._of_file, *here) if s.silences(diagnostic)]
        return bool(silencing)

    def all(self) -> tuple[Suppression, ...]:
        """Every comment once, in the order of the text."""
        found = {id(s): s for s in self._of_file}
        found.update((id(s), s) for row in self._by_row.values() for s in row)
        return tuple(sorted(found.values(), key=lambda s: s.span))


def _lines(document: Document) -> Iterator[LogicalLine]:
    """The logical lines, each definition read alone: an open bracket in one hides no comment of the next. One that silences
    nothing is given as one line; the first one is read, for it may be nothing but comments and the docstring."""
    offset = 0
    for definition in outline(document.text):
        if (offset or definition.kind != "statements") and _HINT.search(definition.text) is None:
            end = offset + len(definition.text)
            yield LogicalLine(offset, end, offset, False, ())
            offset = end
            continue
        for line in _lines_of(definition.text):
            comments = tuple((start + offset, end + offset) for start, end in line.comments)
            code = line.code + offset if line.code >= 0 else -1
            yield LogicalLine(line.start + offset, line.end + offset, code, line.indented, comments)
        offset += len(definition.text)


@lru_cache(maxsize=128)
def _lines_of(text: str) -> tuple[LogicalLine, ...]:
    return tuple(logical_lines(text))


def _read(comment: str, place: Position) -> Iterator[tuple[Suppression, bool]]:
    """The suppressions that a comment holds, each with whether it is for the whole file."""

    def span(found: re.Match[str]) -> Span:
        return Span(*(Position(place.row, place.column + offset) for offset in found.span()))

    for found in _IGNORE.finditer(comment):
        names = found["names"]
        rules = None if names is None else tuple(n.strip() for n in names.split(",") if n.strip())
        yield Suppression(span(found), rules, foreign=False), found["file"] is not None
    for found in _NOQA.finditer(comment):
        codes = found["codes"]
        rules = None if codes is None else tuple(re.split(r"[ \t,]+", codes.upper()))
        yield Suppression(span(found), rules, foreign=True), False
