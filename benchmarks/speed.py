"""How long `torchlint check` and `torchlint summary` take from a cold start, beside tools that do a similar job.

`python benchmarks/speed.py` measures and prints a table; `--write` also writes it to `docs/benchmarks.md`. The tools that are
compared with, TorchFix and torchinfo, are installed into a folder of the user's cache with `--install`; torch and torchvision
are those of the running Python. Every run is a process of its own, the contestants take turns, and medians are compared.
Besides, ten broken classes whose inputs nobody names are analysed in a process that is warm, as a language server is.
"""

from __future__ import annotations

import argparse
import ast
import os
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import NamedTuple

import pages

from torchlint.analysis import Project, analyze
from torchlint.settings import Settings
from torchlint.source.document import Document

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "torchlint-benchmarks"
TORCHFIX, TORCHINFO = "torchfix==0.7.0", "torchinfo==1.8.0"
MODEL = ROOT / "tests" / "models" / "resnet.py"
MISTAKES = ROOT / "tests" / "models" / "bugs"
CLASSES = 10
TORCHINFO_SCRIPT = """
import torch
library = torch.library.Library("torchvision", "FRAGMENT")  # torchvision's Python code asks for these when it is imported
library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import torchinfo
from torchvision.models.resnet import resnet50
print(torchinfo.summary(resnet50(), input_size=(1, 3, 224, 224), verbose=0))
"""


class Contest(NamedTuple):
    """Two commands that do the same job: ours and theirs, each with what its output must hold."""

    job: str
    names: tuple[str, str]
    commands: tuple[list[str], list[str]]
    proofs: tuple[str, str]


class Result(NamedTuple):
    """Median seconds of both, over `runs` runs of each."""

    contest: Contest
    ours: float
    theirs: float
    runs: int


def contests() -> list[Contest]:
    """What is measured."""
    torchlint = [sys.executable, "-m", "torchlint"]
    lines = len(MODEL.read_text(encoding="utf-8").splitlines())
    return [
        Contest(
            f"check a file of {lines} lines",
            ("torchlint check", TORCHFIX.replace("==", " ")),
            ([*torchlint, "check", str(MODEL)], [str(_tool("torchfix")), str(MODEL)]),
            ("clean", ""),
        ),
        Contest(
            "summarize resnet50",
            ("torchlint summary", TORCHINFO.replace("==", " ")),
            (
                [*torchlint, "summary", "torchvision.models.resnet:resnet50", "--input", "1,3,224,224"],
                [sys.executable, "-c", TORCHINFO_SCRIPT],
            ),
            ("25,557,032", "25,557,032"),
        ),
    ]


def _tool(name: str) -> Path:
    folder = CACHE / "venv" / ("Scripts" if os.name == "nt" else "bin")
    return folder / (f"{name}.exe" if os.name == "nt" else name)


def install() -> None:
    """TorchFix in an environment of its own; torchinfo, which must import our torch, in a folder."""
    venv.create(CACHE / "venv", with_pip=True, clear=True)
    subprocess.run([_tool("python"), "-m", "pip", "install", "--quiet", TORCHFIX], check=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade"]
    subprocess.run([*pip, "--target", str(CACHE / "torchinfo"), TORCHINFO], check=True)


def measure(contest: Contest, runs: int) -> Result:
    """Run both in turn, once without the clock; raises RuntimeError if one does not do the job."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs + 1):
        for command, proof, times in zip(contest.commands, contest.proofs, seconds):
            taken = _run(command, proof)
            if turn:
                times.append(taken)
    return Result(contest, statistics.median(seconds[0]), statistics.median(seconds[1]), runs)


def _run(command: list[str], proof: str) -> float:
    path = os.pathsep.join([str(ROOT / "server"), str(CACHE / "torchinfo")])
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True)
    taken = time.perf_counter() - started
    if done.returncode not in (0, 1) or proof not in done.stdout or "Traceback" in done.stderr:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return taken


def broken_classes() -> list[str]:
    """So many files with one module, a mistake in it, and no annotation or call that says what goes in; names differ."""
    found: list[str] = []
    names: set[str] = set()
    for path in sorted(MISTAKES.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
        script = [n for n in tree.body if not isinstance(n, (ast.ClassDef, ast.FunctionDef))]
        calls = any(isinstance(node, ast.Call) for statement in script for node in ast.walk(statement))
        if len(classes) == 1 and not calls and "torchlint: input" not in text and names.isdisjoint(classes):
            names |= classes
            found.append(text)
    return found[:CLASSES]


def analysed(text: str, runs: int) -> tuple[float, int]:
    """Median seconds of an analysis that knows nothing of the file, and how many findings it makes."""
    seconds: list[float] = []
    found = 0
    for _ in range(runs + 1):
        project = Project(Settings(), ROOT)
        started = time.perf_counter()
        found = len(analyze(Document(str(ROOT / "models.py"), text), project, Settings()).diagnostics)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:]), found


def classes_section(runs: int) -> str:
    """What is said of the analysis of many classes at once."""
    texts = broken_classes()
    together, found = analysed("\n\n".join(texts), runs)
    slowest = max(analysed(text, runs)[0] for text in texts)
    return (
        f"{len(texts)} broken classes in one file, without an annotation or a call: {together:.2f} s for {found} findings, "
        f"with the inputs inferred; the slowest of them alone takes {slowest:.2f} s."
    )


def table(results: list[Result]) -> str:
    """The results in Markdown; a ratio below 1 means that torchlint is faster."""
    lines = ["| Job | torchlint | Compared with | | Ratio |", "| --- | ---: | --- | ---: | ---: |"]
    for contest, ours, theirs, _ in results:
        lines.append(f"| {contest.job} | {ours:.2f} s | {contest.names[1]} | {theirs:.2f} s | {ours / theirs:.2f} |")
    return "\n".join(lines)


def section(results: list[Result], classes: str) -> str:
    """What was measured, in Markdown."""
    return "\n\n".join(
        [
            pages.COMMANDS,
            f"Measured with `python benchmarks/speed.py --write` on {pages.machine()}. Each number is the median of "
            f"{results[0].runs} cold starts; the contestants took turns.",
            table(results),
            classes,
            "TorchFix looks for outdated and unsafe calls in the syntax tree and knows no shapes; torchinfo imports torch and "
            "runs the model. They do other jobs than torchlint: the numbers say how long one waits, not which tool is better.",
        ]
    )


def main() -> int:
    """Measure, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--install", action="store_true", help="install TorchFix and torchinfo into the user's cache first")
    parser.add_argument("--runs", type=int, default=9, help="timed runs of each command")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    if options.install:
        install()
    if not _tool("torchfix").exists() or not (CACHE / "torchinfo").exists():
        parser.error("TorchFix and torchinfo are not installed: run with --install")
    results = [measure(contest, options.runs) for contest in contests()]
    classes = classes_section(options.runs)
    measured = section(results, classes)
    print(measured)
    if options.write:
        pages.write_benchmarks(measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
