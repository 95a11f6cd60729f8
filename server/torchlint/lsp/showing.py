"""Hover, inlay hints, code lenses and the outline, from memory."""

from __future__ import annotations

from lsprotocol import types

from torchlint.diagnostics import Position, Span
from torchlint.editor.answers import Hint, Placed, Symbol
from torchlint.editor.comments import rule_page
from torchlint.lsp.programs import Program
from torchlint.lsp.state import Server
from torchlint.lsp.workspaces import Display

_KINDS = {
    "class": types.SymbolKind.Class,
    "method": types.SymbolKind.Method,
    "function": types.SymbolKind.Function,
    "layer": types.SymbolKind.Field,
}


def register(server: Server) -> None:
    """Add these features."""
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    server.feature(types.TEXT_DOCUMENT_INLAY_HINT)(_hints)
    server.feature(types.TEXT_DOCUMENT_CODE_LENS)(_lenses)
    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(_symbols)


async def _hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    found = server.find(params.text_document.uri)
    if found is not None:
        await server.answered(found[0])
    return _hover_now(server, params)


def _hover_now(server: Server, params: types.HoverParams) -> types.Hover | None:
    place = server.place(params.text_document.uri, params.position)
    if place is None:
        return None
    program, position = place
    now = position._replace(row=program.move.row(position.row))
    found = rule_page(program.document, now)
    moved = found.span if found is not None else None
    if found is None:
        found = program.answers.hover(position)
        moved = program.move.span(found.span) if found is not None else None
    located = program.located(moved) if moved is not None else None
    if found is None or located is None:
        return None
    cell, span = located
    content = types.MarkupContent(types.MarkupKind.Markdown, found.text)
    return types.Hover(content, server.encoding.range(span, cell.document.lines))


def _hints(server: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
    found = server.find(params.text_document.uri)
    if found is None:
        return []
    program, wanted = found
    display = server.display(program)
    before = program.row_before(wanted)
    rows = range(params.range.start.line + 1 + before, params.range.end.line + 2 + before)
    hints: list[types.InlayHint] = []
    for part in program.answers.parts:
        for hint in part.about.hints:
            if not _is_shown(hint, display):
                continue
            position = program.move.position(part.position(hint.position))
            if position.row in rows and not program.move.touches(part.position(hint.position).row):
                hints.append(_hint(hint, position, program, server))
    return hints


def _is_shown(hint: Hint, display: Display) -> bool:
    if hint.kind == "count":
        return display.counts
    return display.shapes and (display.unchanged_shapes or not hint.is_same)


def _hint(hint: Hint, position: Position, program: Program, server: Server) -> types.InlayHint:
    located = program.located(Span(position, position))
    assert located is not None
    cell, span = located
    return types.InlayHint(
        position=server.encoding.position(span.start, cell.document.lines),
        label=hint.label,
        kind=types.InlayHintKind.Type,
        tooltip=types.MarkupContent(types.MarkupKind.Markdown, hint.tooltip),
        padding_left=True,
    )


def _lenses(server: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    found = server.find(params.text_document.uri)
    if found is None or not server.display(found[0]).code_lens:
        return []
    program, wanted = found
    lenses: list[types.CodeLens] = []
    for part in program.answers.parts:
        for lens in part.about.lenses:
            located = program.located(program.move.span(part.span(lens.span)))
            if located is not None and located[0] is wanted:
                range_ = server.encoding.range(located[1], wanted.document.lines)
                arguments = [{"uri": wanted.uri, "class": lens.class_name}]
                command = "torchlint.chooseContext" if lens.is_choice else "torchlint.showSummary"
                lenses.append(types.CodeLens(range_, types.Command(lens.title, command, None, arguments)))
    return lenses


def _symbols(server: Server, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    found = server.find(params.text_document.uri)
    if found is None:
        return []
    program, wanted = found
    symbols = [_symbol(one, part, program, server) for part in program.answers.parts for one in part.about.symbols]
    return [symbol for symbol, uri in filter(None, symbols) if uri == wanted.uri]


def _symbol(symbol: Symbol, part: Placed, program: Program, server: Server) -> tuple[types.DocumentSymbol, str] | None:
    whole = program.located(program.move.span(part.span(symbol.span)))
    name = program.located(program.move.span(part.span(symbol.selection)))
    if whole is None or name is None:
        return None
    cell = whole[0]
    span = Span(min(whole[1].start, name[1].start), max(whole[1].end, name[1].end))
    children = [child[0] for one in symbol.children if (child := _symbol(one, part, program, server)) is not None]
    lines = cell.document.lines
    made = types.DocumentSymbol(
        symbol.name,
        _KINDS[symbol.kind],
        server.encoding.range(span, lines),
        server.encoding.range(name[1], lines),
        symbol.detail or None,
        children=children or None,
    )
    return made, cell.uri
