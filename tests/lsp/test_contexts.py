"""The contexts of a class as an editor asks for them, and answers right after a file is opened."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from lsprotocol import types

from session import NEOVIM, VSCODE, Session, editor

BLOCKS = """\
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, dim, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(dim, dim, 3, stride=stride, padding=1)

    def forward(self, x):
        y = self.conv(x)
        return torch.relu(y)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Block(8)
        self.b = Block(8, stride=2)

    # torchlint: input x: [N, 8, 32, 32]
    def forward(self, x):
        return self.b(self.a(x))
"""


async def _ask(session: Session, method: str, uri: str, **rest: Any) -> Any:
    params = {"textDocument": {"uri": uri}, **rest}
    return await session.client.protocol.send_request_async(f"torchlint/{method}", params)


@editor(VSCODE)
async def test_a_context_is_chosen(session: Session) -> None:
    """The contexts of the class at a position are listed; hints, hovers and lenses show the one that is chosen."""
    uri = session.open("net.py", BLOCKS)
    found = await _ask(session, "contexts", uri, position={"line": 10, "character": 10})
    assert [(one.label, one.isShown) for one in found.contexts] == [
        ("`Block` on its own", True),
        ("`Net` line 18: `Block(8)`", False),
        ("`Net` line 19: `Block(8, stride=2)`", False),
    ]
    assert (await session.hints(uri))[10] == ["[N, dim, H, W]"]
    assert await _ask(session, "chooseContext", uri, **{"class": "Block", "key": found.contexts[2].key}) is True
    assert (await session.hints(uri))[10] == ["[N, 8, 16, 16]"]
    assert "`y`: `[N, 8, 16, 16]`" in await session.hover(uri, 11, 26)
    again = await _ask(session, "contexts", uri, **{"class": "Block"})
    assert [one.isShown for one in again.contexts] == [False, False, True]
    document = types.TextDocumentIdentifier(uri)
    lenses = await session.client.text_document_code_lens_async(types.CodeLensParams(document))
    assert [(lens.command.title, lens.command.command) for lens in lenses if lens.range.start.line == 4] == [
        ("584 parameters · 0.15 M multiply-adds · input [N, 8, 32, 32]", "torchlint.showSummary"),
        ("context 3 of 3: Net line 19: Block(8, stride=2)", "torchlint.chooseContext"),
    ]


@editor(NEOVIM)
async def test_where_there_is_nothing_to_choose(session: Session) -> None:
    """No class at the position, no such class, no such context, no such file."""
    uri = session.open("net.py", BLOCKS)
    assert await _ask(session, "contexts", uri, position={"line": 0, "character": 0}) is None
    assert await _ask(session, "contexts", uri, **{"class": "Missing"}) is None
    assert await _ask(session, "chooseContext", uri, **{"class": "Block", "key": "missing"}) is False
    assert await _ask(session, "contexts", uri + "x", **{"class": "Block"}) is None
    assert (await session.hints(uri))[10] == ["[N, dim, H, W]"]


@editor(VSCODE)
async def test_a_hover_waits_for_the_first_answers(session: Session) -> None:
    """Right after a file is opened."""
    uri = session.open("net.py", BLOCKS)
    assert "`y`: `[N, dim, H, W]`" in await session.hover(uri, 11, 26)


@editor(VSCODE)
async def test_a_hover_does_not_wait_while_somebody_types(session: Session) -> None:
    """What is known already is told at once, also if the first answers never came: a later edit is being analysed."""
    slow = BLOCKS + "".join(BLOCKS.replace("Block", f"Block{i}").replace("Net", f"Net{i}") for i in range(60))
    uri = session.open("net.py", slow)
    session.type(uri, slow + "\n")
    began = time.monotonic()
    assert await session.hover(uri, 11, 26) == ""
    assert time.monotonic() - began < 1
    await session.pulled(uri)
    await session.until(lambda: session.hover(uri, 11, 26))
    session.type(uri, slow.replace("stride=2", "stride=4"))
    began = time.monotonic()
    assert "`y`: `[N, dim, H, W]`" in await session.hover(uri, 11, 26)
    assert time.monotonic() - began < 1


@editor(VSCODE)
async def test_a_file_that_is_closed_keeps_no_hover_waiting(session: Session) -> None:
    """The hover has no answer then."""
    uri = session.open("net.py", BLOCKS)
    asked = asyncio.ensure_future(session.hover(uri, 11, 26))
    await asyncio.sleep(0)
    session.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    await asked
