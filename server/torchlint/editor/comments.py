"""The page of a rule whose name or code stands in a comment that silences it."""

from __future__ import annotations

from torchlint.diagnostics import Position, Span
from torchlint.editor.answers import Hover
from torchlint.rules import all_rules
from torchlint.source.document import Document
from torchlint.source.suppressions import Suppressions


def rule_page(document: Document, position: Position) -> Hover | None:
    """The page of the rule that a comment names at a position."""
    line = document.lines[position.row - 1] if position.row <= len(document.lines) else ""
    if "#" not in line[: position.column]:
        return None
    for comment in Suppressions.of(document).all():
        if comment.span.start.row == position.row and comment.span.start <= position <= comment.span.end:
            for word in comment.rules or ():
                start = line.find(word, comment.span.start.column - 1) + 1
                if start <= position.column <= start + len(word):
                    return _page(word, Span(Position(position.row, start), Position(position.row, start + len(word))))
    return None


def _page(word: str, span: Span) -> Hover | None:
    for rule in all_rules():
        if word in (rule.name, rule.code) or word.upper() == rule.code:
            return Hover(span, f"# {rule.name} ({rule.code})\n\n{rule.page}")
    return None
