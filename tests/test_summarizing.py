"""What a summary counts, and what it leaves unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from hostile import CASES
from torchlint.analysis import Project, summarize
from torchlint.dims.printing import show_shape
from torchlint.settings import Settings
from torchlint.summary import Summary, Target

_SETTINGS = Settings()
_HEAD = "import torch\nfrom torch import nn\nfrom stranger import mystery\n\n"
_NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)
        {made}

    # torchlint: input x: [3, 4]
    def forward(self, x):
        {used}
"""


def _summary(tmp_path: Path, made: str, used: str) -> Summary:
    path = tmp_path / "m.py"
    path.write_text(_HEAD + _NET.format(made=made, used=used))
    (found,) = summarize(Target(path=path), Project(_SETTINGS, tmp_path), _SETTINGS)
    return found


@pytest.mark.parametrize(
    "used", ["return self.part(self.fc(x))", "for p in self.part:\n            x = p(x)\n        return x",
             "return [p(x) for _, p in enumerate(self.part)]"],
)  # fmt: skip
def test_what_may_be_a_module_leaves_the_count_unknown(used: str, tmp_path: Path) -> None:
    """An attribute of which nothing is known may hold parameters, if it is called or gone through."""
    found = _summary(tmp_path, "self.part = mystery(3)", used)
    assert (found.total_params, found.rows[0].params, found.rows[1].params) == (None, None, 10)


def test_the_cost_of_what_was_not_followed_is_unknown(tmp_path: Path) -> None:
    """What a step costs is not known if the step is not, for its module and the total; other modules keep theirs."""
    found = _summary(tmp_path, "self.other = nn.Linear(2, 2)", "return self.other(mystery(self.fc(x)))")
    assert [row.mult_adds for row in found.rows] == [None, 24, None]
    assert found.total_mult_adds is None
    assert any("`stranger` was not found" in note for note in found.notes)


def test_a_layer_that_is_registered_nowhere_costs(tmp_path: Path) -> None:
    """The total counts what a layer that `forward` makes does, though it has no row."""
    found = _summary(tmp_path, "pass", "return nn.Linear(2, 5)(self.fc(x))")
    assert (found.total_mult_adds, found.rows[1].mult_adds, found.total_params) == (24 + 30, 24, 10)


def test_what_the_constructor_runs_is_no_part_of_the_pass(tmp_path: Path) -> None:
    """A constructor may call a layer to see what it gives: shapes and costs are those of the forward pass."""
    found = _summary(tmp_path, "self.head = nn.Linear(self.fc(torch.zeros(9, 4)).shape[1], 5)", "return self.head(self.fc(x))")
    assert [row.output_shape for row in found.rows] == [(3, 5), (3, 2), (3, 5)]
    assert [row.mult_adds for row in found.rows] == [24 + 30, 24, 30]


_OF_IDS = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(50, 32)
        self.table = nn.Parameter(torch.zeros(1, 100, 32))
        self.fc = nn.Linear(32, 32)

    def forward(self, ids):
        {used}
"""


@pytest.mark.parametrize(
    "used",
    [
        "return self.embedding(ids) + self.table[:, : ids.size(1)]",
        "return self.fc(self.embedding(ids).view(-1, 32)).view(ids.size(0), -1, 32)",
        "keep = ids != 0\n        b, t, d = self.embedding(ids).shape\n        return torch.zeros(b, t, d) * keep[..., None]",
    ],
    ids=["a table of positions", "flattened", "a mask of padding"],
)
def test_how_many_ids_there_are_is_left_open(used: str, tmp_path: Path) -> None:
    """One of the many lengths that work is not shown as the length; ids are a batch of sequences, whatever reads them first."""
    path = tmp_path / "m.py"
    path.write_text(_HEAD + _OF_IDS.format(used=used))
    (found,) = summarize(Target(path=path), Project(_SETTINGS, tmp_path), _SETTINGS)
    assert [show_shape(shape) for shape in found.input] == ["[B, T]"]
    assert found.rows[0].output_shape is not None
    assert show_shape(found.rows[0].output_shape) == "[B, T, 32]"


@pytest.mark.parametrize(
    "name", ["tensor: index", "module: holds itself", "module: calls itself", "module: sequence in itself"]
)
def test_odd_models_have_a_summary(name: str, tmp_path: Path) -> None:
    """An input that may be no tensor, and modules that contain themselves."""
    path = tmp_path / "m.py"
    path.write_text(CASES[name])
    (found,) = summarize(Target(path=path), Project(_SETTINGS, tmp_path), _SETTINGS)
    assert found.rows and found.representation.startswith("Net(")
