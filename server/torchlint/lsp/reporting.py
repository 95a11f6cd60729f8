"""Diagnostics for the client: pulled where it pulls, published otherwise, never both."""

from __future__ import annotations

import hashlib

from lsprotocol import types
from pygls import uris

from torchlint.diagnostics import Diagnostic, Note, Severity, Span
from torchlint.editor.moving import Move
from torchlint.lsp.pages import page_of
from torchlint.lsp.positions import Encoding
from torchlint.lsp.programs import Cell, Program
from torchlint.source.document import DecodeError
from torchlint.source.texts import Texts

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_TAGS = {"unused-layer": types.DiagnosticTag.Unnecessary}
SOURCE = "torchlint"


def reported(program: Program, encoding: Encoding, texts: Texts, has_links: bool) -> dict[str, list[types.Diagnostic]]:
    """The diagnostics of each cell, with an empty list where there are none; `has_links` if their codes lead to pages."""
    found: dict[str, list[types.Diagnostic]] = {cell.uri: [] for cell in program.cells}
    for diagnostic, move in program.found():
        place = program.located(move.span(diagnostic.span))
        if place is not None:
            cell, span = place
            found[cell.uri].append(_converted(diagnostic, cell, span, program, move, encoding, texts, has_links))
    return found


def result_id(items: list[types.Diagnostic]) -> str:
    """The same for equal diagnostics."""
    return hashlib.sha1(repr(items).encode(errors="replace")).hexdigest()


def _converted(
    diagnostic: Diagnostic,
    cell: Cell,
    span: Span,
    program: Program,
    move: Move,
    encoding: Encoding,
    texts: Texts,
    has_links: bool,
) -> types.Diagnostic:
    said = [note.message for note in diagnostic.notes if note.span is None]
    message = "\n".join([diagnostic.message, *said, *([f"help: {diagnostic.help}"] if diagnostic.help else [])])
    related = [_related(note, program, move, encoding, texts) for note in diagnostic.notes if note.span is not None]
    tag = _TAGS.get(diagnostic.name)
    page = page_of(diagnostic.name) if has_links else None
    return types.Diagnostic(
        range=encoding.range(span, cell.document.lines),
        message=message,
        severity=_SEVERITIES[diagnostic.severity],
        code=diagnostic.code,
        code_description=types.CodeDescription(page) if page is not None else None,
        source=SOURCE,
        tags=[tag] if tag is not None else None,
        related_information=[one for one in related if one is not None] or None,
        data={"name": diagnostic.name, "fix": diagnostic.fix.message if diagnostic.fix is not None else None},
    )


def _related(
    note: Note, program: Program, move: Move, encoding: Encoding, texts: Texts
) -> types.DiagnosticRelatedInformation | None:
    assert note.span is not None
    if note.path is None or note.path == program.path:
        place = program.located(move.span(note.span))
        if place is None:
            return None
        uri, range_ = place[0].uri, encoding.range(place[1], place[0].document.lines)
    else:
        try:
            lines = texts.read(note.path).lines
        except (OSError, DecodeError):
            lines = []
        uri, range_ = uris.from_fs_path(note.path) or note.path, encoding.range(note.span, lines)
    return types.DiagnosticRelatedInformation(types.Location(uri, range_), note.message)
