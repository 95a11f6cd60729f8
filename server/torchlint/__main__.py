"""The command line: chooses the command, and imports only what it needs."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from torchlint.cli.arguments import parse
from torchlint.cli.errors import UsageError
from torchlint.settings import SettingsError
from torchlint.summary import SummaryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from torchlint.cli.paths import Walk

_COLLECT_EVERY = 100_000
"""Allocations between collections: a pass makes many small values and hardly any cycles, and looking for them takes a third
of the time of a large file at Python's own setting."""


def main(argv: list[str] | None = None) -> int:
    """Run a command and return its exit status. Raises SystemExit for --help and for wrong usage."""
    gc.set_threshold(_COLLECT_EVERY)
    options = parse(argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        walk: Walk | None = None
        if any(os.path.isdir(path) for path in getattr(options, "paths", ())):
            from torchlint.source.files import python_files

            walk = python_files
        if options.command == "check":
            from torchlint.cli import check

            status = check.run(options, walk)
        elif options.command == "coverage":
            from torchlint.cli import coverage

            status = coverage.run(options, walk)
        elif options.command == "summary":
            from torchlint.cli import summary

            status = summary.run(options)
        elif options.command == "server":
            from torchlint.lsp.server import serve

            return serve(options.tcp, options.log_file, options.verbose, _files_of)
        elif options.command == "explain":
            from torchlint.cli import explain

            show: explain.Show | None = None
            if options.color == "always" or (options.color == "auto" and sys.stdout.isatty()):
                from torchlint.cli.markdown import print_page

                show = print_page
            status = explain.run(options, show)
        else:
            from torchlint.cli import rules

            status = rules.run(options)
        sys.stdout.flush()
    except (UsageError, SettingsError, SummaryError) as error:
        print(f"torchlint: error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _files_of(folder: Path, exclude: tuple[str, ...], root: Path) -> Iterator[Path]:
    """`python_files`, imported when a folder is looked at."""
    from torchlint.source.files import python_files

    yield from python_files(folder, exclude, root)


if __name__ == "__main__":
    sys.exit(main())
