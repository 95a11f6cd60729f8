"""The protocol as pygls speaks it, without what it keeps of every message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from pygls.protocol import LanguageServerProtocol


class Protocol(LanguageServerProtocol):
    """pygls 2.1 drops the future of a request when it answers; those of notifications, of which each key that is pressed sends
    one, it keeps until the server ends."""

    def _execute_handler(
        self,
        msg_id: str | int,
        handler: Callable[..., Any],
        callback: Callable[[Future[Any]], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        super()._execute_handler(msg_id, handler, callback, args, kwargs)
        future = self._request_futures.get(msg_id)
        if future is not None:
            loop = asyncio.get_running_loop()  # not at once: pygls walks through them when it cancels what is left in the end
            future.add_done_callback(lambda _: loop.call_soon(self._request_futures.pop, msg_id, None))
