"""Findings as JSON, with the field names of ruff, so that what reads its output reads ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from torchlint.diagnostics import Diagnostic, Fix, Note, Position


def findings(diagnostics: Iterable[Diagnostic], name: Callable[[str], str]) -> str:
    """One list of objects; `name` gives the path of a file as it is to be written."""
    return dump([finding(d, name) for d in diagnostics])


def dump(value: Any) -> str:
    """JSON that people can read, too."""
    return json.dumps(value, indent=2)


def finding(diagnostic: Diagnostic, name: Callable[[str], str]) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "filename": name(diagnostic.path),
        "location": _place(diagnostic.span.start),
        "end_location": _place(diagnostic.span.end),
        "label": diagnostic.label,
        "notes": [_note(n, diagnostic, name) for n in diagnostic.notes],
        "help": diagnostic.help,
        "fix": _fix(diagnostic.fix) if diagnostic.fix else None,
        "url": None,
    }


def _place(position: Position) -> dict[str, int]:
    return {"row": position.row, "column": position.column}


def _note(note: Note, diagnostic: Diagnostic, name: Callable[[str], str]) -> dict[str, Any]:
    if note.span is None:
        return {"message": note.message, "filename": None, "location": None}
    path = diagnostic.path if note.path is None else note.path
    return {"message": note.message, "filename": name(path), "location": _place(note.span.start)}


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"content": e.text, "location": _place(e.span.start), "end_location": _place(e.span.end)} for e in fix.edits]
    return {"applicability": fix.applicability.value, "message": fix.message, "edits": edits}
