"""The graph of a pass: which step made the tensor that which other one takes."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from torchlint.analysis import Project, summarize
from torchlint.dims.printing import show
from torchlint.settings import Settings
from torchlint.summary import Graph, Target

_SETTINGS = Settings()
_HEAD = """
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x):
        return torch.relu(self.fc(x)) + x

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 4)
        self.b = nn.Linear(4, 4)
        self.wide = nn.Linear(4, 8)
        self.block = Block()
        self.blocks = nn.Sequential(Block(), nn.Identity())
        self.scale = nn.Parameter(torch.ones(4))

    # torchlint: input x: [N, 4]
    def forward(self, x):
"""


def _graph(body: str, tmp_path: Path) -> Graph:
    path = tmp_path / "m.py"
    path.write_text(_HEAD + indent(body, " " * 8) + "\n")
    (found,) = summarize(Target(path=path, name="Net"), Project(_SETTINGS, tmp_path), _SETTINGS)
    assert found.graph is not None
    return found.graph


def _drawn(body: str, tmp_path: Path) -> set[str]:
    """The edges, each as `source -> target` with the path of a module or the name of an operation."""
    graph = _graph(body, tmp_path)
    names = [node.path or node.name for node in graph.nodes]
    return {f"{names[e.source]} -> {names[e.target]}" for e in graph.edges}


def test_a_residual_is_an_edge_around_the_branch(tmp_path: Path) -> None:
    """What is added comes from the branch and from what the branch was given."""
    assert _drawn("return self.a(x) + x", tmp_path) == {"x -> a", "a -> add", "x -> add", "add -> output"}


def test_branches_meet_where_they_are_joined(tmp_path: Path) -> None:
    """Both parts go into `cat`, and each piece of a `chunk` comes from it."""
    body = "p, q = torch.chunk(x, 2, -1)\nreturn torch.cat([self.a(x), p, q], -1)"
    assert _drawn(body, tmp_path) == {"x -> chunk", "x -> a", "a -> cat", "chunk -> cat", "cat -> output"}


def test_what_is_changed_in_place_comes_from_the_change(tmp_path: Path) -> None:
    """After `x += y`, `x` is made by the addition."""
    assert _drawn("y = self.a(x)\ny += x\nreturn self.b(y)", tmp_path) == {
        "x -> a", "a -> add", "x -> add", "add -> b", "b -> output",
    }  # fmt: skip


def test_a_module_holds_the_steps_inside_it(tmp_path: Path) -> None:
    """Edges go between the innermost steps; modules around them are their parents."""
    graph = _graph("return self.blocks(x)", tmp_path)
    parents = {n.path or n.name: graph.nodes[n.parent].path for n in graph.nodes if n.parent is not None}
    assert parents == {
        "blocks": "",
        "blocks.0": "blocks",
        "blocks.0.fc": "blocks.0",
        "relu": "blocks.0",
        "add": "blocks.0",
        "blocks.1": "blocks",
    }
    assert "add -> blocks.1" in _drawn("return self.blocks(x)", tmp_path)


def test_a_module_that_is_called_twice_is_two_steps(tmp_path: Path) -> None:
    """Each call of a shared module is a node with the same path."""
    graph = _graph("return self.a(self.a(x))", tmp_path)
    assert [n.path for n in graph.nodes if n.kind == "module"] == ["", "a", "a"]
    assert [(e.source, e.target) for e in graph.edges] == [(0, 2), (2, 3), (3, 4)]


def test_edges_have_the_shape_of_the_tensor(tmp_path: Path) -> None:
    """The shape on an edge is the one of what goes along it."""
    graph = _graph("return self.wide(x)", tmp_path)
    assert [[show(size) for size in e.shape or ()] for e in graph.edges] == [["N", "4"], ["N", "8"]]


def test_what_nobody_uses_is_left_out(tmp_path: Path) -> None:
    """Questions about values are no steps; a layer whose result is dropped is one, since it runs."""
    body = "y = self.b(x)\nunused = (y * 2).sum()\nreturn self.a(x) * self.scale"
    assert _drawn(body, tmp_path) == {"x -> a", "x -> b", "a -> mul", "mul -> output"}


def test_what_fails_is_drawn_with_what_it_was_given(tmp_path: Path) -> None:
    """An operation for which torch would raise has the tensors that do not fit as inputs; so has a layer."""
    added = _graph("return self.wide(x) + x", tmp_path)
    assert [(n.kind, n.text) for n in added.nodes if n.kind == "failure"] == [("failure", "self.wide(x) + x")]
    assert {"x -> self.wide(x) + x", "wide -> self.wide(x) + x"} < _drawn("return self.wide(x) + x", tmp_path)
    called = _graph("return self.a(self.wide(x))", tmp_path)
    assert [(n.kind, n.path) for n in called.nodes if n.path == "a"] == [("failure", "a")]


def test_a_pass_of_too_many_steps_has_no_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that nobody could look at is not drawn."""
    monkeypatch.setattr("torchlint.graphing._MOST_STEPS", 2)
    path = tmp_path / "m.py"
    path.write_text(_HEAD + "        return self.a(self.b(self.block(x)))\n")
    (found,) = summarize(Target(path=path, name="Net"), Project(_SETTINGS, tmp_path), _SETTINGS)
    assert found.graph is None


def test_after_a_failure_the_repaired_operation_goes_on(tmp_path: Path) -> None:
    """The steps behind one that fails are drawn as behind one that does not, where it says what it would give."""
    drawn = _drawn("return self.b(self.a(torch.relu(self.wide(x))))", tmp_path)
    assert drawn == {"x -> wide", "wide -> relu", "relu -> a", "a -> b", "b -> output"}


def test_an_input_that_is_scaled_first_is_still_the_input(tmp_path: Path) -> None:
    """Nothing that takes the input is drawn behind arithmetic that it does not take."""
    assert "mul -> b" not in _drawn("y = x * 2\nreturn self.a(y) + self.b(x)", tmp_path)
