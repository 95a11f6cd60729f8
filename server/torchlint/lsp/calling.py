"""The call hierarchy: who calls a function or the `forward` of a class, and whom it calls."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls import uris

from torchlint.diagnostics import Position, Span
from torchlint.editor.answers import Call
from torchlint.lsp.programs import Program
from torchlint.lsp.state import Server
from torchlint.source.document import DecodeError, Document


def register(server: Server) -> None:
    """Add these features."""
    server.feature(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY)(_prepare)
    server.feature(types.CALL_HIERARCHY_INCOMING_CALLS)(_incoming)
    server.feature(types.CALL_HIERARCHY_OUTGOING_CALLS)(_outgoing)


def _prepare(server: Server, params: types.CallHierarchyPrepareParams) -> list[types.CallHierarchyItem] | None:
    """What is called at a position, or defined there."""
    found = server.place(params.text_document.uri, params.position)
    if found is None:
        return None
    program, position = found
    part = program.answers.at(position.row)
    if part is None:
        return None
    called = [c for c in part.about.calls if _contains(part.span(c.site), position)]
    if called:
        inner = max(called, key=lambda call: call.site.start)
        items = [_callee(call, program, server) for call in called if call.site == inner.site]
    else:
        names = [s.name for s in part.about.symbols]
        names += [f"{s.name}.{child.name}" for s in part.about.symbols for child in s.children if child.kind == "method"]
        at = [n for n in names if (one := program.answers.symbol(n)) and _contains(part.span(one[1].selection), position)]
        items = [_item(_entry(name, program), program, server) for name in at[-1:]]
    return [item for item in items if item is not None] or None


def _contains(span: Span, position: Position) -> bool:
    return span.start <= position <= span.end


def _entry(name: str, program: Program) -> str:
    """A function or method by its name; of a class, its `forward` or constructor."""
    found = program.answers.symbol(name)
    if found is None or found[1].kind != "class":
        return name
    methods = [child.name for child in found[1].children if child.kind == "method"]
    return next((f"{name}.{method}" for method in ("forward", "__init__") if method in methods), name)


def _callee(call: Call, program: Program, server: Server) -> types.CallHierarchyItem | None:
    if call.path is None:
        return _item(call.callee, program, server)
    uri = uris.from_fs_path(call.path)
    other = server.programs.get(uri or "")
    if other is not None:
        return _item(call.callee, other, server)
    if uri is None or call.place is None:
        return None
    try:
        lines = Document.read(Path(call.path)).lines
    except (OSError, DecodeError):
        return None
    place = server.encoding.range(call.place, lines)
    return types.CallHierarchyItem(call.callee, _kind(call.callee), uri, place, place)


def _kind(name: str) -> types.SymbolKind:
    return types.SymbolKind.Method if "." in name else types.SymbolKind.Function if name else types.SymbolKind.File


def _item(name: str, program: Program, server: Server) -> types.CallHierarchyItem | None:
    """A function of a program; the file itself for code outside of functions."""
    if not name:
        cell = program.cells[0]
        whole = types.Range(types.Position(0, 0), types.Position(max(0, len(cell.document.lines) - 1), 0))
        start = types.Range(whole.start, whole.start)
        return types.CallHierarchyItem(Path(program.path).name, _kind(name), cell.uri, whole, start, data={"name": name})
    found = program.answers.symbol(name)
    if found is None:
        return None
    part, symbol = found
    whole_place = program.located(program.move.span(part.span(symbol.span)))
    name_place = program.located(program.move.span(part.span(symbol.selection)))
    if whole_place is None or name_place is None:
        return None
    lines = name_place[0].document.lines
    return types.CallHierarchyItem(
        name,
        _kind(name),
        name_place[0].uri,
        server.encoding.range(whole_place[1], lines),
        server.encoding.range(name_place[1], lines),
        detail=symbol.detail or None,
        data={"name": name},
    )


def _site(program: Program, span: Span, server: Server) -> types.Range | None:
    located = program.located(program.move.span(span))
    return server.encoding.range(located[1], located[0].document.lines) if located is not None else None


def _incoming(server: Server, params: types.CallHierarchyIncomingCallsParams) -> list[types.CallHierarchyIncomingCall] | None:
    """The functions of open files that call it, each with the places where it does."""
    found = server.find(params.item.uri)
    path = found[0].path if found is not None else server.path_of(params.item.uri)
    name = _name(params.item)
    sites: dict[tuple[str, str], tuple[Program, list[types.Range]]] = {}
    for program in server.programs.values():
        for part in program.answers.parts:
            for call in part.about.calls:
                site = _site(program, part.span(call.site), server)
                if call.callee == name and site is not None and (call.path or program.path) == path:
                    sites.setdefault((program.key, call.caller), (program, []))[1].append(site)
    return [
        types.CallHierarchyIncomingCall(item, ranges)
        for (_, caller), (program, ranges) in sites.items()
        if (item := _item(caller, program, server)) is not None
    ]


def _outgoing(server: Server, params: types.CallHierarchyOutgoingCallsParams) -> list[types.CallHierarchyOutgoingCall] | None:
    """The functions that it calls, each with the places where it does."""
    found = server.find(params.item.uri)
    if found is None:
        return None
    program, _ = found
    name = _name(params.item)
    sites: dict[tuple[str, str | None], tuple[Call, list[types.Range]]] = {}
    for part in program.answers.parts:
        for call in part.about.calls:
            site = _site(program, part.span(call.site), server)
            if call.caller == name and site is not None:
                sites.setdefault((call.callee, call.path), (call, []))[1].append(site)
    return [
        types.CallHierarchyOutgoingCall(item, ranges)
        for call, ranges in sites.values()
        if (item := _callee(call, program, server)) is not None
    ]


def _name(item: types.CallHierarchyItem) -> str:
    """The name of an item, as it was given to the client; one without data is of a file that was not open."""
    return str(item.data["name"]) if isinstance(item.data, dict) else str(getattr(item.data, "name", item.name))
