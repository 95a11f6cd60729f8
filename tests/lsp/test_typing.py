"""Whatever is typed: the server lives, and ends where a server that has seen only the last text is."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

from lsprotocol import types

from session import VSCODE, Session, editor

_MODELS = Path(__file__).resolve().parent.parent / "models"
_FILES = ("autoencoder.py", "seq2seq.py", "train_mnist.py")
_EDITS = 100
_LAYER = re.compile(r"nn\.(?:Linear|Conv2d|Embedding|GRU|LSTM)\(([^()\n]*)\)")


@editor(VSCODE, seconds=60)
async def test_random_edits_leave_nothing_behind(session: Session) -> None:
    """After hundreds of random edits and undos, not all of them waited for, answers equal those about a file just opened."""
    chance = random.Random(7)
    for name in _FILES:
        text = (_MODELS / name).read_text()
        uri = session.open(name, text)
        texts = [text]
        for step in range(_EDITS):
            if chance.random() < 0.2 and len(texts) > 1:
                texts.pop()
                session.type(uri, texts[-1])
            else:
                change, edited = random_edit(texts[-1], chance)
                session.change(uri, change)
                texts.append(edited)
            if step % 16 == 15:
                await session.pulled(uri)
                session.type(uri, text)
                texts = [text]
        moved = text.replace("class", "\n\nclass", 1)
        session.type(uri, moved)
        after = await answers(session, uri)
        session.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
        assert after == await answers(session, session.open(name, moved))


async def answers(session: Session, uri: str) -> Any:
    """Everything that the server says of a file, once it has finished."""
    document = types.TextDocumentIdentifier(uri)
    report = await session.settled(uri)
    return (
        report.items,
        await session.hints(uri),
        await session.client.text_document_code_lens_async(types.CodeLensParams(document)),
        await session.client.text_document_document_symbol_async(types.DocumentSymbolParams(document)),
        [await session.hover(uri, line, column) for line in range(5, 60, 3) for column in (9, 20)],
    )


def random_edit(text: str, chance: random.Random) -> tuple[types.TextDocumentContentChangePartial, str]:
    """One thing inserted, deleted or pasted; and the text after it."""
    lines = text.split("\n")
    row = chance.randrange(len(lines))
    column = chance.randrange(len(lines[row]) + 1)
    end_row, end = row, column
    if chance.random() < 0.4:
        end_row = min(len(lines) - 1, row + chance.randrange(3))
        end = chance.randrange(len(lines[end_row]) + 1)
        end = max(end, column) if end_row == row else end
    at = chance.randrange(len(lines))
    new = chance.choice(["x", "(", "1", "\n", " ", "é", "'", "", "\n".join(lines[at : at + 5])])
    offset, offset_end = (sum(len(line) + 1 for line in lines[:r]) + c for r, c in ((row, column), (end_row, end)))
    where = types.Range(types.Position(row, column), types.Position(end_row, end))
    return types.TextDocumentContentChangePartial(where, new), text[:offset] + new + text[offset_end:]


@editor(VSCODE, seconds=60)
async def test_what_is_completed_leaves_nothing_behind(session: Session) -> None:
    """Sizes are looked for in texts that nobody has written: afterwards all is as if they had not been."""
    for name in _FILES:
        text = (_MODELS / name).read_text()
        uri = session.open(name, text)
        await session.settled(uri)
        document = types.TextDocumentIdentifier(uri)
        for call in list(_LAYER.finditer(text))[:6]:
            session.type(uri, text[: call.start(1)] + text[call.end(1) :])
            before = text[: call.start(1)].split("\n")
            place = types.Position(len(before) - 1, len(before[-1]))
            await session.client.text_document_completion_async(types.CompletionParams(document, place))
        session.type(uri, text)
        after = await answers(session, uri)
        session.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        assert after == await answers(session, session.open(name, text))
