"""What counts as a mistake where a file constructs a class in several ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.snippets import said, script
from torchlint.analysis import Project, analyze
from torchlint.settings import Settings
from torchlint.source.document import Document

_BLOCK = """
class Block(nn.Module):
    def __init__(self, channels, padding=1):
        super().__init__()
        self.first = nn.Conv2d(channels, 8, 3, stride=2, padding=padding)
        self.second = nn.MaxPool2d(3, stride=2)

    def forward(self, x):
        return torch.cat([self.first(x), self.second(x)], 1)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Block(3{given})

    def forward(self, x):
        return self.block(x)
"""


def test_a_default_that_the_file_never_relies_on_is_no_mistake() -> None:
    """A class that fails with its defaults only, and that the file gives other arguments, is not reported."""
    assert said(script(_BLOCK.format(given=", padding=0"))) == []


def test_a_default_that_the_file_relies_on_is_a_mistake() -> None:
    """Whoever constructs the class without the argument gets the default."""
    assert [name for name, _, _ in said(script(_BLOCK.format(given="")))] == ["cat-mismatch"]


def test_what_fails_with_every_argument_is_a_mistake() -> None:
    """An argument that does not mend the class does not silence it either."""
    assert [name for name, _, _ in said(script(_BLOCK.format(given=", padding=2")))] == ["cat-mismatch"]


_WRITTEN = """
class Mask(nn.Module):
    def __init__(self, size, padding=None):
        super().__init__()
        self.padding = padding

    def forward(self, x):
        return x.ne(self.padding)


