"""How fast an editor is answered: a replayed typing session, in torchlint and, if it is there, in another language server.

`python benchmarks/editor.py` types in a small and a large file and prints medians and 95th percentiles in milliseconds, from
`didChange` to the diagnostics of that text, and from a hover to its answer while the analysis runs; and what passes from the
start of the process to the first diagnostics. `--pyrefly PATH` names the `pyrefly` to start and type in as well, on the same
files. `--edits 10000` sends random edits and compares the end with a fresh server.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import json
import os
import queue
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "tests" / "models"
_SECONDS = 30.0
_STARTS = 9
_FILES = 10
_PACE = 0.12
"""Seconds between two keys: a fast typist."""


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


def large() -> str:
    """A file of some 1,500 lines: models one after the other, their classes renamed apart."""
    parts: list[str] = []
    for path in sorted(MODELS.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "__name__" not in text and "__future__" not in text:
            parts.append(text)
        if sum(part.count("\n") for part in parts) > 1500:
            break
    return "\n\n".join(parts)


def keys(text: str) -> list[str]:
    """The texts that come about while a line is typed into the last `__init__` of a file, and deleted again."""
    lines = text.split("\n")
    at = max(i for i, line in enumerate(lines) if line.strip().startswith("super().__init__")) + 1
    typed = "        self.extra = nn.Linear(12, 34)"
    steps = [typed[:i] for i in range(8, len(typed) + 1)]
    return ["\n".join([*lines[:at], step, *lines[at:]]) for step in [*steps, *reversed(steps)]] + [text]


def start(commands: dict[str, list[str]], text: str) -> None:
    """Start each server several times and print what passes until the first diagnostics."""
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(_STARTS):
        for name, command in commands.items():
            with tempfile.TemporaryDirectory() as place:
                path = Path(place) / "model.py"
                path.write_text(text, encoding="utf-8")
                began = time.perf_counter()
                client = Client(command, Path(place))
                client.open(path.as_uri(), text)
                at, _ = client.diagnostics(path.as_uri())
                seconds[name].append((at - began, client.cpu()))
                client.end()
    for name, each in seconds.items():
        first, used = (statistics.median(column) * 1e3 for column in zip(*each))
        print(f"{name:10} first diagnostics after start: {first:.0f}, {used:.0f} ms of processor (medians of {_STARTS})")


def type_in(command: list[str], name: str, files: dict[str, str]) -> None:
    """Type in each file and print what it took."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        client = Client(command, folder)
        for file, text in files.items():
            path = folder / file
            path.write_text(text, encoding="utf-8")
            uri = path.as_uri()
            began = time.perf_counter()
            client.open(uri, text)
            at, _ = client.diagnostics(uri)
            first = at - began
            changes: list[float] = []
            used = client.cpu()
            hovers: list[float] = []
            for step in keys(text):
                sent = client.change(uri, step)
                place = {"textDocument": {"uri": uri}, "position": {"line": 20, "character": 14}}
                seconds, _ = client.request("textDocument/hover", place)
                hovers.append(seconds)
                at, _ = client.diagnostics(uri)
                changes.append(at - sent)
                time.sleep(max(0.0, _PACE - (time.perf_counter() - sent)))
            lines = text.count("\n")
            each = (client.cpu() - used) / len(changes) * 1e3
            print(
                f"{name:10} {lines:5} lines: opened {first * 1e3:5.0f}, didChange to diagnostics {_spread(changes)}, "
                f"hover meanwhile {_spread(hovers)}, {each:.0f} ms of processor an edit, "
                f"{client.memory():.0f} MB"
            )
        client.end()


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"{statistics.median(ordered) * 1e3:.1f} (p95 {ordered[int(len(ordered) * 0.95)] * 1e3:.1f})"


def edit_at_random(command: list[str], count: int) -> bool:
    """Whether a server that has seen many edits says the same as one that has seen the last text only."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(MODELS.glob("*.py"))[:_FILES]}
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        client = Client(command, folder)
        for name, text in texts.items():
            client.open((folder / name).as_uri(), text)
        warm = _rounds(client, folder, texts, count // 10, chance)
        used = _rounds(client, folder, texts, count - count // 10, chance)
        print(f"{count} random edits in {_FILES} files: {warm:.0f} MB after the first tenth of them, {used:.0f} MB after all")
        different = []
        for name, text in texts.items():
            uri, lines = (folder / name).as_uri(), text.count("\n")
            client.change(uri, text + "\n")
            after = client.answers(uri, lines)
            fresh = Client(command, folder)
            fresh.open(uri, text + "\n")
            wanted = fresh.answers(uri, lines)
            fresh.end()
            parts = ("diagnostics", "hints", "lenses", "symbols", "hovers")
            different += [f"{name}: {part}" for part, ours, theirs in zip(parts, after, wanted) if ours != theirs]
        client.end()
    print("the same as fresh servers" if not different else "not as fresh servers: " + ", ".join(different))
    return not different


def _rounds(client: Client, folder: Path, texts: dict[str, str], count: int, chance: random.Random) -> float:
    """Edit the files in turns, twenty times each, and undo it all; not every text is waited for. The megabytes in the end."""
    for round_ in range(count // 20):
        name = list(texts)[round_ % len(texts)]
        uri, history = (folder / name).as_uri(), [texts[name]]
        for step in range(19):
            if chance.random() < 0.2 and len(history) > 1:
                history.pop()
            else:
                history.append(_edited(history[-1], chance))
            client.change(uri, history[-1])
            if step == 9:
                client.diagnostics(uri)
        client.change(uri, texts[name])
        client.diagnostics(uri)
    return client.memory()


def _edited(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    end = start + (chance.randrange(12) if chance.random() < 0.5 else 0)
    at = chance.randrange(len(text) + 1)
    new = chance.choice(["x", "(", ")", "1", "\n", "    ", "é", '"', "", text[at : at + chance.randrange(200)]])
    return text[:start] + new + text[end:]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pyrefly", default="", metavar="PATH", help="a pyrefly to compare with")
    parser.add_argument("--edits", type=int, default=0, help="how many random edits to send instead")
    options = parser.parse_args()
    compileall.compile_dir(ROOT / "server", quiet=1)  # as an installation does
    torchlint = [sys.executable, "-m", "torchlint", "server"]
    if options.edits:
        return 0 if edit_at_random(torchlint, options.edits) else 1
    files = {"small.py": (MODELS / "transformer_scratch.py").read_text(encoding="utf-8"), "large.py": large()}
    servers = {"torchlint": torchlint, **({"pyrefly": [options.pyrefly, "lsp"]} if options.pyrefly else {})}
    start(servers, files["small.py"])
    for name, command in servers.items():
        type_in(command, name, files)
    return 0


if __name__ == "__main__":
    sys.exit(main())
