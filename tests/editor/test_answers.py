"""Answers about a file, without an editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from asking import answers_of, hover
from torchlint.diagnostics import Position
from torchlint.dims.printing import show_shape
from torchlint.editor.actions import ignoring, input_declarations
from torchlint.editor.answers import Answers
from torchlint.editor.comments import rule_page
from torchlint.editor.moving import Move
from torchlint.editor.typing_in import call_around, layer_signature, sizes_here
from torchlint.source.document import Document

_NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])
        self.pool = nn.MaxPool1d(3, stride=2, padding=1)

    def forward(self, x):
        for block in self.blocks:
            x = torch.relu(block(x))
        y = self.pool(x)
        z, w = y, y.mean()
        return z + torch.softmax(unknown(w), -1)
"""


def test_a_construction_that_runs_often_says_so(tmp_path: Path) -> None:
    """The hint counts what is made; the hover tells of one."""
    answers = answers_of(_NET, tmp_path)
    hints = [hint.label for part in answers.parts for hint in part.about.hints if hint.kind == "count"]
    assert hints == ["3 × 72"] or hints == ["216"]
    assert "one of 3" in hover(answers, "nn.Linear(8, 8)")


def test_as_many_as_an_argument_says_are_counted_by_a_formula(tmp_path: Path) -> None:
    """The lens and the hints multiply; the hover tells of one."""
    text = (
        _NET.replace("__init__(self)", "__init__(self, depth)").replace("range(3)", "range(depth)").replace("[nn", "[\n    nn")
    )
    answers = answers_of(text, tmp_path)
    hints = [hint.label for part in answers.parts for hint in part.about.hints if hint.kind == "count"]
    assert hints == ["72*depth"]
    assert next(lens.title for part in answers.parts for lens in part.about.lenses).startswith("72*depth parameters")
    assert "one of depth" in hover(answers, "nn.Linear(8, 8)")
    assert hover(answers, "range(depth)") == "`range(depth)`: range of depth"
    assert "| `blocks.[0:depth]` | depth x Linear |" in hover(answers, "Net(")


def test_a_name_means_what_it_was_bound_to_before(tmp_path: Path) -> None:
    """On the right of an assignment a name is what it was, on the left what it becomes."""
    answers = answers_of(_NET, tmp_path)
    assert "`x`: `[" in hover(answers, "x)\n        z")
    assert "`y`: `[" in hover(answers, "y = self.pool")
    assert "(8 + 2*1 - 3) / 2 + 1 = 4" in hover(answers, "nn.MaxPool1d")


def test_what_is_unknown_says_why(tmp_path: Path) -> None:
    """A hover on a name whose value is not known gives the reason."""
    text = _NET.replace("y.mean()", "something(y)").replace("import torch\n", "import torch\nfrom missing import something\n")
    assert "unknown" in hover(answers_of(text, tmp_path), "w = y")


def test_a_rule_in_a_comment_has_its_page() -> None:
    """Names and codes of rules in comments that ignore them, and nothing else in the line."""
    document = Document("m.py", "x = 1  # torchlint: ignore[linear-in-features]\ny = 2  # noqa: TL101\n")
    for row, column in ((1, 30), (2, 16)):
        found = rule_page(document, Position(row, column))
        assert found is not None
        assert found.text.startswith("# linear-in-features (TL101)")
    assert rule_page(document, Position(1, 2)) is None


def test_ignore_comments_are_added_and_extended() -> None:
    """A second rule goes into the comment that is there; no comment where none can stand."""
    document = Document("m.py", "x = 1  # torchlint: ignore[hole]\ny = 2\nz = 3 + \\\n")
    first, second = ignoring(document, 1, "cat-mismatch"), ignoring(document, 2, "hole")
    assert first is not None
    assert second is not None
    assert document.edited([first, second]).splitlines()[:2] == [
        "x = 1  # torchlint: ignore[hole, cat-mismatch]",
        "y = 2  # torchlint: ignore[hole]",
    ]
    assert ignoring(document, 3, "hole") is None


