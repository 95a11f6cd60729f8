"""A process that runs models, shared by the tests: it takes a second or two to load torch."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from torchlint.execution.outcome import Outcome, execute
from torchlint.execution.process import Worker
from torchlint.execution.requesting import request_for
from torchlint.summary import InputSpec, Target

Execute = Callable[..., Outcome]
HEAD = "import torch\nfrom torch import nn\n\n"


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """A worker whose limits are those of tests."""
    with Worker(sys.executable, seconds=20, megabytes=500) as worker:
        yield worker


@pytest.fixture
def run(worker: Worker, tmp_path: Path) -> Execute:
    """Run `Net` (or another name) of a text with inputs of some shapes."""

    def run(text: str, *shapes: tuple[int, ...], name: str = "Net", args: str = "", by: Worker = worker) -> Outcome:
        path = tmp_path / "model.py"
        path.write_text(HEAD + text)
        target = Target(path=path, name=name, args=args)
        inputs = [InputSpec(None, shape, None) for shape in shapes]
        return execute(by, request_for(target, "model", name, inputs, tmp_path), target, tmp_path)

    return run
