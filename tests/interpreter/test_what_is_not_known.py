"""What nobody knows: what is done with it, and what is not said because of it."""

from __future__ import annotations

import pytest

from rules.snippets import check, script
from torchlint.analysis import Project, summarize
from torchlint.settings import Settings
from torchlint.summary import Target

_NET = """
import os
import stranger
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, n=2):
        super().__init__()
        self.fc = nn.Linear(3, 4)
{body}

    def forward(self, x):
        return self.fc(x)
"""


def _count(tmp_path, body: str) -> object:
    text = _NET.format(body="\n".join(f"        {line}" for line in body.splitlines()))
    (tmp_path / "net.py").write_text(text)
    settings = Settings()
    (found,) = summarize(Target(path=tmp_path / "net.py"), Project(settings, tmp_path), settings)
    return found.total_params


@pytest.mark.parametrize(
    "body",
    [
        "self.bert = stranger.load('bert')",
        "self.part = stranger.parts['head']",
        "self.many = nn.ModuleList([nn.Linear(2, 2) for _ in range(stranger.DEPTH)])",
        "layers = []\nfor _ in range(stranger.DEPTH):\n    layers.append(nn.Linear(2, 2))\nself.body = nn.Sequential(*layers)",
        "self.found = next(iter(stranger.parts))",
    ],
)
def test_an_attribute_that_may_be_a_module_leaves_the_count_open(tmp_path, body: str) -> None:
    """No count is shown where parameters may have been missed."""
    assert _count(tmp_path, body) is None


@pytest.mark.parametrize(
    "body",
    [
        "self.flag = stranger.FLAG > 3",
        "self.size = len(stranger.parts)",
        "self.scale = 2 ** -stranger.POWER",
        "self.name = f'net{stranger.NAME}'",
        "self.home = os.environ.get('NET_HOME')",
        "self.table = torch.linspace(0, 1, stranger.STEPS)",
    ],
)
def test_an_attribute_that_is_no_module_changes_no_count(tmp_path, body: str) -> None:
    """Numbers, texts and tensors hold no parameters, whatever they are."""
    assert _count(tmp_path, body) == 16


@pytest.mark.parametrize(
    ("condition", "width"),
    [
        ("os.environ.get('WIDE', '0') == '1'", 4),
        ("int(os.environ.get('WIDE', 1)) > 0", 8),
        ("os.getenv('WIDE', 'False').lower() == 'true'", 4),
        ("'WIDE' in os.environ", 4),
        ("not os.environ.get('NARROW')", 8),
    ],
)
def test_a_variable_that_nobody_set_has_its_default(tmp_path, condition: str, width: int) -> None:
    """A model is built as the defaults of environment variables say, and the condition that they decide is named."""
    body = f"width = 8 if {condition} else 4\nself.other = nn.Linear(1, width, bias=False)"
    text = _NET.format(body="\n".join(f"        {line}" for line in body.splitlines()))
    (tmp_path / "net.py").write_text(text)
    settings = Settings()
    (found,) = summarize(Target(path=tmp_path / "net.py"), Project(settings, tmp_path), settings)
    assert found.rows[-1].params == width
    assert found.total_params == 16 + width
    assert "environment variables" in found.notes[-1]


def test_what_is_kept_under_an_unknown_key_is_found_there() -> None:
    """A dictionary gives back what was stored under the same key, though nobody knows the key."""
    found = check(
        script(
            """
            cache = {}
            key = str(torch.randn(2).device)
            if key not in cache:
                cache[key] = 5
            nn.Linear(cache[key], 2)(torch.randn(1, 4))
            """
        )
    )
    assert [d.message for d in found] == ["`nn.Linear(cache[key], 2)` takes 5 features, but `torch.randn(1, 4)` has 4"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("torch.arange(6).split((2, 4))[1].tolist()[0]", 2),
        ("torch.arange(6).reshape(2, 3).split(2, 1)[1].tolist()[1][0]", 5),
        ("torch.arange(5).flip(0).tolist()[0]", 4),
        ("torch.unique(torch.tensor([3, 1, 3]), return_counts=True)[1].tolist()[1]", 2),
        ("len(torch.unique(torch.tensor([3.0, 1.0, 3.0])))", 2),
        ("locals()['width']", 7),
        ("globals()['width'] + 1", 8),
    ],
)
def test_known_numbers_survive(expression: str, expected: int) -> None:
    """Elements of small tensors and names are read where sizes are computed from them."""
    (found,) = check(script(f"width = 7\nnn.Linear({expression}, 2)(torch.randn(1, 50))\n"))
    assert f"takes {expected} features" in found.message


