"""What a target may name, and what is said of one that names no model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from torchlint.analysis import Project, summarize
from torchlint.dims.printing import show_shape
from torchlint.settings import Settings
from torchlint.summary import Summary, SummaryError, Target

_SETTINGS = Settings()
_FILE = """
import functools
from torch import nn

class Net(nn.Module):
    def __init__(self, width, depth=2):
        super().__init__()
        self.fc = nn.Linear(width, 10)

    @classmethod
    def small(cls, depth=1):
        return cls(8, depth)

    @staticmethod
    def big():
        return Net(800)

    class Flat(nn.Module):
        def forward(self, x):
            return x.view(3, 4)

    def forward(self, x):
        return self.fc(x)

tiny = functools.partial(Net, 4)
net = Net(16)
same = Net.small
REGISTRY = {"net": Net}

class Maker:
    def __call__(self, width=6):
        return Net(width)

make = Maker()

def build(width):
    return Net(width)

def with_transform():
    return Net(2), 3

def pair():
    return Net(2), Net(3)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with a module and its names at the top, beside a file that is in none."""
    (tmp_path / "file.py").write_text(_FILE)
    inner = tmp_path / "zoo" / "models"
    inner.mkdir(parents=True)
    (tmp_path / "zoo" / "__init__.py").write_text("from .models import *\nfrom .models.nets import build as create\n")
    (inner / "__init__.py").write_text("from .nets import *\n")
    (inner / "nets.py").write_text(_FILE)
    return tmp_path


def _summary(root: Path, words: str, args: str = "") -> Summary:
    place, _, name = words.partition(":")
    path = root / place if place.endswith(".py") else None
    target = Target(path=path, module=None if path else place, name=name or None, args=args)
    (found,) = summarize(target, Project(_SETTINGS, root), _SETTINGS)
    return found


@pytest.mark.parametrize(
    ("target", "args", "parameters"),
    [
        ("file.py:Net", "4", 50),
        ("file.py:Net.small", "", 90),
        ("file.py:Net.big", "", 8010),
        ("file.py:Net.Flat", "", 0),
        ("file.py:tiny", "", 50),
        ("file.py:tiny", "depth=3", 50),
        ("file.py:net", "", 170),
        ("file.py:net.fc", "", 170),
        ("file.py:same", "", 90),
        ("file.py:make", "", 70),
        ("file.py:build", "12", 130),
        ("file.py:build", "sum(n for n in (1, 2))", 40),
        ("file.py:with_transform", "", 30),
        ("zoo:Net", "4", 50),
        ("zoo:Net.small", "", 90),
        ("zoo:create", "width=12", 130),
        ("zoo:models.nets.build", "12", 130),
        ("zoo.models:tiny", "", 50),
        ("zoo.models.nets.build", "12", 130),
        ("torch.nn:Linear", "3, 4", 16),
        ("torch.nn.Bilinear", "3, 4, 5", 65),
        ("torch.nn:Sequential", "nn.Linear(3, 4), torch.nn.ReLU(), zoo.Net(4)", 66),
    ],
)
def test_what_makes_a_model_can_be_named(package: Path, target: str, args: str, parameters: int) -> None:
    """A class, a method, a partial, an alias, an object that is called, a model: in a file, a package, where it is exported."""
    found = _summary(package, target, args)
    assert found.total_params == parameters
    assert found.rows[0].output_shape is not None


@pytest.mark.parametrize(
    ("target", "args", "said"),
    [
        ("file.py:Nett", "", "there is no class or function `Nett` in .*file.py; did you mean `Net`"),
        ("file.py:Net.smal", "", "there is no attribute `smal` in `Net`; did you mean `small`"),
        ("file.py:REGISTRY", "", "`REGISTRY` in .*file.py is of type dict: no class, no function and no `nn.Module`"),
        ("file.py:pair", "", "`pair` gives a tuple with 2 modules, not a module"),
        ("file.py:build", "", "cannot be built: missing 1 required .*'width'; give it with --args \"width=...\""),
        ("file.py:build", "Foo", "--args: there is no `Foo` in .*file.py"),
        ("file.py:build", "nett.width", "--args: there is no `nett` in .*; did you mean `net`"),
        ("file.py:build", "1, 2", "takes 1 positional argument but 2 were given"),
        ("file.py:net", "1", "`net` is a module that was made already"),
        ("zoo:tinny", "", "there is no class or function `tinny` in zoo; did you mean `tiny`"),
        ("zoo.modles:Net", "", "there is no module `modles` in `zoo`; did you mean `models`"),
        ("nowhere:Net", "", "there is no module `nowhere`"),
        ("torch.nn:Linnear", "", "`torch.nn.Linnear` has no rule"),
        ("zoo.models", "", "no class in zoo.models derives from `nn.Module`"),
    ],
)
def test_what_is_no_model_is_told(package: Path, target: str, args: str, said: str) -> None:
    """Each mistake is named, with the word that was probably meant."""
    with pytest.raises(SummaryError) as caught:
        _summary(package, target, args)
    assert re.search(said, str(caught.value))


_CARRIES = """
import torch
from torch import nn

class Lightning(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.example_input_array = torch.zeros(2, 3, 30, 40)

    def forward(self, x):
        return self.conv(x)

class Trained(nn.Module):
    def __init__(self, channels=3):
        super().__init__()
        self.conv = nn.Conv2d(channels, 4, 3)

    def forward(self, x):
        return self.conv(x)

class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, images: list[torch.Tensor], targets=None):
        return [self.conv(torch.stack(images)) for image in images]

def detector():
    return Detector()

def make(channels=3):
    model = Trained(channels)
    model.pretrained_cfg = {"input_size": (3, 30, 40)}
    return model
"""


@pytest.mark.parametrize(
    ("name", "args", "output"),
    [("Lightning", "", "[2, 4, 28, 38]"), ("make", "", "[N, 4, 28, 38]"), ("make", "channels=1", "[N, 4, H - 2, W - 2]")],
)
def test_a_model_may_carry_its_input(tmp_path: Path, name: str, args: str, output: str) -> None:
    """The example that a model names is its input; so is the size that it was trained with, unless it does not take that."""
    (tmp_path / "file.py").write_text(_CARRIES)
    shape = _summary(tmp_path, f"file.py:{name}", args).rows[0].output_shape
    assert shape is not None and show_shape([s for s in shape if not isinstance(s, tuple)]) == output


def test_a_detector_is_given_a_list_of_images(tmp_path: Path) -> None:
    """One image of a usual size, or of the size that is asked for."""
    (tmp_path / "file.py").write_text(_CARRIES)
    found = _summary(tmp_path, "file.py:detector")
    assert (found.input, found.rows[1].output_shape) == (((3, 320, 320),), (1, 4, 318, 318))
    target = Target(path=tmp_path / "file.py", name="detector", inputs=((3, 30, 40),))
    (found,) = summarize(target, Project(_SETTINGS, tmp_path), _SETTINGS)
    assert found.rows[1].output_shape == (1, 4, 28, 38)
