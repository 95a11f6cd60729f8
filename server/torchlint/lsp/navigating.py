"""Between the uses of a layer and its construction, and what fits where something is typed."""

from __future__ import annotations

import re

from lsprotocol import types

from torchlint.diagnostics import Span
from torchlint.editor.answers import Layer, Placed
from torchlint.editor.typing_in import call_around, layer_signature, sizes_here
from torchlint.lsp.programs import Program
from torchlint.lsp.state import Server

_SELF = re.compile(r"\bself\.(\w*)$")


def register(server: Server) -> None:
    """Add these features."""
    server.feature(types.TEXT_DOCUMENT_DEFINITION)(_definition)
    server.feature(types.TEXT_DOCUMENT_REFERENCES)(_references)
    server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[".", "(", ","]))(_complete)
    signature = types.SignatureHelpOptions(trigger_characters=["(", ","])
    server.feature(types.TEXT_DOCUMENT_SIGNATURE_HELP, signature)(_signature)


def _layer_at(server: Server, where: types.DefinitionParams | types.ReferenceParams) -> tuple[Program, Placed, Layer] | None:
    """The layer whose name is used at a position."""
    place = server.place(where.text_document.uri, where.position)
    if place is None:
        return None
    program, position = place
    part = program.answers.at(position.row)
    if part is None:
        return None
    for name, span in part.about.uses:
        placed = part.span(span)
        if placed.start <= position <= placed.end:
            layer = next((one for one in part.about.layers if one.name == name), None)
            return (program, part, layer) if layer is not None else None
    return None


def _location(span: Span, program: Program, server: Server) -> types.Location | None:
    located = program.located(program.move.span(span))
    if located is None:
        return None
    cell, own = located
    return types.Location(cell.uri, server.encoding.range(own, cell.document.lines))


def _definition(server: Server, params: types.DefinitionParams) -> types.Location | None:
    found = _layer_at(server, params)
    if found is None or found[2].made is None:
        return None
    program, part, layer = found
    return _location(part.span(layer.made), program, server) if layer.made is not None else None


def _references(server: Server, params: types.ReferenceParams) -> list[types.Location] | None:
    found = _layer_at(server, params)
    if found is None:
        return None
    program, part, layer = found
    spans = [part.span(span) for name, span in part.about.uses if name == layer.name]
    return [place for span in spans if (place := _location(span, program, server)) is not None]


async def _complete(server: Server, params: types.CompletionParams) -> types.CompletionList | None:
    """The layers behind `self.`; inside the call of a layer, the sizes that fit."""
    found = server.find(params.text_document.uri)
    if found is None:
        return None
    program, cell = found
    own = server.encoding.read(params.position, cell.document.lines)
    position = own._replace(row=own.row + program.row_before(cell))
    line = program.document.lines[position.row - 1][: position.column - 1]
    part = program.answers.at(program.move.back(position.row))
    if part is None:
        return None
    if _SELF.search(line):
        items = [
            types.CompletionItem(one.name, kind=types.CompletionItemKind.Field, detail=f"{one.type} {one.detail}".strip())
            for one in part.about.layers
        ]
        return types.CompletionList(is_incomplete=False, items=items)
    call = call_around(program.document, position)
    if call is None:
        return None
    sizes = sizes_here(call, part, program.move.back(position.row)) or await server.sizes(program, position)
    items = [
        types.CompletionItem(one.text, kind=types.CompletionItemKind.Value, detail=one.why, preselect=True, sort_text="0")
        for one in sizes
    ]
    return types.CompletionList(is_incomplete=False, items=items) if items else None


def _signature(server: Server, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    found = server.find(params.text_document.uri)
    if found is None:
        return None
    program, cell = found
    own = server.encoding.read(params.position, cell.document.lines)
    call = call_around(program.document, own._replace(row=own.row + program.row_before(cell)))
    signature = layer_signature(call) if call is not None else None
    if call is None or signature is None:
        return None
    parameters = [types.ParameterInformation(text) for text in signature.parameters]
    label = f"{signature.name}({', '.join(signature.parameters)})"
    one = types.SignatureInformation(label, parameters=parameters)
    return types.SignatureHelp([one], active_signature=0, active_parameter=signature.active)
