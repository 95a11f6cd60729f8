"""`torchlint summary`: tables, JSON, and what is wrong with a target."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from cli.conftest import Run
from torchlint.cli.console import Console
from torchlint.cli.render.summary import as_markdown, as_text
from torchlint.cli.summary import parse_target
from torchlint.dims.expr import Kind, maximum, symbol
from torchlint.dims.printing import factored
from torchlint.summary import AcceptedSizes, InputSpec, Summary, SummaryRow, Target
from torchlint.summary_text import as_json, size_text


@pytest.fixture(autouse=True)
def _files(run: Run) -> None:
    Path("m.py").write_text("class LeNet: pass\n")
    Path("folder").mkdir()


def test_text(run: Run) -> None:
    """The modules as a tree with type, shape, counts and arithmetic; totals and notes below."""
    status, out, _ = run("summary", "m.py:LeNet", "--input", "1,1,32,32")
    assert status == 0
    assert out.splitlines() == [
        "LeNet of [1, 1, 32, 32]",
        "",
        "Layer        Type        Output shape      Parameters  Mult-adds  How the parameters are counted",
        "─" * 96,
        "LeNet        LeNet       [1, 10]                  216    117,600",
        "├─ features  Sequential  [1, 6, 28, 28]           156    117,600",
        "│  └─ 0      Conv2d      [1, 6, 28, 28]           156    117,600  6 * (5 * 5) * 1 + 6 = 156",
        "├─ fc        Linear      ?                         60          ?  6 * 10 = 60",
        "└─ again     Linear      ([1, 2], [1, 3])    (shared)          ?",
        "─" * 96,
        "Parameters      216",
        "Trainable       216",
        "Buffers         0",
        "Mult-adds       ?",
        "Size (float32)  0.00 MB",
        "note: `fc` was not reached",
        "help: --execute imports the code and runs it on tensors without data, which may show what reading could not follow",
    ]


def test_json(run: Run) -> None:
    """One object for one class, with the fields that were promised; a list for several."""
    found = json.loads(run("summary", "m.py:LeNet", "--input", "N,1,32,32", "--format", "json")[1])
    assert (found["class"], found["input"], found["total_params"]) == ("LeNet", [["N", 1, 32, 32]], 216)
    assert (found["trainable_params"], found["total_mult_adds"], len(found["layers"])) == (216, None, 5)
    assert found["layers"][2] == {
        "path": "features.0",
        "type": "Conv2d",
        "input_shape": [1, 1, 32, 32],
        "output_shape": [1, 6, 28, 28],
        "params": 156,
        "own_params": 156,
        "formula": "6 * (5 * 5) * 1 + 6 = 156",
        "mult_adds": 117_600,
        "repeated": False,
        "times": 1,
        "location": None,
    }
    assert found["layers"][4]["output_shape"] == [[1, 2], [1, 3]]
    assert len(json.loads(run("summary", "m.py", "--format", "json")[1])) == 2


def test_an_inferred_input_is_called_so() -> None:
    """Below the title, with the sizes that work as well, and in the JSON."""
    accepts = (
        AcceptedSizes(("H", "W"), 28, 31),
        AcceptedSizes(("T",), 5, None),
        AcceptedSizes(("h", "w"), 32, None, (32, 64, 96), are_equal=True),
        AcceptedSizes(("L",), 2, 8, (2, 4, 8)),
        AcceptedSizes(("D",), 7, 7),
    )
    row = SummaryRow("", "Net", 0)
    made = Summary("Net", ((3, 4),), (row,), 0, 0, 0, 0, is_inferred=True, accepts=accepts)
    told = (
        "The input is inferred from the code; H and W may be 28 to 31; T may be 5 or more; h = w may be 32, 64, 96, ...; "
        "L may be 2, 4 or 8; D can only be 7"
    )
    assert as_text(made, Console(io.StringIO()))[:3] == ["Net of [3, 4]", told, ""]
    assert as_markdown(made, Console(io.StringIO()))[:4] == ["## Net of [3, 4]", "", told, ""]
    found = as_json(made)
    assert found["input_inferred"] is True
    assert found["input_accepts"][0] == {"names": ["H", "W"], "minimum": 28, "maximum": 31, "values": [], "are_equal": False}
    declared = as_json(made._replace(is_inferred=False, accepts=()))
    assert (declared["input_inferred"], declared["input_accepts"]) == (False, [])


def test_markdown(run: Run) -> None:
    """A table that Markdown renders."""
    lines = run("summary", "m.py:LeNet", "--format", "markdown")[1].splitlines()
    assert lines[0] == "## LeNet"
    assert lines[3] == "| --- | --- | --- | ---: | ---: | --- |"
    assert lines[6] == "| `features.0` | Conv2d | [1, 6, 28, 28] | 156 | 117,600 | 6 * (5 * 5) * 1 + 6 = 156 |"
    assert "- Parameters: 216" in lines


def test_repr(run: Run) -> None:
    """--style repr prints what torch would, and nothing else."""
    assert run("summary", "m.py:LeNet", "--style", "repr") == (0, "LeNet()\n", "")


def test_formulas_that_nobody_can_read_are_cut() -> None:
    """A very long formula does not push the other columns out of sight; the totals say it in full."""
    size = symbol("height")
    for k in range(2, 9):
        size = size // k * symbol(f"width{k}") + k
    row = SummaryRow("", "Net", 0, None, (size,), size, 0, "1 + 1 = 2")
    lines = as_text(Summary("Net", (), (row,), size, 0, 0, 0), Console(io.StringIO()))
    assert max(map(len, lines[2:5])) < 200 and lines[4].count("…") == 2
    assert factored(size) in lines[6]


def test_tables_fit_the_terminal() -> None:
    """Columns that have no room are cut, the widest first and the names last; no line is longer than the terminal."""
    size = symbol("height") // 2 * symbol("width") // 3 + 17 * symbol("depth") * symbol("height")
    row = SummaryRow("", "Net", 0, None, (size, size), 3, 0, "1 + 1 = 2", size)
    console = Console(io.StringIO(), width=80)
    lines = as_text(Summary("Net", (), (row,), 3, 3, 0, 0), console)
    assert max(map(len, lines[2:5])) <= 80 and lines[4].startswith("Net    Net   [")


def test_long_numbers_in_formulas_have_commas() -> None:
    """Where no other comma stands beside them."""
    dim = symbol("dim")
    assert size_text(12_345 * dim) == "12,345*dim"
    assert size_text(maximum(dim, 12_345)) == "max(dim, 12345)"


def test_formulas_can_be_made_numbers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where counts depend on the sizes of the input, an input that has numbers is suggested."""
    height = symbol("H")
    shape = (symbol("N", Kind.BATCH), 3, height, 7)
    summary = Summary(
        "Net", (shape,), (SummaryRow("", "Net", 0),), 3, 3, 0, 5 * height, inputs=(InputSpec("x", shape, "float32"),)
    )
    monkeypatch.setattr("torchlint.cli.summary.summarize", lambda *_: [summary])
    assert run("summary", "m.py")[1].endswith("the counts are numbers, as with --input 1,3,224,7\n")


