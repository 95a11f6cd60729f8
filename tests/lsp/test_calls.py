"""The call hierarchy, as an editor goes through it."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from session import VSCODE, Session, editor

NET = """\
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from parts import Head


def double(x):
    return x * 2


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        return double(self.fc(x))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = Block()
        self.two = nn.Sequential(Block(), Block())
        self.head = Head()

    def features(self, x):
        return self.two(checkpoint(self.one, x))

    def forward(self, x):
        return self.head(double(self.features(x)))


net = Net()
net(torch.zeros(2, 4))
"""
PARTS = """\
from torch import nn


class Head(nn.Module):
    def forward(self, x):
        return x.mean()
"""


async def _prepared(session: Session, uri: str, line: int, character: int) -> list[types.CallHierarchyItem]:
    where = types.CallHierarchyPrepareParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
    return list(await session.client.text_document_prepare_call_hierarchy_async(where) or [])


async def _incoming(session: Session, item: types.CallHierarchyItem) -> dict[str, list[int]]:
    params = types.CallHierarchyIncomingCallsParams(item)
    found = await session.client.call_hierarchy_incoming_calls_async(params)
    return {one.from_.name: [span.start.line for span in one.from_ranges] for one in found}


async def _outgoing(session: Session, item: types.CallHierarchyItem) -> dict[str, list[int]]:
    found = await session.client.call_hierarchy_outgoing_calls_async(types.CallHierarchyOutgoingCallsParams(item))
    return {one.to.name: [span.start.line for span in one.from_ranges] for one in found}


@editor(VSCODE)
async def test_calls_go_from_forward_to_forward(session: Session) -> None:
    """Through attributes, containers, methods and functions that call what they are given; constructions are calls too."""
    (session.folder / "parts.py").write_text(PARTS)
    uri = session.open("net.py", NET)
    await session.until(lambda: session.hints(uri))
    (forward,) = await _prepared(session, uri, 30, 9)
    assert (forward.name, forward.kind, forward.detail) == ("Net.forward", types.SymbolKind.Method, "(x: [B, 4]) -> []")
    assert await _outgoing(session, forward) == {"Head.forward": [31], "double": [31], "Net.features": [31]}
    assert await _incoming(session, forward) == {"net.py": [35]}
    (features,) = await _prepared(session, uri, 31, 40)
    assert features.name == "Net.features"
    assert await _outgoing(session, features) == {"Block.forward": [28, 28]}
    (block,) = await _prepared(session, uri, 11, 8)
    assert block.name == "Block.forward"
    assert await _incoming(session, block) == {"Net.features": [28, 28]}
    (init,) = await _prepared(session, uri, 23, 20)
    assert await _incoming(session, init) == {"Net.__init__": [23, 24, 24]}
    (function,) = await _prepared(session, uri, 7, 6)
    assert await _incoming(session, function) == {"Block.forward": [17], "Net.forward": [31]}
    assert await _prepared(session, uri, 1, 3) == []


@editor(VSCODE)
async def test_calls_go_to_other_files(session: Session) -> None:
    """What another file defines is found there; from there, those who call it in files that are open."""
    (session.folder / "parts.py").write_text(PARTS)
    uri = session.open("net.py", NET)
    await session.until(lambda: session.hints(uri))

    async def heads() -> list[Any]:
        return [one for one in await _prepared(session, uri, 31, 20) if one.name == "Head.forward"]

    (head,) = await heads()
    assert (head.uri, head.range.start.line) == (session.uri("parts.py"), 4)
    assert await _incoming(session, head) == {"Net.forward": [31]}
    other = session.open("parts.py", PARTS)
    await session.until(lambda: session.hints(other))
    (head,) = await heads()
    assert (head.uri, head.selection_range.start.line, head.range.end.line) == (other, 4, 5)
    assert await _incoming(session, head) == {"Net.forward": [31]}
