"""Where text goes: whether there is colour, how wide it is, and how many cells a text takes."""

from __future__ import annotations

import os
import unicodedata
from typing import TextIO

_STYLES = {
    "bold": "1",
    "dim": "2",
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "note": "1;36",
    "help": "1;32",
    "gutter": "34",
}
_TAB = 4


class Console:
    """A stream of text; `width` is None where lines may be as long as they like."""

    def __init__(self, stream: TextIO, colour: bool = False, width: int | None = None) -> None:
        self.stream = stream
        self.colour = colour
        self.width = width
        try:
            "─├└│…".encode(stream.encoding or "utf-8")
            self.unicode = True
        except (UnicodeEncodeError, LookupError):
            self.unicode = False

    @classmethod
    def of(cls, stream: TextIO, colour: str = "auto") -> Console:
        """The console of a stream; `colour` is auto (a terminal that wants it), always or never."""
        terminal = stream.isatty()
        if colour == "auto":
            wanted = terminal and os.environ.get("TERM") != "dumb"
            if os.environ.get("NO_COLOR"):
                wanted = False
            elif os.environ.get("FORCE_COLOR"):
                wanted = True
        else:
            wanted = colour == "always"
        if wanted and os.name == "nt":
            os.system("")  # makes older Windows consoles understand escape sequences
        return cls(stream, wanted, _width(stream) if terminal else None)

    def style(self, text: str, style: str) -> str:
        """The text in a style of `_STYLES`, if there is colour."""
        return f"\033[{_STYLES[style]}m{text}\033[0m" if self.colour and text else text

    def print(self, text: str = "") -> None:
        """Write a line."""
        self.stream.write(text + "\n")


def _width(stream: TextIO) -> int | None:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def visible(text: str) -> str:
    """The text with tabs as spaces, and control characters, which could drive a terminal, as pictures."""
    if text.isprintable():
        return text
    return "".join(_visible(c) for c in text)


def _visible(character: str) -> str:
    if character == "\t":
        return " " * _TAB
    if character < " ":
        return chr(0x2400 + ord(character))
    if character == "\x7f":
        return "\u2421"
    # Other controls, direction overrides and lone surrogates; joiners within a word or an emoji stay.
    if unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in "\u200c\u200d":
        return f"\\u{ord(character):04x}"
    return character


def cells(text: str) -> int:
    """How many cells of a terminal a text without control characters takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(c) for c in text)


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, room: int, dots: str = "") -> str:
    """As much of the start of the text as fits into `room` cells, with `dots` where something is left out."""
    if cells(text) <= room:
        return text
    used = cells(dots)
    for index, character in enumerate(text):
        used += _cells(character)
        if used > room:
            return text[:index] + dots
    return text


def wrap(text: str, width: int | None, first: int = 0) -> list[str]:
    """The text in lines of at most `width` cells, broken at spaces; the first has `first` cells less."""
    if width is None or first + cells(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    room = width - first
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if (line or (first and not lines)) and cells(longer) > room:
            lines.append(line)
            line, room = word, width
        else:
            line = longer
    return [*lines, line]
