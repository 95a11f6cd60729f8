"""Applying fixes: in rounds, until none is left, and never at the price of a file that parses."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from torchlint.diagnostics import Applicability, Diagnostic, Edit
from torchlint.source.document import Document
from torchlint.source.outline import outline, parse

_ROUNDS = 100

Analyze = Callable[[Document], tuple[Diagnostic, ...]]
Refusal = tuple[Diagnostic, str]


@dataclass
class Fixed:
    """A document after its fixes, what is still found in it, what was fixed, and what was refused and why."""

    document: Document
    remaining: tuple[Diagnostic, ...]
    applied: list[Diagnostic] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def is_applicable(diagnostic: Diagnostic, unsafe: bool) -> bool:
    """Whether there is a fix that may be applied; `unsafe` allows those that may change the program."""
    return diagnostic.fix is not None and (unsafe or diagnostic.fix.applicability is Applicability.SAFE)


def fix(document: Document, analyze: Analyze, unsafe: bool) -> Fixed:
    """Apply the fixes of what `analyze` finds; those that overlap wait for a later round."""
    result = Fixed(document, analyze(document))
    seen = {document.text}
    refused: set[tuple[object, ...]] = set()
    for _ in range(_ROUNDS):
        wanted = [d for d in result.remaining if is_applicable(d, unsafe) and _key(d, document) not in refused]
        if not wanted:
            return result
        chosen, text, bad = _apply(document, _apart(wanted))
        refused.update(_key(d, document) for d, _ in bad)
        result.refused += bad
        if not chosen:
            continue
        if text in seen:
            result.refused += [(d, "it undoes another fix, or changes nothing") for d in chosen]
            return result
        seen.add(text)
        document = document.replace(text)
        result.document = document
        result.applied += chosen
        result.remaining = analyze(document)
    result.refused += [(d, f"there is no end after {_ROUNDS} rounds") for d in wanted]
    return result


def _key(diagnostic: Diagnostic, document: Document) -> tuple[object, ...]:
    """What stays of a finding when the lines above it move."""
    assert diagnostic.fix is not None
    row = diagnostic.span.start.row
    line = document.lines[row - 1] if row <= len(document.lines) else ""
    return diagnostic.code, diagnostic.span.start.column, line, tuple(e.text for e in diagnostic.fix.edits)


def _edits(diagnostics: Iterable[Diagnostic]) -> list[Edit]:
    return [edit for d in diagnostics if d.fix for edit in d.fix.edits]


def _apart(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """The findings whose edits touch no edit of a finding before them."""
    chosen: list[Diagnostic] = []
    for diagnostic in diagnostics:
        taken = _edits(chosen)
        if not any(_overlap(a, b) for a in _edits([diagnostic]) for b in taken):
            chosen.append(diagnostic)
    return chosen


def _overlap(a: Edit, b: Edit) -> bool:
    return a.span.start == b.span.start or (a.span.start < b.span.end and b.span.start < a.span.end)


def _apply(document: Document, chosen: list[Diagnostic]) -> tuple[list[Diagnostic], str, list[Refusal]]:
    """What was fixed, the text after it, and what would break the text."""
    text = document.edited(_edits(chosen))
    if _why_not(document, text) is None:
        return chosen, text, []
    kept: list[Diagnostic] = []
    refused: list[Refusal] = []
    for diagnostic in chosen:
        reason = _why_not(document, document.edited(_edits([*kept, diagnostic])))
        if reason is None:
            kept.append(diagnostic)
        else:
            refused.append((diagnostic, reason))
    return kept, document.edited(_edits(kept)), refused


def _why_not(document: Document, text: str) -> str | None:
    if _broken(text) > _broken(document.text):
        return "the result would not parse"
    try:
        document.encode(text)
    except UnicodeEncodeError:
        return f"the result cannot be written as {document.encoding}"
    return None


def _broken(text: str) -> int:
    """How many definitions do not parse."""
    return sum(not isinstance(parse(d), ast.Module) for d in outline(text))


def once(document: Document, diagnostics: Iterable[Diagnostic], unsafe: bool) -> list[Edit]:
    """The edits of the fixes that may be applied together, without those that would break the text."""
    chosen, _, _ = _apply(document, _apart([d for d in diagnostics if is_applicable(d, unsafe)]))
    return _edits(chosen)
