"""A language server at the other end of two pipes, as an editor has it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_SECONDS = 30.0


class Client:
    """A language server on the other end of two pipes; its messages are read by a thread and timed there."""

    def __init__(self, command: list[str], folder: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "server"), "PYTHONDONTWRITEBYTECODE": ""}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment, cwd=folder
        )
        self._answers: dict[int, queue.Queue[tuple[float, Any]]] = {}
        self.published: queue.Queue[tuple[float, dict[str, Any]]] = queue.Queue()
        self.refreshed: queue.Queue[float] = queue.Queue()
        self._number = 0
        self._versions: dict[str, int] = {}
        threading.Thread(target=self._read, daemon=True).start()
        capabilities = {
            "textDocument": {"publishDiagnostics": {"versionSupport": True}, "hover": {}},
            "workspace": {"inlayHint": {"refreshSupport": True}},
        }
        self.request("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": capabilities})
        self._send({"method": "initialized", "params": {}})

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while line := stream.readline():
            length = 0
            while line.strip():
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
                line = stream.readline()
            now, message = time.perf_counter(), json.loads(stream.read(length))
            if message.get("method") == "textDocument/publishDiagnostics":
                self.published.put((now, message["params"]))
            elif "method" in message and "id" in message:
                if message["method"] == "workspace/inlayHint/refresh":
                    self.refreshed.put(now)
                self._send({"id": message["id"], "result": None})
            elif message.get("id") in self._answers:
                self._answers.pop(message["id"]).put((now, message))

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def request(self, method: str, params: Any) -> tuple[float, Any]:
        """The seconds that an answer takes, and the answer."""
        self._number += 1
        waiting = self._answers[self._number] = queue.Queue()
        began = time.perf_counter()
        self._send({"id": self._number, "method": method, "params": params})
        at, message = waiting.get(timeout=_SECONDS)
        return at - began, message.get("result")

    def open(self, uri: str, text: str) -> None:
        self._versions[uri] = 0
        item = {"uri": uri, "languageId": "python", "version": 0, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": item}})

    def close(self, uri: str) -> None:
        self._send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})

    def change(self, uri: str, text: str) -> float:
        """Send a text; the moment when that was."""
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        began = time.perf_counter()
        self._send(
            {"method": "textDocument/didChange", "params": {"textDocument": document, "contentChanges": [{"text": text}]}}
        )
        return began

    def diagnostics(self, uri: str) -> tuple[float, list[Any]]:
        """When the diagnostics of the last text came, and what they are."""
        while True:
            at, found = self.published.get(timeout=_SECONDS)
            if found["uri"] == uri and found.get("version") in (None, self._versions[uri]):
                return at, found["diagnostics"]

    def answers(self, uri: str, lines: int) -> list[Any]:
        """The diagnostics of the last text, and once they are there the hints, lenses, symbols and some hovers."""
        while not self.refreshed.empty():
            self.refreshed.get()
        at, found = self.diagnostics(uri)
        with contextlib.suppress(queue.Empty):
            while self.refreshed.get(timeout=_SECONDS) < at:
                pass
        document = {"textDocument": {"uri": uri}}
        everything = {"start": {"line": 0, "character": 0}, "end": {"line": lines, "character": 0}}
        places = [{"line": line, "character": column} for line in range(0, lines, 7) for column in (10, 20)]
        return [
            found,
            self.request("textDocument/inlayHint", {**document, "range": everything})[1],
            self.request("textDocument/codeLens", document)[1],
            self.request("textDocument/documentSymbol", document)[1],
            [self.request("textDocument/hover", {**document, "position": place})[1] for place in places],
        ]

    def memory(self) -> float:
        """Resident megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def cpu(self) -> float:
        """Seconds of processor time that the server has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