def test_symbolic_counts() -> None:
    """Counts that depend on sizes are formulas, in text and in JSON."""
    dim, depth = symbol("dim"), symbol("depth")
    count = 12 * depth * dim * dim + 13 * depth * dim
    rows = (SummaryRow("", "ViT", 0, None, (symbol("N"), dim), count, 0),)
    summary = Summary("ViT", (), rows, count, count, 0, 2 * count)
    found = as_json(summary)
    assert found["total_params"] == "depth*(12*dim**2 + 13*dim)"
    assert found["layers"][0]["output_shape"] == ["N", "dim"]
    text = "\n".join(as_text(summary, Console(io.StringIO())))
    assert "Parameters      depth*(12*dim**2 + 13*dim)" in text
    assert "Size (float32)  depth*(48*dim**2 + 52*dim) bytes" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("n.py",), "n.py: no such file; did you mean `m.py`?"),
        (("nowhere/n.py:Net",), "nowhere/n.py: no such file"),
        (("folder",), "folder is a folder; name a file in it"),
        (("m.py:Missing",), "there is no class `Missing`"),
        (("m.py:1x",), "`1x` is no name of a class"),
        (("m.py", "--input", "1,,x y"), "--input 1,,x y: "),
        (("m.py", "--input", "[1"), "--input [1: "),
        (("m.py", "--args", "10, hidden="), '--args "10, hidden=": not the arguments of a call'),
        (("m.py", "--args", "1) + f("), "not the arguments of a call"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """Each mistake is named, on the error output, with status 2."""
    status, out, err = run("summary", *arguments)
    assert (status, out) == (2, "") and words in err, err


def test_targets() -> None:
    """Files and modules, with and without a name."""
    path = Path("m.py").absolute()
    assert parse_target("m.py") == Target(path=path)
    assert parse_target("m.py:Net") == Target(path=path, name="Net")
    assert parse_target(f"{path}:Outer.Inner") == Target(path=path, name="Outer.Inner")
    assert parse_target("torchvision.models.resnet:resnet50") == Target(module="torchvision.models.resnet", name="resnet50")
    assert parse_target("torchvision.models") == Target(module="torchvision.models")
