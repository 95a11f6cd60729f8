"""Edits that are no fix of a finding: to silence it, and to write down what was inferred."""

from __future__ import annotations

import re
from collections.abc import Iterator

from torchlint.diagnostics import Edit, Position, Span
from torchlint.dims.printing import show_shape
from torchlint.editor.answers import Answers
from torchlint.source.document import Document

_IGNORE = re.compile(r"#\s*torchlint:\s*ignore\[([^\]]*)\]")
_NEVER = ("syntax-error", "internal-error")


def ignoring(document: Document, row: int, name: str) -> Edit | None:
    """The comment that silences a rule on a line; None where no comment can stand."""
    line = document.lines[row - 1] if row <= len(document.lines) else ""
    if name in _NEVER or line.rstrip().endswith("\\") or line.count('"""') % 2 or line.count("'''") % 2:
        return None
    known = _IGNORE.search(line)
    if known is not None:
        place = Position(row, known.end(1) + 1)
        return Edit(Span(place, place), f", {name}" if known[1].strip() else name)
    start = Position(row, len(line.rstrip()) + 1)
    return Edit(Span(start, Position(row, len(line) + 1)), f"  # torchlint: ignore[{name}]")


def extractions(answers: Answers, wanted: Span) -> Iterator[tuple[str, list[Edit]]]:
    """For each layer that a method makes in a span: what to do, and the edits that make it in `__init__`."""
    for part in answers.parts:
        for one in part.about.extractions if part.rows is None else ():
            start, end = part.span(one.span)
            if start <= wanted.end and wanted.start <= end:
                yield one.title, [Edit(part.span(edit.span), edit.text) for edit in one.edits]


def input_declarations(answers: Answers) -> Iterator[tuple[int, str, Edit]]:
    """For a class whose input was inferred: the rows where one may ask, what it is, and the comment that says so."""
    for part in answers.classes():
        summary = part.about.summary
        cls = next((s for s in part.about.symbols if s.name == part.about.name), None)
        forward = next((s for s in cls.children if s.name == "forward"), None) if cls is not None else None
        if summary is None or cls is None or forward is None or not summary.is_inferred:
            continue
        specs = [(spec.name, show_shape(spec.shape)) for spec in summary.inputs if spec.name]
        row = part.row(forward.span.start.row)
        indent = " " * (forward.span.start.column - 1)
        text = "".join(f"{indent}# torchlint: input {name}: {shape}\n" for name, shape in specs)
        if text:
            place = Position(row, 1)
            shown = ", ".join(f"{name}: {shape}" for name, shape in specs)
            for at in (part.row(cls.selection.start.row), part.row(forward.selection.start.row)):
                yield at, shown, Edit(Span(place, place), text)
