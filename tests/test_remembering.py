"""An analysis that remembers the one before says the same as one that does not, and runs only what has changed."""

from __future__ import annotations

import gc
import random
import threading
from pathlib import Path

import pytest

from torchlint.analysis import Analysis, Project, analyze
from torchlint.interpreter.budget import Cancelled, cancelled_by
from torchlint.interpreter.interpreter import Interpreter
from torchlint.remembering import Memory
from torchlint.settings import Settings
from torchlint.source.document import Document

_ROOT = Path(__file__).resolve().parent.parent
_TWO = """\
import torch
from torch import nn

WIDTH = 8


class Part(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(WIDTH, 5)

    def forward(self, x):
        return self.fc(x)


class User(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = Part()
        self.head = nn.Linear(5, 2)

    def forward(self, x):
        return self.head(self.part(x))


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 3)

    def forward(self, x):
        return self.fc(x)
"""
_SETTINGS = Settings(budget_seconds=30.0)


class Editor:
    """A file that is typed in, analysed with a memory."""

    def __init__(self, text: str, folder: Path) -> None:
        self.project = Project(_SETTINGS, folder)
        self.memory = Memory()
        self.path = str(folder / "model.py")
        self.now = self.type(text)

    def type(self, text: str) -> Analysis:
        """The analysis of the file with that text."""
        self.text = text
        self.now = analyze(Document(self.path, text), self.project, _SETTINGS, self.memory)
        return self.now

    def replace(self, old: str, new: str) -> Analysis:
        """The analysis after one replacement."""
        assert old in self.text
        return self.type(self.text.replace(old, new, 1))


def _said(analysis: Analysis) -> list[object]:
    return [(d.code, d.span, d.message, d.notes, d.fix) for d in analysis.diagnostics]


def test_an_edit_runs_its_class_and_the_users_of_it(tmp_path: Path) -> None:
    """What does not reach the edited class keeps its passes."""
    editor = Editor(_TWO, tmp_path)
    before = dict(editor.now.file.classes)
    after = editor.replace("Linear(WIDTH, 5)", "Linear(WIDTH, 6)").file.classes
    assert after["Other"] is before["Other"]
    assert after["Part"] is not before["Part"]
    assert after["User"] is not before["User"]
    assert [d.code for d in editor.now.diagnostics] == ["TL101"]


def test_an_edit_of_a_user_leaves_what_it_uses(tmp_path: Path) -> None:
    """Typing in a class runs no class that it is built of."""
    editor = Editor(_TWO, tmp_path)
    before = dict(editor.now.file.classes)
    after = editor.replace("Linear(5, 2)", "Linear(4, 2)")
    assert after.file.classes["Part"] is before["Part"]
    assert [d.code for d in after.diagnostics] == ["TL101"]


def test_a_number_of_the_module_runs_who_reads_it(tmp_path: Path) -> None:
    """Loose statements are part of what a class is made of."""
    editor = Editor(_TWO.replace("Other", "Reader").replace("nn.Linear(3, 3)", "nn.Linear(WIDTH, WIDTH)"), tmp_path)
    before = dict(editor.now.file.classes)
    after = editor.replace("WIDTH = 8", "WIDTH = 9").file.classes
    assert after["Reader"] is not before["Reader"]


def test_a_class_that_fails_runs_with_what_the_file_gives_it_until_that_changes(tmp_path: Path) -> None:
    """Typing elsewhere runs it no more than it runs the class on its own; other arguments do."""
    text = _TWO + (
        "\n\nclass Wide(nn.Module):\n    def __init__(self, width=4):\n        super().__init__()\n"
        "        self.first = nn.Linear(3, 5)\n        self.second = nn.Linear(width, 2)\n\n"
        "    def forward(self, x):\n        return self.second(self.first(x))\n\n\nwide = Wide(width=6)\nother = 1\n"
    )
    editor = Editor(text, tmp_path)
    assert [d.code for d in editor.now.diagnostics] == ["TL101"]
    before = editor.now.file.used["Wide"]
    assert len(before) == 1
    assert editor.replace("Linear(5, 2)", "Linear(5, 3)").file.used["Wide"][0] is before[0]
    assert editor.replace("Wide(width=6)", "Wide(width=5)").file.used["Wide"][0] is not before[0]
    assert not editor.now.diagnostics


