"""The lexical skeleton of Python: logical lines and comments, found in one pass and without parsing.

Knows strings (f-strings nested as Python 3.12 allows), comments, brackets and continuation lines; no
more. Broken text is read to its end all the same: a bracket that never closes makes one long line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(r"""["'#\[\](){}\\\r\n]""")
_LITERAL = re.compile(r"""[{}"'\\\r\n]""")
_FIELD = re.compile(r"""["'#\[\](){}:\\]""")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"#[^\r\n]*")
_INDENT = re.compile(r"[ \t\f]*")
_PREFIX = re.compile(r"(?<!\w)(?:[fFtT][rR]?|[rR][fFtT])\Z")
_STRING = {
    '"""': re.compile(r'"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"""'),
    "'''": re.compile(r"'''[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'''"),
    '"': re.compile(r'"[^"\\\r\n]*(?:\\(?:\r\n|[\s\S])[^"\\\r\n]*)*"'),
    "'": re.compile(r"'[^'\\\r\n]*(?:\\(?:\r\n|[\s\S])[^'\\\r\n]*)*'"),
}


class LogicalLine(NamedTuple):
    """What the grammar calls a line: `text[start:end]` with its end of line, brackets and strings closed.

    `code` is the offset of its first token, -1 if it is blank or a comment; `indented` is about that token.
    """

    start: int
    end: int
    code: int
    indented: bool
    comments: tuple[tuple[int, int], ...]


def logical_lines(text: str, start: int = 0) -> Iterator[LogicalLine]:
    """The logical lines of `text` from the line start `start` on; together they are the text."""
    position = line_start = start
    depth = 0
    comments: list[tuple[int, int]] = []
    while found := _TOKEN.search(text, position):
        at = found.start()
        token = text[at]
        position = at + 1
        if token in "\r\n":
            position = _after_newline(text, at)
            if not depth:
                yield _line(text, line_start, position, comments)
                line_start = position
                comments = []
        elif token in "\"'":
            position = _string_end(text, at)
        elif token == "#":
            position = _COMMENT.match(text, at).end()  # type: ignore[union-attr]
            comments.append((at, position))
        elif token == "\\":
            if position < len(text) and text[position] in "\r\n":
                position = _after_newline(text, position)
        elif token in "([{":
            depth += 1
        elif depth:
            depth -= 1
    if line_start < len(text):
        yield _line(text, line_start, len(text), comments)


def _line(text: str, start: int, end: int, comments: list[tuple[int, int]]) -> LogicalLine:
    code = _INDENT.match(text, start).end()  # type: ignore[union-attr]
    indented = code > start and text[code - 1] != "\f"  # a form feed sets the column back to zero
    if code >= end or text[code] in "#\r\n":
        code = -1
    return LogicalLine(start, end, code, indented, tuple(comments))


def _after_newline(text: str, at: int) -> int:
    return at + 2 if text.startswith("\r\n", at) else at + 1


def _string_end(text: str, at: int) -> int:
    """The offset after the string whose opening quote is at `at`; of the line or text, if it never closes."""
    if _is_formatted(text, at):
        return _formatted_end(text, at)
    quote = _quote(text, at)
    found = _STRING[quote].match(text, at)
    if found:
        return found.end()
    if len(quote) == 3:
        return len(text)
    newline = _NEWLINE.search(text, at)
    return newline.start() if newline else len(text)


def _quote(text: str, at: int) -> str:
    return text[at] * 3 if text.startswith(text[at] * 3, at) else text[at]


def _is_formatted(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] in "fFtTrR" and _PREFIX.search(text[max(0, at - 3) : at]) is not None


class _Literal(NamedTuple):
    """Inside the text of an f-string, or of a format specification (`spec`) in one."""

    quote: str
    raw: bool
    spec: bool


def _formatted_end(text: str, at: int) -> int:
    """As `_string_end`, for an f-string; the stack holds open `_Literal`s and fields' bracket depths."""
    stack: list[_Literal | int] = [_literal(text, at)]
    position = at + len(_quote(text, at))
    while stack:
        top = stack[-1]
        found = (_FIELD if isinstance(top, int) else _LITERAL).search(text, position)
        if found is None:
            return len(text)
        if isinstance(top, int):
            position = _in_field(text, found.start(), stack, top)
        elif text[found.start()] in "\r\n" and len(top.quote) == 1:
            return found.start()
        else:
            position = _in_literal(text, found.start(), stack, top)
    return position


def _literal(text: str, at: int) -> _Literal:
    return _Literal(_quote(text, at), "r" in text[max(0, at - 2) : at].lower(), False)


def _in_literal(text: str, at: int, stack: list[_Literal | int], top: _Literal) -> int:
    token = text[at]
    following = text[at + 1 : at + 2]
    if token == "\\":
        if following == "N" and not top.raw and text.startswith("{", at + 2):
            close = text.find("}", at)
            return len(text) if close < 0 else close + 1
        if following in ("{", "}"):
            return at + 1
        return _after_newline(text, at + 1) if following in ("\r", "\n") else at + 2
    if token == "{":
        if following == "{" and not top.spec:
            return at + 2
        stack.append(0)
    elif token == "}":
        if top.spec:
            del stack[-2:]  # the specification and its field
    elif text.startswith(top.quote, at):
        while not isinstance(last := stack.pop(), _Literal) or last.spec:
            pass
        return at + len(top.quote)
    return at + 1


def _in_field(text: str, at: int, stack: list[_Literal | int], depth: int) -> int:
    token = text[at]
    if token in "\"'":
        if not _is_formatted(text, at):
            return _string_end(text, at)
        stack.append(_literal(text, at))
        return at + len(_quote(text, at))
    if token == "#":
        return _COMMENT.match(text, at).end()  # type: ignore[union-attr]
    if token in "([{":
        stack[-1] = depth + 1
    elif token in ")]}":
        if depth:
            stack[-1] = depth - 1
        elif token == "}":
            stack.pop()
    elif token == ":" and not depth:
        enclosing = stack[-2]
        assert isinstance(enclosing, _Literal)
        stack.append(enclosing._replace(spec=True))
    return at + 1
