"""`with` does what Python does: contexts enter, leave, catch and put back; what they catch is no mistake."""

from __future__ import annotations

import traceback

import pytest

from rules.snippets import check
from torchlint.diagnostics import Severity
from torchlint.source.document import Document

_HEAD = """import contextlib
from contextlib import contextmanager, nullcontext, suppress
import pytest
import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
bad = torch.zeros(2, 5)
one = torch.zeros(1, 3)


@contextmanager
def evaluating(model):
    was = model.training
    model.eval()
    try:
        yield model
    finally:
        model.train(was)


@contextmanager
def reporting():
    try:
        yield
    except RuntimeError as error:
        print(error)


class Timer:
    def __enter__(self):
        self.start = 1
        return self

    def __exit__(self, *args):
        self.elapsed = 2


class Guard:
    def __init__(self, *kinds):
        self.kinds = kinds

    def __enter__(self):
        pass

    def __exit__(self, kind, value, traceback):
        return kind is not None and issubclass(kind, self.kinds)


class Holder:
    @contextmanager
    def holding(self, model):
        self.held = model
        yield
        del self.held


def inner(model, x):
    with torch.no_grad(), reporting():
        return model(x)


"""
_SCRIPTS = {
    "what pytest expects": "with pytest.raises(RuntimeError):\n    net(bad)",
    "what pytest expects, and its words": (
        "with pytest.raises(RuntimeError, match='mat1') as found:\n    net(bad)\nassert 'mat1' in str(found.value)"
    ),
    "what pytest calls": "pytest.raises((RuntimeError, ValueError), net, bad)",
    "after what pytest expects": "with pytest.raises(RuntimeError):\n    net(bad)\nnet[0](bad)",
    "suppressed": "with suppress(RuntimeError):\n    net(bad)",
    "suppressed, of another kind": "with suppress(KeyError, OSError):\n    x = [1][2]",
    "suppressed, in the middle": "with suppress(RuntimeError):\n    x = net(bad)\n    y = 1\ny",
    "nothing": "with nullcontext(bad) as x:\n    net(x)",
    "catching": "with reporting():\n    net(bad)",
    "catching something else": "with reporting():\n    [1][2]",
    "catching in a function": "inner(net, bad)",
    "catching gives nothing": "inner(net, bad).shape",
    "a result from within": "inner(net, torch.zeros(2, 3)) @ torch.zeros(3, 3)",
    "another mode": "with evaluating(net) as model:\n    model(one)",
    "another mode, put back": "with evaluating(net) as model:\n    model(one)\nnet(one)",
    "another mode, twice": "with evaluating(net):\n    with evaluating(net):\n        net(one)\n    net(one)\nnet(one)",
    "several": "with evaluating(net) as model, suppress(RuntimeError):\n    model(one)\n    model(bad)\nnet(bad)",
    "left": "with Timer() as timer:\n    net[0](one)\ntimer.elapsed + timer.start",
    "an error inside": "with Timer() as timer:\n    net[0](bad)",
    "guarded": "with Guard(RuntimeError):\n    net(bad)",
    "guarded against something else": "with Guard(KeyError, TypeError):\n    [1][2]",
    "a method": "holder = Holder()\nwith holder.holding(net):\n    holder.held(torch.zeros(2, 3))",
    "a method, afterwards": "holder = Holder()\nwith holder.holding(net):\n    pass\nholder.held",
    "as a decorator": "@reporting()\ndef run(x):\n    return net(x)\n\nrun(torch.zeros(2, 3)) + torch.zeros(7)",
    "torch's own words": (
        "try:\n    net(bad)\nexcept RuntimeError as error:\n    if 'out of memory' not in str(error):\n        print(error)"
    ),
    "raised again": (
        "def run():\n    try:\n        net(bad)\n    except RuntimeError as error:\n        raise error\n\n"
        "with suppress(RuntimeError):\n    run()"
    ),
}


def _rows_that_raise(text: str) -> list[int]:
    """The row of the script that raises when Python runs it."""
    try:
        exec(compile(text, "script", "exec"), {"__name__": "script"})
    except Exception as error:
        return [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "script"]
    return []


@pytest.mark.parametrize("script", _SCRIPTS.values(), ids=_SCRIPTS.keys())
def test_with_is_pythons(script: str) -> None:
    """A script with contexts gets an error exactly where Python raises."""
    text = _HEAD + script + "\n"
    rows = _rows_that_raise(text)
    errors = [one for one in check(Document("script.py", text)) if one.severity is Severity.ERROR]
    assert [one.span.start.row in rows for one in errors] == [True] * bool(rows), errors


_TESTS = {
    "skipped": ("@pytest.mark.skip", False),
    "skipped, with a reason": ("@pytest.mark.skip(reason='later')", False),
    "expected to fail": ("@pytest.mark.xfail(strict=True)", False),
    "skipped without a GPU": ("@pytest.mark.skipif(not torch.cuda.is_available(), reason='')", True),
    "slow": ("@pytest.mark.slow", True),
}


@pytest.mark.parametrize(("mark", "is_run"), _TESTS.values(), ids=_TESTS.keys())
def test_only_tests_that_are_meant_to_pass_are_held_against_a_model(mark: str, is_run: bool) -> None:
    """A test that is marked as failing or skipped says nothing of the model."""
    text = f"{_HEAD}{mark}\ndef test_net():\n    net(bad)\n"
    assert [one.code for one in check(Document("test_script.py", text))] == (["TL101"] if is_run else [])