def test_findings_move_with_their_class(tmp_path: Path) -> None:
    """Lines that are added above do not leave a finding behind."""
    editor = Editor(_TWO.replace("Linear(5, 2)", "Linear(4, 2)"), tmp_path)
    (before,) = editor.now.diagnostics
    (after,) = editor.replace("class Part", "# a comment\n\n\nclass Part").diagnostics
    assert after.span.start.row == before.span.start.row + 3
    assert after.message == before.message


def test_a_half_typed_class_keeps_its_findings(tmp_path: Path) -> None:
    """While a class does not parse, its last findings stay at their lines, and its users know what it was."""
    editor = Editor(_TWO.replace("Linear(5, 2)", "Linear(4, 2)").replace("self.fc(x)", "self.fc(x, x)", 1), tmp_path)
    before = editor.now.diagnostics
    assert len(before) == 1
    after = editor.replace(
        "        self.fc = nn.Linear(WIDTH, 5)\n", "        self.fc = nn.Linear(WIDTH, 5)\n        self.q = (\n"
    )
    kept = [d for d in after.diagnostics if d.code != "TL901"]
    assert [d.message for d in kept] == [d.message for d in before]
    assert [d.span.start.row for d in kept] == [d.span.start.row + 1 for d in before]
    assert len(after.diagnostics) == 2


def test_a_cancelled_analysis_leaves_nothing_behind(tmp_path: Path) -> None:
    """The next analysis is as if the cancelled one had not been."""
    editor = Editor(_TWO, tmp_path)
    flag = threading.Event()
    flag.set()
    with cancelled_by(flag.is_set), pytest.raises(Cancelled):
        editor.replace("Linear(WIDTH, 5)", "Linear(WIDTH, 6)")
    assert [d.code for d in editor.type(editor.text).diagnostics] == ["TL101"]
    assert editor.replace("Linear(WIDTH, 6)", "Linear(WIDTH, 5)").diagnostics == ()


@pytest.mark.parametrize("name", ["examples/mnist_student.py", "tests/models/autoencoder.py", "tests/models/resnet.py"])
def test_random_edits_end_where_a_fresh_analysis_does(name: str) -> None:
    """After random edits and their undoing, in any order, nothing is left of the texts between."""
    path = _ROOT / name
    editor = Editor(path.read_text(), path.parent)
    chance = random.Random(name)
    text = editor.text
    for _ in range(8):
        edited = edit(text, chance)
        editor.type(edited)
        if not any(d.code == "TL901" for d in editor.now.diagnostics):
            text = edited
            assert _said(editor.now) == _said(analyze(Document(editor.path, edited), editor.project, _SETTINGS))
        else:
            editor.type(text)
    assert _said(editor.type(path.read_text())) == _said(
        analyze(Document(editor.path, path.read_text()), editor.project, _SETTINGS)
    )


def edit(text: str, chance: random.Random) -> str:
    """The text with one thing inserted, deleted or changed."""
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    kind = chance.randrange(5)
    if kind == 0:
        del lines[at : at + chance.randrange(1, 4)]
    elif kind == 1:
        lines[at:at] = lines[chance.randrange(len(lines)) :][: chance.randrange(1, 6)]
    elif kind == 2:
        lines.insert(at, "\n")
    else:
        line = lines[at]
        column = chance.randrange(len(line))
        lines[at] = line[:column] + chance.choice(["1", "(", ", x", ""]) + line[column + chance.randrange(2) :]
    return "".join(lines)


_FAILING = """

class Failing(nn.Module):
    def __init__(self, sizes=(3, 4)):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a in sizes for b in sizes])
        self.depth = 3

    def forward(self, x, mask=None):
        if mask is not None and x.dim() != 2:
            raise ValueError("two axes")
        for layer in self.layers:
            x = layer(x)
        return x
"""


def test_passes_that_hold_no_longer_are_gone_at_once() -> None:
    """What an edit makes void goes without a search for cycles, also where an operation failed, an exception was raised, the
    rank of an input was chosen, or a comprehension ran: a search would hold up whoever types."""
    text = _TWO + _FAILING
    project, settings, memory = Project(Settings(), _ROOT), Settings(), Memory()
    found = analyze(Document("model.py", text), project, settings, memory).diagnostics
    assert [d.name for d in found] == ["linear-in-features"]
    alive: list[int] = []
    gc.collect()
    gc.disable()
    try:
        for depth in range(4, 12):
            analyze(Document("model.py", text.replace("depth = 3", f"depth = {depth}")), project, settings, memory)
            alive.append(sum(type(one) is Interpreter for one in gc.get_objects()))
    finally:
        gc.enable()
    assert alive == alive[:1] * len(alive)
