"""Markdown on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markdown import Markdown

_WIDEST = 100  # longer lines of prose are hard to read


def print_page(page: str) -> None:
    """Print a page, laid out and coloured for the terminal."""
    console = Console(force_terminal=True)
    console.print(Markdown(page), width=min(console.width, _WIDEST))
