"""Progress of the work on closed files: on the token of who waits for it, else on one that the client is asked for."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.capabilities import get_capability

from torchlint.lsp.closed import Progress

if TYPE_CHECKING:
    from torchlint.lsp.state import Server

_TITLE = "Checking the workspace"
_log = logging.getLogger(__name__)


class Shown:
    """The tokens on which the progress is shown; all belongs to the event loop."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._tokens: set[types.ProgressToken] = set()
        self._own: types.ProgressToken | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self, token: types.ProgressToken) -> None:
        """Somebody waits, and has named a token."""
        self._tokens.add(token)
        value = types.WorkDoneProgressBegin(_TITLE, cancellable=True, percentage=0)
        self._server.work_done_progress.begin(token, value)

    def end(self, token: types.ProgressToken) -> None:
        """Nobody waits any more."""
        if token in self._tokens:
            self._tokens.discard(token)
            self._server.work_done_progress.end(token, types.WorkDoneProgressEnd())
            self._server.work_done_progress.tokens.pop(token, None)

    def moved(self, progress: Progress | None) -> None:
        """Show how far it is; None says that nothing is being done any more."""
        if progress is None:
            if self._own is not None:
                self.end(self._own)
            self._own = None
            return
        if not self._tokens and self._own is None:
            self._own = f"torchlint-{uuid.uuid4()}"
            if get_capability(self._server.client_capabilities, "window.work_done_progress"):
                self._task = asyncio.ensure_future(self._create(self._own))
        percentage = 100 * progress.done // max(1, progress.total)
        for token in self._tokens:
            said = types.WorkDoneProgressReport(message=f"{progress.done} of {progress.total} files", percentage=percentage)
            self._server.work_done_progress.report(token, said)

    def knows(self, token: types.ProgressToken) -> bool:
        """Whether the progress is shown there."""
        return token in self._tokens

    async def _create(self, token: types.ProgressToken) -> None:
        try:
            await self._server.work_done_progress.create_async(token)
        except Exception as error:
            _log.warning("the client shows no progress: %s", error)
            return
        if self._own == token:
            self.begin(token)
