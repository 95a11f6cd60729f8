"""Documents and notebooks that are opened, edited and closed."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.lsp.structures import Structure
from torchlint.lsp.types.basic import Range, TextDocumentIdentifier, TextDocumentItem, VersionedTextDocumentIdentifier


class DidOpenTextDocumentParams(Structure):
    text_document: TextDocumentItem


class TextDocumentContentChangeEvent(Structure):
    """The new text of a range, or without one of everything: a union of two structures in the specification."""

    text: str
    range: Range | None = None


class DidChangeTextDocumentParams(Structure):
    text_document: VersionedTextDocumentIdentifier
    content_changes: Sequence[TextDocumentContentChangeEvent]


class DidCloseTextDocumentParams(Structure):
    text_document: TextDocumentIdentifier


class DidSaveTextDocumentParams(Structure):
    text_document: TextDocumentIdentifier


class NotebookDocumentFilterNotebookType(Structure):
    notebook_type: str


class NotebookCellLanguage(Structure):
    language: str


class NotebookDocumentFilterWithNotebook(Structure):
    notebook: NotebookDocumentFilterNotebookType
    cells: Sequence[NotebookCellLanguage] | None = None


class NotebookDocumentSyncOptions(Structure):
    notebook_selector: Sequence[NotebookDocumentFilterWithNotebook]


class NotebookCell(Structure):
    kind: int
    document: str


class NotebookDocument(Structure):
    uri: str
    notebook_type: str
    version: int
    cells: Sequence[NotebookCell]


class NotebookDocumentIdentifier(Structure):
    uri: str


class VersionedNotebookDocumentIdentifier(Structure):
    version: int
    uri: str


class NotebookCellArrayChange(Structure):
    start: int
    delete_count: int
    cells: Sequence[NotebookCell] | None = None


class NotebookDocumentCellChangeStructure(Structure):
    array: NotebookCellArrayChange
    did_open: Sequence[TextDocumentItem] | None = None


class NotebookDocumentCellContentChanges(Structure):
    document: VersionedTextDocumentIdentifier
    changes: Sequence[TextDocumentContentChangeEvent]


class NotebookDocumentCellChanges(Structure):
    structure: NotebookDocumentCellChangeStructure | None = None
    text_content: Sequence[NotebookDocumentCellContentChanges] | None = None


class NotebookDocumentChangeEvent(Structure):
    cells: NotebookDocumentCellChanges | None = None


class DidOpenNotebookDocumentParams(Structure):
    notebook_document: NotebookDocument
    cell_text_documents: Sequence[TextDocumentItem]


class DidChangeNotebookDocumentParams(Structure):
    notebook_document: VersionedNotebookDocumentIdentifier
    change: NotebookDocumentChangeEvent


class DidCloseNotebookDocumentParams(Structure):
    notebook_document: NotebookDocumentIdentifier