def test_a_layer_that_could_not_be_made_is_shown_as_such(tmp_path) -> None:
    """`print(model)` of a model one of whose layers fails, or has sizes that nobody knows, is no failure of ours."""
    text = _NET.format(body="        self.bad = nn.Linear('a', 2)\n        self.open = nn.Linear(*stranger.SIZES)")
    (tmp_path / "net.py").write_text(text)
    settings = Settings()
    (found,) = summarize(Target(path=tmp_path / "net.py"), Project(settings, tmp_path), settings)
    assert "fc" in found.representation


def test_a_shape_that_an_unknown_condition_decides_is_not_shown(tmp_path) -> None:
    """What comes before the condition is shown; what depends on it is not, and the condition is named."""
    forward = (
        "x = self.fc(x)\n        y = x\n        if stranger.flag():\n            x = x[:, :2]\n        return torch.relu(x)"
    )
    text = _NET.format(body="").replace("return self.fc(x)", forward)
    (tmp_path / "net.py").write_text(text)
    settings = Settings()
    (found,) = summarize(Target(path=tmp_path / "net.py", inputs=((5, 3),)), Project(settings, tmp_path), settings)
    assert [row.output_shape for row in found.rows] == [None, (5, 4)]
    assert found.total_params == 16
    assert any("`stranger.flag()`" in note for note in found.notes)


@pytest.mark.parametrize(
    "body",
    [
        "def width(t):\n    return 7 if t.sum() > 0 else 9\nnn.Linear(9, 2)(torch.randn(1, width(torch.randn(4))))\n",
        "n = 9\nif torch.randn(4).sum() > 0:\n    n = 7\nnn.Linear(9, 2)(torch.randn(1, n))\n",
        "x = torch.randn(3, 5) if torch.randn(4).sum() > 0 else torch.randn(3, 4)\nnn.Linear(4, 2)(x)\n",
    ],
)
def test_what_fails_in_a_script_by_chance_is_not_reported(body: str) -> None:
    """A line that works on another path of the script may be right; one that fails whenever it runs is reported."""
    assert not check(script(body))
    never = "if torch.randn(4).sum() > 0:\n    nn.Linear(3, 4)(torch.randn(2, 5))\n"
    assert [d.name for d in check(script(body + never))] == ["linear-in-features"]


_LAYERS = {
    "nn.Linear(4, 4)": "torch.zeros(2, 4)",
    "nn.Conv2d(4, 4, 3)": "torch.zeros(2, 4, 8, 8)",
    "nn.ConvTranspose1d(4, 4, 3)": "torch.zeros(2, 4, 8)",
    "nn.Embedding(9, 4)": "torch.zeros(2, 4, dtype=torch.long)",
    "nn.Bilinear(4, 4, 4)": "torch.zeros(2, 4), torch.zeros(2, 4)",
    "nn.PReLU()": "torch.zeros(2, 4)",
    "nn.BatchNorm2d(4)": "torch.zeros(2, 4, 8, 8)",
    "nn.LayerNorm(4)": "torch.zeros(2, 4)",
    "nn.GroupNorm(2, 4)": "torch.zeros(2, 4)",
}


@pytest.mark.parametrize("layer", _LAYERS)
def test_a_layer_whose_weight_is_not_known_is_silent(tmp_path, layer: str) -> None:
    """Weights are tied to those of parts that nobody knows: no count, no failure."""
    text = f"""
        class Net(nn.Module):
            def __init__(self, other):
                super().__init__()
                self.layer = {layer}
                self.layer.weight = other.weight

            def forward(self, x):
                return self.layer({_LAYERS[layer]})
        """
    assert check(script(text)) == ()
    assert _count(tmp_path, f"self.layer = {layer}\nself.layer.weight = stranger.weight") is None


@pytest.mark.parametrize("layer", _LAYERS)
def test_a_layer_whose_weight_was_taken_away(layer: str) -> None:
    """It fails where torch cannot do without."""
    text = f"layer = {layer}\nlayer.weight = None\nlayer({_LAYERS[layer]})"
    try:
        exec(f"import torch\nfrom torch import nn\n{text}")
    except TypeError:
        expected = ["bad-call"]
    else:
        expected = []
    assert [d.name for d in check(script(text))] == expected


@pytest.mark.parametrize("bounds", ["k:", ":k", "::k", "k::k", "::torch.randint(1, 4, ())", "torch.randint(1, 4, ()):"])
def test_a_slice_whose_bounds_are_not_known(bounds: str) -> None:
    """Read from a file or from a tensor: the slice has an unknown length, and nothing is said of it."""
    text = f"import json\nk = json.load(open('k'))\nx = torch.zeros(4, 8)[:, {bounds}]\nx + torch.zeros(4, 3)"
    assert check(script(text)) == ()
