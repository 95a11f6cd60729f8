"""What fits into the call of a layer that lacks sizes while it is typed: the file is analysed with holes in their places."""

from __future__ import annotations

from typing import NamedTuple

from torchlint.analysis import Analysis
from torchlint.diagnostics import Position
from torchlint.dims.expr import Kind, symbols_of
from torchlint.dims.printing import plain
from torchlint.editor.typing_in import KEYWORD, Call, LayerSignature, Size, call_around, layer_signature, written
from torchlint.rules.why import what_fits
from torchlint.source.document import Document

_HOLE = "..."
_MOST_ROWS = 30
_MOST_VALUES = 4
_LONGEST = 40


class Opened(NamedTuple):
    """A file with holes: the call as it was written, the parameter that is being typed, and where its hole is."""

    document: Document
    call: Call
    parameter: str
    place: Position


def opened(document: Document, position: Position) -> Opened | None:
    """The file with the call of a layer around a position completed by holes; None where the argument there is written, or the
    call is no such call."""
    call = call_around(document, position)
    signature = layer_signature(call) if call is not None else None
    if call is None or signature is None or signature.active is None:
        return None
    text = document.text
    end = _end(document, call.start, document.offset(position))
    arguments = _arguments(text[call.start : end], document.offset(position) - call.start, signature)
    parameter = signature.names[signature.active]
    at = call.start
    for name, argument in arguments:
        if name == parameter and argument.endswith(_HOLE):
            whole = ",".join(argument for _, argument in arguments) + ")" * (text[end : end + 1] != ")")
            other = document.replace(text[: call.start] + whole + text[end:])
            return Opened(other, call, parameter, other.position(at + len(argument) - len(_HOLE)))
        at += len(argument) + 1
    return None


def _end(document: Document, start: int, cursor: int) -> int:
    """Where the arguments of a call end: before its parenthesis, or with the line of the cursor if there is none."""
    text = document.text
    row = document.position(cursor).row
    rest = document.lines[row - 1 : row + _MOST_ROWS]
    last = document.offset(Position(row, 1)) + sum(len(line) + 1 for line in rest)
    depth = 0
    for at in range(start, min(last, len(text))):
        if text[at] in "([{":
            depth += 1
        elif text[at] in ")]}":
            if not depth:
                return at if at >= cursor else cursor
            depth -= 1
    return cursor + len(text[cursor:].split("\n", 1)[0].rstrip("\r"))


def _arguments(text: str, cursor: int, signature: LayerSignature) -> list[tuple[str, str]]:
    """The arguments with their parameters: a hole for each that is required, or being written, and not there. None of a call
    that unpacks some."""
    found: list[tuple[str, str]] = []
    start = 0
    pieces = _split(text)
    for number, piece in enumerate(pieces):
        is_here = start <= cursor <= start + len(piece)
        is_last = number == len(pieces) - 1
        start += len(piece) + 1
        keyword = KEYWORD.match(piece)
        name = keyword[1] if keyword else signature.names[number] if number < len(signature.names) else ""
        if piece.strip().startswith("*"):
            return []
        if piece[keyword.end() if keyword else 0 :].strip():
            found.append((name, piece))
        elif keyword or not is_last or (is_here and number):  # else nothing is missing behind a comma, or all of it
            found.append((name, (piece.rstrip() if keyword else piece) + _HOLE))
    given = {name for name, _ in found}
    for name in signature.required:
        if name not in given:
            found.append((name, f"{' ' * bool(found)}{name}={_HOLE}"))
    return found


def _split(text: str) -> list[str]:
    """A text at its commas, but for those in brackets."""
    pieces = [""]
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            pieces.append("")
        else:
            pieces[-1] += letter
    return pieces


def sizes_that_fit(analysis: Analysis, opened: Opened) -> list[Size]:
    """What fits the argument that is being typed, in an analysis of the file with holes: numbers, or what the arguments of the
    class make."""
    file = analysis.file
    hole = next((hole for hole in file.holes if file.span(hole.place).start == opened.place), None)
    if hole is None or hole.conflict:
        return []
    texts = [str(value) for value in hole.values] if hole.is_all else []
    if hole.size is not None and all(s.kind is Kind.PARAMETER for s in symbols_of(hole.size)):
        texts = [plain(hole.size)]
    why = f"{opened.parameter} {what_fits(hole)}"
    shown = texts if len(texts) <= _MOST_VALUES and len("".join(texts)) <= _LONGEST else []
    return [Size(written(opened.call, opened.parameter, text), why) for text in shown]
