"""Snippets of models, and what is said of them."""

from __future__ import annotations

import textwrap
from pathlib import Path

from torchlint.analysis import Project, analyze
from torchlint.diagnostics import Diagnostic
from torchlint.fixing import fix
from torchlint.settings import Settings
from torchlint.source.document import Document

_HEADER = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n"
_SETTINGS = Settings(budget_seconds=20)


def script(body: str) -> Document:
    """A file of the usual imports and module-level code."""
    return Document("model.py", f"{_HEADER}\n{textwrap.dedent(body).strip()}\n")


def net(shape: str, forward: str, init: str = "pass") -> Document:
    """A file with one model: the shape of its input `x`, the lines of its `forward`, and those of its `__init__`."""
    init, forward = (textwrap.indent(textwrap.dedent(text).strip(), " " * 8) for text in (init, forward))
    return script(
        f"class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{init}\n\n"
        f"    # torchlint: input x: {shape}\n    def forward(self, x):\n{forward}"
    )


def check(document: Document) -> tuple[Diagnostic, ...]:
    """What is found in it."""
    return analyze(document, Project(_SETTINGS, Path(__file__).parent), _SETTINGS).diagnostics


def said(document: Document) -> list[tuple[str, str, str]]:
    """Of each finding: the rule's name, the message, and the text that is marked."""
    return [(d.name, d.message, document.text_of(d.span)) for d in check(document)]


def fixed(document: Document) -> str:
    """The text after every fix, without the imports."""
    return fix(document, check, unsafe=True).document.text.removeprefix(_HEADER).strip()
