"""Published models that run: torchlint has no error to report in them and counts their parameters exactly.

torchvision is read as text; it is never imported.
"""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from torchlint.analysis import Project, analyze, summarize
from torchlint.diagnostics import Severity
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.summary import Target

_SETTINGS = Settings(budget_seconds=10)
_MODELS = Path(sysconfig.get_path("purelib")) / "torchvision" / "models"
_FILES = sorted(_MODELS.rglob("*.py"))
_COUNTS = {  # as torchvision publishes them
    "alexnet:alexnet": 61_100_840,
    "densenet:densenet121": 7_978_856,
    "mobilenetv2:mobilenet_v2": 3_504_872,
    "resnet:resnet18": 11_689_512,
    "resnet:resnet50": 25_557_032,
    "squeezenet:squeezenet1_0": 1_248_424,
    "vgg:vgg16": 138_357_544,
    "vision_transformer:vit_b_16": 86_567_656,
}


def test_the_sources_are_installed() -> None:
    """The promises below are made of real files, not of none."""
    assert len(_FILES) > 50


@pytest.mark.parametrize("path", _FILES, ids=lambda p: p.relative_to(_MODELS).as_posix())
def test_no_error_is_reported_in_code_that_runs(path: Path) -> None:
    """No error, no failure of torchlint itself."""
    analysis = analyze(Document.read(path), Project(_SETTINGS, path.parent), _SETTINGS)
    assert [d for d in analysis.diagnostics if d.severity is Severity.ERROR] == []


@pytest.mark.parametrize("target", _COUNTS)
def test_parameters_are_counted_as_published(target: str, tmp_path: Path) -> None:
    """A model that a function of an installed package builds has exactly the published number of parameters."""
    module, name = target.split(":")
    image = (1, 3, 224, 224)
    (found,) = summarize(
        Target(module=f"torchvision.models.{module}", name=name, inputs=(image,)), Project(_SETTINGS, tmp_path), _SETTINGS
    )
    assert found.total_params == _COUNTS[target]
    assert found.rows[0].output_shape == (1, 1000)


_FINETUNED = """
from torch import nn
from torchvision import models


class Finetuned(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        self.backbone = models.resnet18(weights=None)
        self.backbone.fc = nn.Linear({features}, classes)

    def forward(self, x):
        return self.backbone(x)
"""


def _findings(text: str, tmp_path: Path) -> list[str]:
    document = Document(str(tmp_path / "model.py"), text)
    return [d.message for d in analyze(document, Project(_SETTINGS, tmp_path), _SETTINGS).diagnostics]


def test_a_head_is_held_against_the_published_backbone(tmp_path: Path) -> None:
    """The library's code is followed, and what fails in it is told by the names of the user's own class."""
    assert _findings(_FINETUNED.format(features=512), tmp_path) == []
    said = _findings(_FINETUNED.format(features=2048), tmp_path)
    assert said == ["`self.backbone.fc` takes 2048 features, but its input has 512"]


def test_what_a_forward_hook_may_change_is_unknown(tmp_path: Path) -> None:
    """Hooks are not followed: nothing is said about what comes after one."""
    text = """
from torch import nn


class Hooked(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(4, 8)
        self.first.register_forward_hook(lambda module, args, output: output[..., :3])
        self.second = nn.Linear(3, 2)

    def forward(self, x):
        return self.second(self.first(x))
"""
    assert _findings(text, tmp_path) == []


def test_a_recursion_over_modules_that_are_not_known_ends(tmp_path: Path) -> None:
    """How deep it goes is as unknown as the modules: the rest of the class is followed, and no budget is used up."""
    text = """
from torch import nn


def visit(fn, module):
    for child in module.children():
        visit(fn, child)
    fn(module)


class Net(nn.Module):
    def __init__(self, name):
        super().__init__()
        self.add_module(name, nn.Linear(4, 4))
        visit(print, self)
        self.first = nn.Linear(4, 8)
        self.second = nn.Linear(3, 2)

    def forward(self, x):
        return self.second(self.first(x))
"""
    assert _findings(text, tmp_path) == ["`self.second` takes 3 features, but `self.first(x)` has 8"]
