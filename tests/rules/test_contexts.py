"""What counts as a mistake where a file constructs a class in several ways."""

from __future__ import annotations

from rules.snippets import said, script

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
