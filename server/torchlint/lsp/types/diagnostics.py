"""Diagnostics, pulled and published."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from torchlint.lsp.structures import Structure
from torchlint.lsp.types.basic import Location, Range, TextDocumentIdentifier


class DiagnosticSeverity(IntEnum):
    Error = 1
    Warning = 2
    Information = 3
    Hint = 4


class DiagnosticTag(IntEnum):
    Unnecessary = 1
    Deprecated = 2


class CodeDescription(Structure):
    href: str


class DiagnosticRelatedInformation(Structure):
    location: Location
    message: str


class Diagnostic(Structure):
    range: Range
    message: str
    severity: DiagnosticSeverity | None = None
    code: int | str | None = None
    code_description: CodeDescription | None = None
    source: str | None = None
    tags: Sequence[DiagnosticTag] | None = None
    related_information: Sequence[DiagnosticRelatedInformation] | None = None
    data: Any = None


class PublishDiagnosticsParams(Structure):
    uri: str
    diagnostics: Sequence[Diagnostic]
    version: int | None = None


class DiagnosticOptions(Structure):
    inter_file_dependencies: bool
    workspace_diagnostics: bool
    identifier: str | None = None


class DocumentDiagnosticParams(Structure):
    text_document: TextDocumentIdentifier
    identifier: str | None = None
    previous_result_id: str | None = None


class RelatedFullDocumentDiagnosticReport(Structure):
    items: Sequence[Diagnostic]
    kind: str = "full"
    result_id: str | None = None


class RelatedUnchangedDocumentDiagnosticReport(Structure):
    result_id: str
    kind: str = "unchanged"


DocumentDiagnosticReport = RelatedFullDocumentDiagnosticReport | RelatedUnchangedDocumentDiagnosticReport


class PreviousResultId(Structure):
    uri: str
    value: str


class WorkspaceDiagnosticParams(Structure):
    previous_result_ids: Sequence[PreviousResultId]


class WorkspaceFullDocumentDiagnosticReport(Structure):
    uri: str
    items: Sequence[Diagnostic]
    version: int | None = None
    kind: str = "full"
    result_id: str | None = None


class WorkspaceUnchangedDocumentDiagnosticReport(Structure):
    uri: str
    result_id: str
    version: int | None = None
    kind: str = "unchanged"


WorkspaceDocumentDiagnosticReport = WorkspaceFullDocumentDiagnosticReport | WorkspaceUnchangedDocumentDiagnosticReport


class WorkspaceDiagnosticReport(Structure):
    items: Sequence[WorkspaceDocumentDiagnosticReport]