class Net(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.mask = None if config.is_plain else Mask(3{given})

    def forward(self, x):
        return x
"""


def test_a_default_that_no_call_in_the_file_relies_on_is_no_mistake() -> None:
    """Also where no pass comes by the calls."""
    assert said(script(_WRITTEN.format(given=", config.padding"))) == []
    assert [name for name, _, _ in said(script(_WRITTEN.format(given="")))] == ["bad-call"]


_LAYER = """
from dataclasses import dataclass


@dataclass
class Config:
    width: int = 4
    is_decoder: bool = False


class Layer(nn.Module):
    def __init__(self, config{annotation}):
        super().__init__()
        self.first = nn.Linear(8, config.width)
        if config.is_decoder:
            self.cross = nn.Linear(config.width, 3)

    def forward(self, x, other=None):
        x = self.first(x)
        if other is not None:
            x = {call}(x)
        return x
"""


def test_an_attribute_that_belongs_to_an_optional_input_is_no_mistake() -> None:
    """One condition makes the layer, another uses it: who sets both has no failure, with a config that is free or supposed."""
    for annotation in ("", ": Config"):
        assert said(script(_LAYER.format(annotation=annotation, call="self.cross"))) == []
        assert [name for name, _, _ in said(script(_LAYER.format(annotation=annotation, call="self.crss")))] == [
            "undefined-attribute"
        ]


def test_a_config_of_another_file_is_only_supposed(tmp_path: Path) -> None:
    """That its defaults are refused is no mistake of the class; those of a config in the same file are its own."""
    config = "from dataclasses import dataclass\n\n\n@dataclass\nclass Config:\n    width: int | None = None\n"
    layer = (
        "from torch import nn\n{config}\n\n\nclass Layer(nn.Module):\n    def __init__(self, config: Config):\n"
        "        super().__init__()\n        if config.width is None:\n            raise ValueError('width')\n"
        "        self.first = nn.Linear(8, config.width)\n\n    def forward(self, x):\n        return self.first(x)\n\n\n"
        "class Net(nn.Module):\n    def __init__(self, config: Config):\n        super().__init__()\n"
        "        self.layer = Layer(config)\n\n    def forward(self, x):\n        return self.layer(x)\n"
    )
    (tmp_path / "configs.py").write_text(config)
    project = Project(Settings(), tmp_path)
    for text, expected in ((config, ["contract-violated"]), ("from configs import Config", [])):
        document = Document(str(tmp_path / "model.py"), layer.format(config=text))
        assert [d.name for d in analyze(document, project, Settings()).diagnostics] == expected


_STAGES = """
class Stages(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.first = nn.Conv2d(3, widths[0], 3)
        self.second = nn.Conv2d({given}, widths[1], 3)

    def forward(self, x):
        return self.second(self.first(x))


def build(widths, **options):
    return Stages(widths, **options)


def small(weights=None):
    return build([8, 16])


def large(weights=None):
    return build([16, 32])
"""


def test_what_functions_build_is_run() -> None:
    """A class that is only built by functions of the file is held against what they give it."""
    assert [name for name, _, _ in said(script(_STAGES.format(given="widths[1]")))] == ["conv-in-channels"]
    assert said(script(_STAGES.format(given="widths[0]"))) == []


def test_the_function_that_builds_what_cannot_run_is_named() -> None:
    """Where the same line works for another function, the mistake is in what is built."""
    assert said(script(_STAGES.format(given="8"))) == [
        ("contract-violated", "what `large` builds fails with every input", "build([16, 32])")
    ]


def test_a_function_that_needs_something_is_no_example() -> None:
    """A default of None may stand for what must be given."""
    net = "class Net(nn.Module):\n    def forward(self, x):\n        return x\n\n\n"
    assert said(script(net + "def build(body=None):\n    return Net(), body.first")) == []


def test_an_optional_argument_that_the_body_reads_is_given() -> None:
    """Who leaves it out gets an error, which is the caller's; a flag that is None is left at that."""
    layer = (
        "class Layer(nn.Module):\n    def forward(self, x, pair: tuple[torch.Tensor, torch.Tensor] | None = None,\n"
        "                flag: bool | None = None):\n        cos, sin = pair\n        if flag:\n"
        "            x = nn.Linear(3, 2).wight\n        return x * cos + sin\n"
    )
    assert said(script(layer)) == []


def test_an_input_of_another_rank_is_tried_on_every_path() -> None:
    """What fails on a path for the rank that was supposed first, and works for another, is no mistake."""
    layer = (
        "class Layer(nn.Module):\n    def forward(self, x, mask):\n        m = mask if mask.dim() <= 2 else mask.sum(-2) > 0\n"
        "        if self.training:\n            m = 1 - m\n        return x\n"
    )
    assert said(script(layer)) == []
    assert [name for name, _, _ in said(script(layer.replace("<= 2", "> 9")))] == ["dtype-mismatch"]


_FED = """
class Net(nn.Module):
    def __init__(self, hidden={hidden}):
        super().__init__()
        self.first = nn.Linear(4, 256)
        self.second = nn.Linear(hidden, 2)

    def forward(self, x):
        return self.second(self.first(x))


net = Net({given})
print(net(torch.tensor(load("table.csv"))))
"""


@pytest.mark.parametrize(
    ("hidden", "given", "expected"),
    [("512", "", ["linear-in-features"]), ("512", "256", []), ("512", "hidden=load('width')", []), ("256", "", [])],
)
def test_data_of_which_nothing_is_known_shows_nothing(hidden: str, given: str, expected: list[str]) -> None:
    """A script that feeds what it has read from a file is no proof that the model works; what it constructs it with counts."""
    document = script(f"from stranger import load\n{_FED.format(hidden=hidden, given=given)}")
    assert [name for name, _, _ in said(document)] == expected


def test_lengths_are_one_number_for_each_sequence() -> None:
    """Other inputs than a batch of ids and their lengths are no way out."""
    (found,) = said(
        script(
            """
            class Net(nn.Module):
                def __init__(self, words):
                    super().__init__()
                    self.embedding = nn.Embedding(words, 8)
                    self.lstm = nn.LSTM(8, 16, batch_first=True)

                def forward(self, text, lengths):
                    packed = nn.utils.rnn.pack_padded_sequence(self.embedding(text), lengths.cpu(), batch_first=True)
                    output, hidden, cell = self.lstm(packed)
                    return hidden
            """
        )
    )
    assert found[:2] == ("unpack-mismatch", "`self.lstm(packed)` has 2 values, but is unpacked into 3 names")


def test_an_lstm_takes_two_states() -> None:
    """One tensor, as a GRU takes it, is none; what was read from a file does not hide it."""
    (found,) = said(
        script(
            """
            from stranger import load


            class Net(nn.Module):
                def __init__(self, layers=2):
                    super().__init__()
                    self.layers = layers
                    self.lstm = nn.LSTM(3, 50, layers, batch_first=True)

                # torchlint: input x: [N, L, 3]
                def forward(self, x):
                    h0 = torch.zeros(self.layers, x.size(0), 50)
                    output, _ = self.lstm(x, h0)
                    return output


            print(Net()(load("table.csv")))
            """
        )
    )
    assert found == (
        "recurrent-input-size",
        "`self.lstm` takes the hidden and the cell state, but `h0` is one tensor [2, N, 50]",
        "h0",
    )
