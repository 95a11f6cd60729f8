"""How fast an editor is answered: a replayed typing session, in torchlint and, if it is there, in another language server.

`python benchmarks/editor.py` types in a small and a large file and prints medians and 95th percentiles in milliseconds, from
`didChange` to the diagnostics of that text, and from a hover to its answer while the analysis runs; and what passes from the
start of the process to the first diagnostics. `--pyrefly PATH` names the `pyrefly` to start and type in as well, on the same
files. `--edits 10000` sends random edits afterwards and compares the end with fresh servers. `--write` writes what was measured
to `docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import compileall
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pages
from client import Client

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "tests" / "models"
_STARTS = 9
_FILES = 10
_PACE = 0.12
"""Seconds between two keys: a fast typist."""


class Started(NamedTuple):
    """Medians in milliseconds from the start of a process to its first diagnostics, and of its processor time until then."""

    server: str
    first: float
    used: float


class Typed(NamedTuple):
    """A typing session in one file: seconds from each `didChange` to the diagnostics, and from each hover to its answer;
    milliseconds of processor an edit, and resident megabytes in the end."""

    server: str
    lines: int
    changes: list[float]
    hovers: list[float]
    used: float
    memory: float


class Edited(NamedTuple):
    """Random edits: resident megabytes after the first tenth and after all, and which answers a fresh server does not give."""

    count: int
    before: float
    after: float
    different: list[str]


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


def start(commands: dict[str, list[str]], text: str) -> list[Started]:
    """Start each server several times; they take turns."""
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
    return [Started(name, *(statistics.median(column) * 1e3 for column in zip(*each))) for name, each in seconds.items()]


def type_in(command: list[str], name: str, files: dict[str, str]) -> list[Typed]:
    """Type in each file, one after the other."""
    typed: list[Typed] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        client = Client(command, folder)
        for file, text in files.items():
            path = folder / file
            path.write_text(text, encoding="utf-8")
            uri = path.as_uri()
            client.open(uri, text)
            client.diagnostics(uri)
            changes: list[float] = []
            hovers: list[float] = []
            used = client.cpu()
            where = {"textDocument": {"uri": uri}, "position": {"line": 20, "character": 14}}
            for step in keys(text):
                sent = client.change(uri, step)
                seconds, _ = client.request("textDocument/hover", where)
                hovers.append(seconds)
                at, _ = client.diagnostics(uri)
                changes.append(at - sent)
                time.sleep(max(0.0, _PACE - (time.perf_counter() - sent)))
            each = (client.cpu() - used) / len(changes) * 1e3
            typed.append(Typed(name, text.count("\n"), changes, hovers, each, client.memory()))
        client.end()
    return typed


def edit_at_random(command: list[str], count: int) -> Edited:
    """Whether a server that has seen many edits says the same as one that has seen the last text only."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(MODELS.glob("*.py"))[:_FILES]}
    chance = random.Random(1)
    different: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        client = Client(command, folder)
        for name, text in texts.items():
            client.open((folder / name).as_uri(), text)
        before = _rounds(client, folder, texts, count // 10, chance)
        after = _rounds(client, folder, texts, count - count // 10, chance)
        for name, text in texts.items():
            uri, lines = (folder / name).as_uri(), text.count("\n")
            client.change(uri, text + "\n")
            ours = client.answers(uri, lines)
            fresh = Client(command, folder)
            fresh.open(uri, text + "\n")
            wanted = fresh.answers(uri, lines)
            fresh.end()
            parts = ("diagnostics", "hints", "lenses", "symbols", "hovers")
            different += [f"{name}: {part}" for part, our, their in zip(parts, ours, wanted) if our != their]
        client.end()
    return Edited(count, before, after, different)


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


def _spread(seconds: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return f"{statistics.median(ordered) * 1e3:.1f} ({ordered[int(len(ordered) * 0.95)] * 1e3:.1f})"


def section(started: list[Started], typed: list[Typed], edited: Edited | None, names: str) -> str:
    """What was measured, in Markdown."""
    lines = [f"| {one.server} | {one.first:.0f} | {one.used:.0f} |" for one in started]
    if len(started) > 1:
        lines.append(f"| ratio | {started[0].first / started[1].first:.2f} | {started[0].used / started[1].used:.2f} |")
    session = []
    for t in typed:
        session.append(
            f"| {t.server} | {t.lines} | {_spread(t.changes)} | {_spread(t.hovers)} | {t.used:.0f} | {t.memory:.0f} |"
        )
    parts = [
        pages.EDITORS,
        f"Measured with `python benchmarks/editor.py --pyrefly PATH --edits 10000 --write` on {pages.machine()}; {names}. "
        "Milliseconds.",
        "\n".join(
            [f"| Server | First diagnostics after start, median of {_STARTS} | of processor |", "| --- | ---: | ---: |", *lines]
        ),
        "A line is typed into the last class of a file and deleted again, a key every 120 ms, and something is hovered over "
        "after each: medians, and 95th percentiles in parentheses.",
        "\n".join(
            [
                "| Server | Lines | `didChange` to diagnostics | Hover meanwhile | Processor an edit | MB |",
                "| --- | ---: | ---: | ---: | ---: | ---: |",
                *session,
            ]
        ),
    ]
    if edited is not None:
        same = "not as those of fresh servers: " + ", ".join(edited.different) if edited.different else "those of fresh servers"
        parts.append(
            f"{edited.count:,} random edits in {_FILES} files, one after the other: {edited.before:.0f} MB after a tenth "
            f"of them, {edited.after:.0f} MB after all; the answers in the end are {same}."
        )
    return "\n\n".join(parts)


def main() -> int:
    """Measure, print, and write if asked to; the status is 1 if edits lead elsewhere than a fresh start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pyrefly", default="", metavar="PATH", help="a pyrefly to compare with")
    parser.add_argument("--edits", type=int, default=0, help="how many random edits to send afterwards")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    compileall.compile_dir(ROOT / "server", quiet=1)  # as an installation does
    torchlint = [sys.executable, "-m", "torchlint", "server"]
    files = {"small.py": (MODELS / "transformer_scratch.py").read_text(encoding="utf-8"), "large.py": large()}
    servers = {"torchlint": torchlint, **({"pyrefly": [options.pyrefly, "lsp"]} if options.pyrefly else {})}
    names = "no other server"
    if options.pyrefly:
        names = subprocess.run([options.pyrefly, "--version"], capture_output=True, text=True).stdout.strip()
    started = start(servers, files["small.py"])
    typed = [one for name, command in servers.items() for one in type_in(command, name, files)]
    edited = edit_at_random(torchlint, options.edits) if options.edits else None
    measured = section(started, typed, edited, names)
    print(measured)
    if options.write:
        pages.write_benchmarks(measured)
    return int(edited is not None and bool(edited.different))


if __name__ == "__main__":
    sys.exit(main())
