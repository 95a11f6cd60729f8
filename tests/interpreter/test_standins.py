"""Stand-ins are held against the libraries that they stand for: signatures, lengths, and the shapes that come out."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest
import torch

import vision  # noqa: F401
from rules.snippets import check, script
from torchlint.analysis import Project, analyze
from torchlint.interpreter.standins import STANDINS, path_of
from torchlint.settings import Settings
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

_REAL = ("torch.utils.data", "torch.optim", "torch.optim.lr_scheduler", "torchvision.datasets", "torchvision.transforms")
_HEADER = """
from PIL import Image
from torch.utils.data import *
from torchvision import datasets, transforms
from torchvision.transforms import v2
data = TensorDataset(torch.zeros(10, 3, 8, 8), torch.zeros(10, dtype=torch.long))
image = Image.new("RGB", (40, 30))
fake = datasets.FakeData(50, (3, 24, 20), transform=transforms.ToTensor())
"""


def _signatures(name: str) -> list[tuple[str, ast.arguments]]:
    tree = ast.parse(Path(path_of(name)).read_text())
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    return [
        (cls.name, method.args)
        for cls in classes
        for method in cls.body
        if isinstance(method, ast.FunctionDef) and method.name == "__init__" and method.args.kwarg is None
    ]


@pytest.mark.parametrize("name", _REAL)
def test_signatures_are_those_of_the_library(name: str) -> None:
    """What a stand-in's constructor takes is what the library's takes: names, order, and what may be left out."""
    module = importlib.import_module(name)
    checked = 0
    for cls, arguments in _signatures(name):
        real = getattr(module, cls, None)
        if cls in _DIFFERENT:
            continue
        parameters = list(inspect.signature(real.__init__).parameters.values())[1:]
        if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
            continue  # it says nothing
        names = [a.arg for a in (*arguments.args[1:], *arguments.kwonlyargs)]
        assert names == [p.name for p in parameters], cls
        required = {p.name for p in parameters if p.default is p.empty}
        assert required == set(names[: len(arguments.args) - 1 - len(arguments.defaults)]), cls
        checked += 1
    assert checked > 3


_DIFFERENT = {
    "Optimizer",
    "Dataset",
    "LRScheduler",
    "Sampler",
    "VisionDataset",
    "InterpolationMode",
    "ToDtype",
    "RGB",
    "ToImage",
}


def _ours(code: str) -> dict[str, Any]:
    document = script(_HEADER + code)
    settings = Settings()
    analysis = analyze(document, Project(settings, Path(__file__).parent), settings)
    assert not analysis.diagnostics
    return analysis.file.namespace.members


def _theirs(code: str) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    exec(f"import torch{_HEADER}{code}", scope)
    return scope


@pytest.mark.parametrize(
    "code",
    [
        "x, y = next(iter(DataLoader(data, 4)))",
        "x, y = list(DataLoader(data, batch_size=4))[-1]",
        "x, y = list(DataLoader(data, batch_size=4, drop_last=True))[-1]",
        "x, y = list(DataLoader(data, 5, shuffle=True))[-1]",
        "x, y = next(iter(DataLoader(data, batch_size=None)))",
        "x = len(DataLoader(data, 4)); y = len(DataLoader(data, 4, drop_last=True))",
        "x, y = next(iter(DataLoader(fake, 16)))",
        "x = len(ConcatDataset([data, data])); y = len(data + fake)",
        "a, b = random_split(data, [7, 3])\nx = len(a); y, _ = next(iter(DataLoader(b, 8)))",
        "a, b = random_split(data, [0.75, 0.25])\nx = len(a); y = len(b)",
        "x, y = next(iter(DataLoader(Subset(data, [1, 2, 5]), 8)))",
        "x = len(DataLoader(data, 4, sampler=SubsetRandomSampler([1, 2, 3, 4, 5]))); y = 0",
        "x, y = next(iter(DataLoader([(1.0, 2), (3.0, 4), (5.0, 6)], 2)))",
        "batch = next(iter(DataLoader([{'a': torch.zeros(3), 'b': 1}] * 3, 2)))\nx, y = batch['a'], batch['b']",
        "x = next(iter(DataLoader(data, 4, collate_fn=lambda items: torch.stack([i[0] for i in items])))); y = 0",
        "for x, y in DataLoader(data, 5):\n    pass",
    ],
)
def test_batches_are_torchs(code: str) -> None:
    """Shapes and dtypes of batches, and lengths, are those that torch gives."""
    ours, theirs = _ours(code), _theirs(code)
    for name in "xy":
        if isinstance(theirs[name], torch.Tensor):
            assert (list(ours[name].shape), ours[name].dtype.name) == (
                list(theirs[name].shape), str(theirs[name].dtype).removeprefix("torch.")
            )  # fmt: skip
        else:
            assert ours[name] == theirs[name]


@pytest.mark.parametrize("module", ["transforms", "v2"])
@pytest.mark.parametrize(
    "transform",
    [
        "Resize(16)", "Resize((16, 18))", "Resize([12])", "CenterCrop(20)", "CenterCrop((20, 10))", "RandomCrop(20)",
        "RandomCrop(32, padding=4)", "RandomCrop(64, pad_if_needed=True)", "RandomResizedCrop(22)", "Grayscale()",
        "Grayscale(3)", "Pad(2)", "Pad((1, 2))", "Pad((1, 2, 3, 4))", "RandomHorizontalFlip()", "ColorJitter(0.1)",
        "RandomRotation(10)", "GaussianBlur(3)", "RandAugment()", "Compose([M.Resize(9), M.CenterCrop(8)])",
        "RandomApply([M.GaussianBlur(3)])", "Lambda(lambda im: im)",
    ],
)  # fmt: skip
def test_transforms_are_torchvisions(module: str, transform: str) -> None:
    """An image, and a tensor, have the size that torchvision gives them."""
    code = f"M = {module}\nt = M.{transform}\nx = transforms.ToTensor()(t(image)).shape\n"
    if transform != "RandAugment()":
        code += "y = t(torch.zeros(3, 30, 40)).shape"
    ours, theirs = _ours(code), _theirs(code)
    for name in "xy" if "y = " in code else "x":
        assert list(ours[name]) == list(theirs[name])


def test_standins_are_silent_about_what_they_do_not_tell() -> None:
    """A name of the library that its stand-in does not have is no mistake, nor is a part of a data set that files hold."""
    assert not check(script(f"{_HEADER}x = datasets.Places365\ny = fake.anything\nz = transforms.functional.resize"))
    assert set(_REAL) <= STANDINS.keys()


@pytest.mark.parametrize(
    ("name", "count", "shape"),
    [
        ("MNIST('d')", 60000, [1, 28, 28]), ("FashionMNIST('d', train=False)", 10000, [1, 28, 28]),
        ("EMNIST('d', 'balanced')", 112800, [1, 28, 28]), ("CIFAR100('d')", 50000, [3, 32, 32]),
        ("SVHN('d', split='test')", 26032, [3, 32, 32]), ("STL10('d')", 5000, [3, 96, 96]),
    ],
)  # fmt: skip
def test_known_data_sets(name: str, count: int, shape: list[int]) -> None:
    """Their lengths and samples are those that their publishers state."""
    code = f"d = datasets.{name}\nn = len(d)\nd.transform = transforms.ToTensor()\nx, y = d[0]"
    ours = _ours(code)
    assert (ours["n"], list(ours["x"].shape)) == (count, shape)
    assert isinstance(ours["y"], Unknown) and isinstance(ours["x"], Tensor)


def test_what_a_standin_leaves_out_of_a_class_is_no_mistake() -> None:
    """Attributes of the library's classes that only the library has; what a class of the program lacks is still said."""
    document = script(
        """
        from torch.utils.data import DataLoader, Dataset, TensorDataset
        loader = DataLoader(TensorDataset(torch.zeros(10, 2)), 2)
        a, b, c = loader.pin_memory, loader.dataset.tensors, loader.timeout
        optimizer = torch.optim.SGD([torch.zeros(2, requires_grad=True)], 0.1)
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)
        d = schedule.base_lrs, schedule.gamma, optimizer._step_count

        class Mine(Dataset):
            def __len__(self):
                return 3

        Mine().nothing
        """
    )
    assert [d.message for d in check(document)] == ["`Mine` has no attribute `nothing`"]
