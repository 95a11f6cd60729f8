"""What `torchlint check` says of installed libraries, whose code runs: every error is a bug of theirs or a false alarm of ours.

`python benchmarks/libraries.py torchvision timm` checks every file of these packages, `--glob 'models/*/modeling_*.py'` those
that match below the package. It prints each finding as it comes, then how often each rule spoke and which files took longest.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from torchlint.analysis import Project, analyze
from torchlint.cli.console import Console
from torchlint.cli.render.text import concise
from torchlint.diagnostics import Diagnostic
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.source.finder import environment_paths

ROOT = Path(__file__).resolve().parent.parent
SLOWEST = 10


class Checked(NamedTuple):
    """One file: its findings, or the traceback of our own failure, and the seconds that it took."""

    path: Path
    diagnostics: tuple[Diagnostic, ...]
    crash: str
    seconds: float


def packages(names: list[str], pattern: str) -> Iterator[tuple[Path, Path]]:
    """The files of the installed packages, each with the folder that its package is in."""
    for name in names:
        for folder in map(Path, environment_paths(None, ROOT)):
            if (folder / name).is_dir():
                yield from ((folder, path) for path in sorted((folder / name).glob(pattern)))
                break
        else:
            raise SystemExit(f"{name} is not installed")


def shown(path: str) -> str:
    """A path as its package knows it."""
    return path.rpartition("-packages" + os.sep)[2]


def check(path: Path, project: Project) -> Checked:
    """Check one file as the command does."""
    started = time.perf_counter()
    diagnostics: tuple[Diagnostic, ...] = ()
    crash = ""
    try:
        diagnostics = analyze(Document.read(path), project, Settings()).diagnostics
    except Exception:  # the next file is checked all the same
        crash = traceback.format_exc()
    return Checked(path, diagnostics, crash, time.perf_counter() - started)


def main() -> int:
    """Check, print, and count; the status is 1 if anything is an error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE", help="the name of an installed package")
    parser.add_argument("--glob", default="**/*.py", help="which files below the package to check")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="check every Nth file only")
    options = parser.parse_args()
    projects: dict[Path, Project] = {}
    results: list[Checked] = []
    console = Console.of(sys.stdout, "never")
    for folder, path in list(packages(options.packages, options.glob))[:: options.every]:
        project = projects.setdefault(folder, Project(Settings(), folder))
        result = check(path, project)
        results.append(result)
        for diagnostic in result.diagnostics:
            print(concise(diagnostic, shown, console), flush=True)
        if result.crash:
            print(f"{shown(str(path))}: torchlint failed\n{result.crash}", flush=True)
    counts = Counter(d.name for result in results for d in result.diagnostics)
    counts["crash"] = sum(bool(result.crash) for result in results)
    print(f"\n{len(results)} files in {sum(r.seconds for r in results):.0f} s: {dict(counts.most_common())}")
    for result in sorted(results, key=lambda r: -r.seconds)[:SLOWEST]:
        print(f"{result.seconds:6.1f} s  {result.path.name}")
    return int(any(d.severity.value == "error" for result in results for d in result.diagnostics) or bool(counts["crash"]))


if __name__ == "__main__":
    sys.exit(main())