def test_an_inferred_input_can_be_written_down(tmp_path: Path) -> None:
    """The comment says what was inferred, and the analysis says the same with it."""
    answers = answers_of(_NET, tmp_path)
    (_, shown, edit), _ = input_declarations(answers)
    after = answers_of(answers.document.edited([edit]), tmp_path)
    assert f"# torchlint: input {shown}" in after.document.text
    assert _inputs(after) == _inputs(answers)


def _inputs(answers: Answers) -> list[str]:
    return [show_shape(shape) for p in answers.classes() if p.about.summary for shape in p.about.summary.input]


@pytest.mark.parametrize(
    ("typed", "callee", "argument", "keyword"),
    [
        ("nn.Linear(", "nn.Linear", 0, ""),
        ("nn.Conv2d(3, 4, ", "nn.Conv2d", 2, ""),
        ("nn.Linear(3, out_features=", "nn.Linear", 1, "out_features"),
        ("nn.Linear(f(1, 2), ", "nn.Linear", 1, ""),
    ],
)
def test_the_call_around(typed: str, callee: str, argument: int, keyword: str) -> None:
    """The innermost open call, the number of the argument and its keyword."""
    call = call_around(Document("m.py", typed), Position(1, len(typed) + 1))
    assert call is not None
    assert (call.callee, call.argument, call.keyword) == (callee, argument, keyword)
    signature = layer_signature(call)
    assert signature is not None
    assert signature.active == argument


def test_the_size_that_fits_is_offered(tmp_path: Path) -> None:
    """Inside a call that is given another size than it says, the size that it is given."""
    text = _NET.replace("return z +", "return self.head(z) +").replace(
        "    def forward", "        self.head = nn.Linear(5, 2)\n\n    def forward"
    )
    answers = answers_of(text, tmp_path)
    position = answers.document.position(text.index("5, 2)"))
    call, part = call_around(answers.document, position), answers.at(position.row)
    assert call is not None
    assert part is not None
    assert [size.text for size in sizes_here(call, part, position.row)] == ["in_features=4"]


@pytest.mark.parametrize(
    ("old", "new", "row", "wanted"), [("abc", "abxc", 3, 4), ("abc", "xabc", 1, 2), ("abc", "ac", 3, 2), ("abc", "abc", 2, 2)]
)
def test_rows_move(old: str, new: str, row: int, wanted: int) -> None:
    """Rows before an edit stay, those behind it move; and back."""
    move = Move(list(old), list(new))
    assert move.row(row) == wanted
    assert move.back(wanted) == row
    assert move.is_still == (old == new)


def test_a_variable_that_holds_layers_of_any_number_is_described(tmp_path: Path) -> None:
    """How many there are is a symbol, which is neither true nor false."""
    text = """\
from torch import nn


class Net(nn.Module):
    def __init__(self, depth):
        super().__init__()
        layers = nn.Sequential(*[nn.Linear(8, 8) for _ in range(depth)])
        self.net = layers

    def forward(self, x):
        return self.net(x)


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = Net(2), Net(3)

    def forward(self, x):
        return self.second(self.first(x))
"""
    assert "Sequential" in hover(answers_of(text, tmp_path), "nn.Sequential(")


def test_a_class_that_another_one_reads_first_shows_what_its_body_binds(tmp_path: Path) -> None:
    """Whichever pass reads a class, its body is that of the class: what stands above uses it before it is looked at itself."""
    text = (
        "import torch\nfrom torch import nn\n\n\n"
        "class User(nn.Module):\n    def __init__(self, low: bool = False):\n        super().__init__()\n"
        "        self.part = Part(4) if low else Part(8)\n\n"
        "    def forward(self, x):\n        return self.part(x)\n\n\n"
        'class Part(nn.Module):\n    names = ["width"]\n    factor = 2\n\n'
        "    def __init__(self, width):\n        super().__init__()\n"
        "        self.fc = nn.Linear(width, self.factor * width)\n\n"
        "    def forward(self, x):\n        return self.fc(x)\n"
    )
    answers = answers_of(text, tmp_path)
    assert "`factor` = `2`" in hover(answers, "factor = 2")
    assert "`names` = `['width']`" in hover(answers, "names =")
