"""Places, texts and edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from torchlint.lsp.structures import Structure


class Position(Structure):
    line: int
    character: int


class Range(Structure):
    start: Position
    end: Position


class Location(Structure):
    uri: str
    range: Range


class TextDocumentIdentifier(Structure):
    uri: str


class VersionedTextDocumentIdentifier(Structure):
    version: int
    uri: str


class TextDocumentItem(Structure):
    uri: str
    language_id: str
    version: int
    text: str


class TextEdit(Structure):
    range: Range
    new_text: str


class WorkspaceEdit(Structure):
    changes: Mapping[str, Sequence[TextEdit]] | None = None


class Command(Structure):
    title: str
    command: str
    tooltip: str | None = None
    arguments: Sequence[Any] | None = None


class MarkupKind(str, Enum):
    PlainText = "plaintext"
    Markdown = "markdown"


class MarkupContent(Structure):
    kind: MarkupKind
    value: str
