"""What the protocol's machinery keeps of the messages that it has handled."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

import pytest

from torchlint.lsp.server import make_server


def test_nothing_is_kept_of_a_message_that_was_handled() -> None:
    """However its handler is written, a notification leaves nothing behind: one comes with every key that is pressed."""
    handled = []

    async def awaiting(params: str) -> None:
        await asyncio.sleep(0)
        handled.append(params)

    def plain(params: str) -> None:
        handled.append(params)

    def asking(params: str) -> Generator[Any, Any, None]:
        yield plain, (params,), None
        yield awaiting, (params,), None

    async def handle() -> None:
        protocol = make_server(lambda *given: iter(())).protocol
        for number, handler in enumerate((plain, awaiting, asking)):
            protocol._execute_handler(f"message {number}", handler, lambda future: future.result(), (handler.__name__,))
        assert protocol._request_futures, "pygls keeps them elsewhere: look there"
        while len(handled) < 4:
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert not protocol._request_futures

    asyncio.run(handle())
    assert handled.count("asking") == 2


@pytest.mark.parametrize("error", [ValueError("broken"), RuntimeError("broken")])
def test_nothing_is_kept_of_a_message_whose_handler_fails(error: Exception) -> None:
    """Nor does one that fails."""
    failed: list[BaseException | None] = []

    async def failing() -> None:
        raise error

    async def handle() -> None:
        protocol = make_server(lambda *given: iter(())).protocol
        protocol._execute_handler("message", failing, lambda future: failed.append(future.exception()))
        while not failed:
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert not protocol._request_futures

    asyncio.run(handle())
    assert failed == [error]
