"""Code actions and the command of one, and the summary of a model for the client's own view."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability

from torchlint import fixing
from torchlint.diagnostics import Applicability, Diagnostic, Edit, Span
from torchlint.editor.actions import extractions, ignoring, input_declarations
from torchlint.editor.moving import Move
from torchlint.lsp.choosing import class_in
from torchlint.lsp.pages import page_of
from torchlint.lsp.programs import Program
from torchlint.lsp.state import Server
from torchlint.summary_text import as_json

FIX_ALL = "source.fixAll.torchlint"
_OPEN_PAGE = "torchlint.openPage"


def register(server: Server) -> None:
    """Add these features."""
    kinds = [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite, types.CodeActionKind.RefactorExtract, FIX_ALL]
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=kinds))(_actions)
    server.command(_OPEN_PAGE)(_open_page)
    server.feature("torchlint/summary")(_summary)


async def _actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    found = server.find(params.text_document.uri)
    if found is None:
        return None
    program, cell = found
    await server.known(program)
    before = program.row_before(cell)
    rows = range(params.range.start.line + 1 + before, params.range.end.line + 2 + before)
    only = params.context.only
    actions: list[types.CodeAction] = []
    there = [
        (one, move)
        for one, move in program.found()
        if (span := move.span(one.span)).start.row < rows.stop and span.end.row >= rows.start
    ]
    if _wanted(types.CodeActionKind.QuickFix.value, only):
        for one, move in there:
            actions += _about(one, move, program, server)
    if _wanted(types.CodeActionKind.RefactorRewrite.value, only):
        actions += _declarations(program, rows, server)
    if _wanted(types.CodeActionKind.RefactorExtract.value, only) and program.move.is_still:
        lines = cell.document.lines
        start, end = (server.encoding.read(place, lines) for place in (params.range.start, params.range.end))
        span = Span(start._replace(row=start.row + before), end._replace(row=end.row + before))
        actions += _extractions(program, span, server)
    if only and _wanted(FIX_ALL, only):
        unsafe = server.workspaces.configuration_of(program.path).settings.unsafe_fixes
        edits = fixing.once(program.document, [one for one, move in program.found() if move.is_still], unsafe)
        if edits:
            actions.append(
                types.CodeAction("Fix all that torchlint can fix", FIX_ALL, edit=_workspace_edit(edits, program, server))
            )
    if _wanted(types.CodeActionKind.Empty.value, only) and get_capability(
        server.client_capabilities, "window.show_document.support"
    ):
        actions += _openings({one.name: one for one, _ in there}.values(), program, server)
    return actions


def _wanted(kind: str, only: Any) -> bool:
    """Whether the client asks for actions of a kind: for all, for this one or for one that includes it."""
    return not only or any(kind == str(getattr(o, "value", o)) or kind.startswith(f"{getattr(o, 'value', o)}.") for o in only)


def _about(one: Diagnostic, move: Move, program: Program, server: Server) -> list[types.CodeAction]:
    """The fix of a finding, and the comment that silences it."""
    actions: list[types.CodeAction] = []
    shown = _shown(one, program, server)
    if one.fix is not None and move.is_still:
        safe = one.fix.applicability is Applicability.SAFE
        actions.append(
            types.CodeAction(
                title=one.fix.message,
                kind=types.CodeActionKind.QuickFix,
                diagnostics=shown,
                is_preferred=safe,
                edit=_workspace_edit(one.fix.edits, program, server),
            )
        )
    edit = ignoring(program.document, move.span(one.span).start.row, one.name)
    if edit is not None:
        title = f"Ignore {one.name} on this line"
        edits = _workspace_edit([edit], program, server)
        actions.append(types.CodeAction(title, types.CodeActionKind.QuickFix, diagnostics=shown, edit=edits))
    return actions


def _openings(found: Iterable[Diagnostic], program: Program, server: Server) -> list[types.CodeAction]:
    """The pages of findings. To open one mends nothing: it is of no kind, so that nobody applies it who wants fixes."""
    return [
        types.CodeAction(
            title := f"Open the page of {one.name}",
            types.CodeActionKind.Empty,
            diagnostics=_shown(one, program, server),
            command=types.Command(title, _OPEN_PAGE, None, [one.name]),
        )
        for one in found
        if page_of(one.name) is not None
    ]


async def _open_page(server: Server, rule: str) -> None:
    """Show the page of a rule in the editor."""
    page = page_of(rule)
    if page is not None:
        await server.window_show_document_async(types.ShowDocumentParams(page, take_focus=True))


def _shown(one: Diagnostic, program: Program, server: Server) -> list[types.Diagnostic]:
    """The finding as the client knows it."""
    place = program.located(one.span)
    items = server.reported(program).get(place[0].uri, []) if place is not None else []
    return [item for item in items if item.code == one.code and item.message.startswith(one.message)][:1]


def _declarations(program: Program, rows: range, server: Server) -> list[types.CodeAction]:
    actions: list[types.CodeAction] = []
    if program.move.is_still:
        for row, text, edit in input_declarations(program.answers):
            if row in rows:
                edits = _workspace_edit([edit], program, server)
                actions.append(types.CodeAction(f"Declare the input {text}", types.CodeActionKind.RefactorRewrite, edit=edits))
    return actions


def _extractions(program: Program, span: Span, server: Server) -> list[types.CodeAction]:
    """What a method makes there, made in `__init__`."""
    return [
        types.CodeAction(title, types.CodeActionKind.RefactorExtract, edit=_workspace_edit(edits, program, server))
        for title, edits in extractions(program.answers, span)
    ]


def _workspace_edit(edits: Any, program: Program, server: Server) -> types.WorkspaceEdit:
    """Edits of a program as those of its cells."""
    changes: dict[str, list[types.TextEdit]] = {}
    one: Edit
    for one in edits:
        located = program.located(one.span)
        if located is not None:
            cell, span = located
            text = one.text.replace("\n", cell.document.newline)
            changes.setdefault(cell.uri, []).append(types.TextEdit(server.encoding.range(span, cell.document.lines), text))
    return types.WorkspaceEdit(changes)


async def _summary(server: Server, params: Any) -> Any:
    """The summaries of a file's classes, or of one, as `torchlint summary --format json` has them, with the classes' ranges."""
    found = server.find(params.textDocument.uri)
    if found is None:
        return None
    program, _ = found
    await server.answered(program)
    name = class_in(params)
    made: list[dict[str, Any]] = []
    for part in program.answers.classes():
        summary = part.about.summary
        if summary is None or (name and part.about.name != name):
            continue
        kind = next((s for s in part.about.symbols if s.name == part.about.name), None)
        located = program.located(program.move.span(part.span(kind.span))) if kind is not None else None
        place: dict[str, Any] = {"uri": program.key, "range": None}
        if located is not None:
            span = server.encoding.range(located[1], located[0].document.lines)
            place = {
                "uri": located[0].uri,
                "range": {
                    "start": {"line": span.start.line, "character": span.start.character},
                    "end": {"line": span.end.line, "character": span.end.character},
                },
            }
        made.append({**as_json(summary), **place})
    return made[0] if len(made) == 1 else made or None
