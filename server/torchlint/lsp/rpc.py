"""JSON-RPC over two streams: what the client sends goes to handlers, and what is sent to it is written at once.

One thread reads. Handlers run in the event loop, in the order in which messages come; one that is a coroutine may wait, and
then the client may cancel it.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import threading
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any, BinaryIO, get_type_hints

from torchlint.lsp import types
from torchlint.lsp.structures import Structure, read, written

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32700, -32600, -32601, -32602, -32603
NOT_INITIALIZED, REQUEST_CANCELLED = -32002, -32800
Handler = Callable[[Any, Any], Any]
_log = logging.getLogger(__name__)


class RpcError(Exception):
    """What is answered to a request that cannot be answered, and what the client answers to one of ours."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Endpoint:
    """One end of a connection. A handler is given this and the parameters, as what its annotation says."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._handlers: dict[str, Handler] = {}
        self._kinds: dict[str, type[Structure] | None] = {}
        self._output: BinaryIO | None = None
        self._numbers = count(1)
        self._asked: dict[int | str, asyncio.Future[Any]] = {}
        self._answering: dict[int | str, asyncio.Task[Any]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ended: asyncio.Event = asyncio.Event()

    def handle(self, method: str, handler: Handler) -> None:
        """Let requests or notifications of that name be handled."""
        self._handlers[method] = handler

    def serve(self, source: BinaryIO, sink: BinaryIO) -> None:
        """Handle what is read until the client ends."""
        asyncio.run(self._serve(source, sink))

    async def _serve(self, source: BinaryIO, sink: BinaryIO) -> None:
        self.loop, self._output = asyncio.get_running_loop(), sink
        threading.Thread(target=self._read, args=(source, self.loop), name="reader", daemon=True).start()
        await self._ended.wait()
        for task in self._tasks:
            task.cancel()

    def _read(self, source: BinaryIO, loop: asyncio.AbstractEventLoop) -> None:
        """In the reader's thread: until the end of the stream, or of the session."""
        message: Any = None
        while not (isinstance(message, dict) and message.get("method") == types.EXIT):
            try:
                body = _body(source)
            except (OSError, ValueError) as error:
                _log.error("nothing can be read any more: %s", error)
                body = None
            if body is None:
                loop.call_soon_threadsafe(self._ended.set)
                return
            try:
                message = json.loads(body)
            except ValueError as error:
                message = None
                problem = {"id": None, "error": {"code": PARSE_ERROR, "message": str(error)}}
                loop.call_soon_threadsafe(self._send, problem)
            else:
                loop.call_soon_threadsafe(self._received, message)

    def _received(self, message: Any) -> None:
        if not isinstance(message, dict):
            self._send({"id": None, "error": {"code": INVALID_REQUEST, "message": "a message is to be an object"}})
        elif "method" not in message:
            self._was_answered(message)
        elif message["method"] == types.EXIT:
            self._ended.set()
        elif message["method"] == types.CANCEL_REQUEST:
            task = self._answering.get((message.get("params") or {}).get("id") or 0)
            if task is not None:
                task.cancel()
        else:
            self._handle(str(message["method"]), message.get("params"), message.get("id"))

    def _was_answered(self, message: dict[str, Any]) -> None:
        future = self._asked.pop(message.get("id") or 0, None)
        if future is None or future.done():
            return
        error = message.get("error")
        if error:
            future.set_exception(RpcError(int(error.get("code", INTERNAL_ERROR)), str(error.get("message", ""))))
        else:
            future.set_result(message.get("result"))

    def _handle(self, method: str, params: Any, number: int | str | None) -> None:
        try:
            self.check(method)
            found = self._call(method, params)
        except Exception as error:
            self._refuse(method, number, error)
            return
        if not inspect.iscoroutine(found):
            self._reply(number, found)
            return
        task = self.spawn(found)
        task.add_done_callback(partial(self._finished, method, number))
        if number is not None:
            self._answering[number] = task

    def _finished(self, method: str, number: int | str | None, task: asyncio.Task[Any]) -> None:
        if number is not None:
            self._answering.pop(number, None)
        if task.cancelled():
            self._refuse(method, number, RpcError(REQUEST_CANCELLED, "cancelled"))
        elif (error := task.exception()) is not None:
            self._refuse(method, number, error)
        else:
            self._reply(number, task.result())

    def check(self, method: str) -> None:
        """Raises RpcError for a message that must not come now."""

    def _call(self, method: str, params: Any) -> Any:
        if method not in self._handlers:
            raise RpcError(METHOD_NOT_FOUND, f"there is no `{method}` here")
        handler = self._handlers[method]
        if method not in self._kinds:
            kind = get_type_hints(handler).get("params")
            self._kinds[method] = kind if isinstance(kind, type) and issubclass(kind, Structure) else None
        kind = self._kinds[method]
        if kind is not None:
            try:
                params = read(kind, {} if params is None else params)
            except TypeError as error:
                raise RpcError(INVALID_PARAMS, f"{method}: {error}") from None
        return handler(self, params)

    def _reply(self, number: int | str | None, result: Any) -> None:
        if number is not None:
            self._send({"id": number, "result": written(result)})

    def _refuse(self, method: str, number: int | str | None, error: BaseException) -> None:
        if not isinstance(error, RpcError):
            _log.error("%s failed", method, exc_info=error)
        if number is not None:
            code = error.code if isinstance(error, RpcError) else INTERNAL_ERROR
            self._send({"id": number, "error": {"code": code, "message": str(error) or type(error).__name__}})

    def spawn(self, coroutine: Any) -> asyncio.Task[Any]:
        """Run something beside what comes next."""
        task: asyncio.Task[Any] = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def notify(self, method: str, params: Structure) -> None:
        """Tell the client."""
        self._send({"method": method, "params": written(params)})

    async def request(self, method: str, params: Structure | None = None) -> Any:
        """Ask the client; the answer is JSON. Raises RpcError where the client has none."""
        number = next(self._numbers)
        future = self._asked[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, **({"params": written(params)} if params is not None else {})})
        return await future

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode()
        assert self._output is not None
        try:
            self._output.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            self._output.flush()
        except (OSError, ValueError) as error:
            _log.error("the client is gone: %s", error)
            self._ended.set()


def _body(source: BinaryIO) -> bytes | None:
    """The next message, or None at the end. Raises ValueError where there is none."""
    length = 0
    while line := source.readline():
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
        if not line.strip():
            body = source.read(length)
            return body if len(body) == length else None
    return None
