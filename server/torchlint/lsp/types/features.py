"""Hover, hints, lenses, the outline, navigation, completion and code actions."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, IntEnum
from typing import Any

from torchlint.lsp.structures import Structure
from torchlint.lsp.types.basic import Command, MarkupContent, Position, Range, TextDocumentIdentifier, TextEdit, WorkspaceEdit
from torchlint.lsp.types.diagnostics import Diagnostic


class HoverParams(Structure):
    text_document: TextDocumentIdentifier
    position: Position


class Hover(Structure):
    contents: MarkupContent
    range: Range | None = None


class InlayHintKind(IntEnum):
    Type = 1
    Parameter = 2


class InlayHintParams(Structure):
    text_document: TextDocumentIdentifier
    range: Range


class InlayHint(Structure):
    position: Position
    label: str
    kind: InlayHintKind | None = None
    text_edits: Sequence[TextEdit] | None = None
    tooltip: str | MarkupContent | None = None
    padding_left: bool | None = None
    padding_right: bool | None = None
    data: Any = None


class CodeLensOptions(Structure):
    resolve_provider: bool | None = None


class CodeLensParams(Structure):
    text_document: TextDocumentIdentifier


class CodeLens(Structure):
    range: Range
    command: Command | None = None
    data: Any = None


class SymbolKind(IntEnum):
    File = 1
    Module = 2
    Namespace = 3
    Package = 4
    Class = 5
    Method = 6
    Property = 7
    Field = 8
    Constructor = 9
    Enum = 10
    Interface = 11
    Function = 12
    Variable = 13
    Constant = 14
    Object = 19


class DocumentSymbolParams(Structure):
    text_document: TextDocumentIdentifier


class DocumentSymbol(Structure):
    name: str
    kind: SymbolKind
    range: Range
    selection_range: Range
    detail: str | None = None
    tags: Sequence[int] | None = None
    deprecated: bool | None = None
    children: Sequence[DocumentSymbol] | None = None


class DefinitionParams(Structure):
    text_document: TextDocumentIdentifier
    position: Position


class ReferenceContext(Structure):
    include_declaration: bool


class ReferenceParams(Structure):
    context: ReferenceContext
    text_document: TextDocumentIdentifier
    position: Position


class CallHierarchyPrepareParams(Structure):
    text_document: TextDocumentIdentifier
    position: Position


class CallHierarchyItem(Structure):
    name: str
    kind: SymbolKind
    uri: str
    range: Range
    selection_range: Range
    tags: Sequence[int] | None = None
    detail: str | None = None
    data: Any = None


class CallHierarchyIncomingCallsParams(Structure):
    item: CallHierarchyItem


class CallHierarchyOutgoingCallsParams(Structure):
    item: CallHierarchyItem


class CallHierarchyIncomingCall(Structure):
    from_: CallHierarchyItem
    from_ranges: Sequence[Range]


class CallHierarchyOutgoingCall(Structure):
    to: CallHierarchyItem
    from_ranges: Sequence[Range]


class CompletionOptions(Structure):
    trigger_characters: Sequence[str] | None = None


class CompletionParams(Structure):
    text_document: TextDocumentIdentifier
    position: Position


class CompletionItemKind(IntEnum):
    Text = 1
    Method = 2
    Function = 3
    Constructor = 4
    Field = 5
    Variable = 6
    Class = 7
    Property = 10
    Value = 12


class CompletionItemLabelDetails(Structure):
    detail: str | None = None
    description: str | None = None


class CompletionItem(Structure):
    label: str
    label_details: CompletionItemLabelDetails | None = None
    kind: CompletionItemKind | None = None
    tags: Sequence[int] | None = None
    detail: str | None = None
    documentation: str | MarkupContent | None = None
    deprecated: bool | None = None
    preselect: bool | None = None
    sort_text: str | None = None
    filter_text: str | None = None
    insert_text: str | None = None
    insert_text_format: int | None = None
    insert_text_mode: int | None = None
    text_edit: TextEdit | None = None


class CompletionList(Structure):
    is_incomplete: bool
    items: Sequence[CompletionItem]


class SignatureHelpOptions(Structure):
    trigger_characters: Sequence[str] | None = None
    retrigger_characters: Sequence[str] | None = None


class SignatureHelpParams(Structure):
    text_document: TextDocumentIdentifier
    position: Position


class ParameterInformation(Structure):
    label: str
    documentation: str | MarkupContent | None = None


class SignatureInformation(Structure):
    label: str
    documentation: str | MarkupContent | None = None
    parameters: Sequence[ParameterInformation] | None = None
    active_parameter: int | None = None


class SignatureHelp(Structure):
    signatures: Sequence[SignatureInformation]
    active_signature: int | None = None
    active_parameter: int | None = None


class CodeActionKind(str, Enum):
    QuickFix = "quickfix"
    Refactor = "refactor"
    RefactorExtract = "refactor.extract"
    RefactorInline = "refactor.inline"
    RefactorMove = "refactor.move"
    RefactorRewrite = "refactor.rewrite"
    Source = "source"
    SourceOrganizeImports = "source.organizeImports"
    SourceFixAll = "source.fixAll"


class CodeActionOptions(Structure):
    code_action_kinds: Sequence[str] | None = None
    documentation: Sequence[Any] | None = None
    resolve_provider: bool | None = None


class CodeActionContext(Structure):
    diagnostics: Sequence[Diagnostic]
    only: Sequence[str] | None = None
    trigger_kind: int | None = None


class CodeActionParams(Structure):
    text_document: TextDocumentIdentifier
    range: Range
    context: CodeActionContext


class CodeActionDisabled(Structure):
    reason: str


class CodeAction(Structure):
    title: str
    kind: str | None = None
    diagnostics: Sequence[Diagnostic] | None = None
    is_preferred: bool | None = None
    disabled: CodeActionDisabled | None = None
    edit: WorkspaceEdit | None = None
    command: Command | None = None
    data: Any = None
