"""What library code does and no mistake is: parts that are not installed, files that register themselves, what is left open."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from rules.snippets import said, script
from torchlint.analysis import Project, analyze
from torchlint.settings import Settings
from torchlint.source.document import Document

_SILENT = {
    "an option that the code refuses, for an input of another rank": """
        class Conv(nn.Conv3d):
            def forward(self, x, cache=None):
                if cache is not None:
                    raise ValueError("takes no cache")
                return super().forward(F.pad(x, [1, 1, 1, 1, 2, 0]))

        class Block(nn.Module):
            def __init__(self, channels):
                super().__init__()
                self.conv1 = Conv(channels, channels, 3)
                self.conv2 = Conv(channels, channels, 3)

            def forward(self, x, cache=None, index=[0]):
                if cache is not None:
                    i = index[0]
                    kept = x[:, :, -2:, :, :].clone()
                    if kept.shape[2] < 2 and cache[i] is not None:
                        kept = torch.cat([cache[i][:, :, -1, :, :].unsqueeze(2), kept], dim=2)
                    x = self.conv1(x, cache[i])
                    cache[i] = kept
                    index[0] += 1
                else:
                    x = self.conv1(x)
                return self.conv2(x)
        """,
    "what is not installed is None": """
        try:
            from stranger import Config
            cfg = Config()
        except ImportError:
            cfg = None

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 5 if cfg is None else cfg.width)

            def forward(self, x):
                return cfg.act(self.fc(x)) if cfg.has_act else self.fc(x)

        Net()(torch.zeros(2, 4))
        """,
    "an object of a class that is not known": """
        from stranger import SparseConv, layers

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 5)
                self.apply(self._init)
                for m in self.modules():
                    if isinstance(m, (SparseConv, layers.Conv)):
                        m.kernel.data.zero_()

            def _init(self, m):
                if isinstance(m, SparseConv):
                    m.kernel.data.zero_()
                elif isinstance(m, layers.Norm):
                    m.reset()

            def forward(self, x):
                if isinstance(self.fc, layers.Linear):
                    return self.fc.quantized(x)
                return self.fc(x)

        Net()(torch.zeros(2, 4))
        """,
    "a name that one branch binds, in a comprehension": """
        class Net(nn.Module):
            def __init__(self, kind):
                super().__init__()
                self.kind = stranger.Kind(kind)

            def forward(self, x):
                if self.kind == "node":
                    found = x
                else:
                    edges = [x]
                if self.kind.has_edges:
                    found = [edge.squeeze(0) for edge in edges]
                return found
        """,
    "sizes that the caller chooses": """
        class Reshape(nn.Module):
            def __init__(self, *shape):
                super().__init__()
                self.shape = shape

            def forward(self, x):
                return x.view(*self.shape)
        """,
    "sizes that are set later": """
        from dataclasses import dataclass

        @dataclass
        class Arguments:
            dim: int = 64
            vocab_size: int = -1

        class Net(nn.Module):
            def __init__(self, arguments: Arguments):
                super().__init__()
                self.embedding = nn.Embedding(arguments.vocab_size, arguments.dim)
                self.output = nn.Linear(arguments.dim, arguments.vocab_size)

            def forward(self, tokens):
                return self.output(self.embedding(tokens)).softmax(-1)

        class Image(nn.Module):
            def __init__(self, width, channels=-1):
                super().__init__()
                self.conv = nn.Conv2d(channels, width, 3)

            def forward(self, x):
                return self.conv(x)
        """,
    "members of an enumeration that are texts or numbers": """
        import enum

        class Kind(str, enum.Enum):
            LORA = "LORA"
            PROMPT = "PROMPT"

        class Level(enum.IntEnum):
            LOW = 3

        def register(name):
            if name.upper() not in list(Kind) or not Kind.LORA == "LORA" or Kind.LORA in ("PROMPT",):
                raise ValueError(f"unknown kind {name}")
            return {Kind.LORA: 4, "PROMPT": 5}[name.upper()]

        register("lora")
        assert {Kind.LORA: 4, "PROMPT": 5}[Kind.PROMPT] == 5
        assert Level.LOW in (3, 4) and "LORA" in {Kind.LORA} and Kind("LORA").lower() == "lora" and Kind.LORA in "LORA"
        """,
    "an abstract class before the module": """
        from abc import ABC, abstractmethod

        class Encoder(ABC, nn.Module):
            @abstractmethod
            def width(self):
                pass

        class Small(Encoder):
            def __init__(self):
                super().__init__()
                self.add_module("fc", nn.Linear(3, 4))
                self.count = len(list(self.parameters()))

            def width(self):
                return 4

            def forward(self, x):
                return self.fc(x)

        Small()(torch.zeros(2, 3))
        """,
    "a size by its name": """
        nn.init.xavier_normal_(nn.Parameter(torch.FloatTensor(size=(1, 2, 3))))
        """,
    "a module that says itself what calling it is": """
        class Frequencies(nn.Module):
            def __init__(self):
                super().__init__()
                self.register_buffer("bands", torch.arange(4.0))

            def __call__(self, x):
                return self.bands * x.unsqueeze(-1)

        class Noted(nn.Linear):
            def __call__(self, x):
                return super().__call__(x)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.frequencies = Frequencies()
                self.fc = Noted(4, 2)

            def forward(self, x):
                return self.fc(self.frequencies(x))

        Net()(torch.zeros(2, 3))
        """,
    "images of three dimensions": """
        class Up(nn.Module):
            def __init__(self, channels):
                super().__init__()
                self.conv = nn.Conv3d(channels, channels, (1, 3, 3), padding=(0, 1, 1))

            def forward(self, x):
                return self.conv(F.interpolate(x, scale_factor=(1, 2, 2)))

        class Sequence(nn.Module):
            def __init__(self, channels):
                super().__init__()
                self.conv = nn.Conv1d(channels, channels, 3)

            def forward(self, x):
                return self.conv(F.interpolate(x, scale_factor=2))

        class Temporal(nn.Module):
            def __init__(self, channels, out):
                super().__init__()
                self.norm = nn.GroupNorm(32, channels)
                self.conv = nn.Conv3d(channels, out, (3, 1, 1), padding=(1, 0, 0))
                self.time = nn.Linear(512, out)

            def forward(self, x, temb):
                x = self.conv(self.norm(x))
                temb = self.time(temb)[:, :, :, None, None]
                return x + temb.permute(0, 2, 1, 3, 4)
        """,
    "a layer whose constructor leaves a choice": """
        class Upsample(nn.Upsample):
            def forward(self, x):
                return super().forward(x.float()).type_as(x)
        """,
    "an input for which another layer is built": """
        class Block(nn.Module):
            def __init__(self, width, zq_width=None):
                super().__init__()
                if zq_width is None:
                    self.norm = nn.GroupNorm(32, width)
                else:
                    self.norm = stranger.SpatialNorm(width, zq_width)

            def forward(self, x, zq=None):
                if zq is not None:
                    x = self.norm(x, zq)
                else:
                    x = self.norm(x)
                return x
        """,
    "what is not in a list for sure": """
        class Upscaler(nn.Module):
            def __init__(self, scales=(2, 4)):
                super().__init__()
                self.scales = scales
                self.models = nn.ModuleList([nn.Linear(3, scale) for scale in scales])

            def forward(self, x, scale: int):
                return self.models[self.scales.index(scale)](x)
        """,
    "a layer that did not get its own constructor": """
        class Embedding(nn.Embedding):
            def __init__(self, weight: nn.Parameter):
                nn.Module.__init__(self)
                self.num_embeddings, self.embedding_dim = weight.T.shape
                self.padding_idx = None
                self._parameters["weight"] = nn.Parameter(weight.T.contiguous(), requires_grad=weight.requires_grad)

        class Model(nn.Module):
            def __init__(self, weight):
                super().__init__()
                self.embedding = Embedding(weight)

            def forward(self, tokens):
                return self.embedding(tokens)
        """,
    "a module whose constructor calls no other, and makes no layer": """
        class Net(nn.Module):
            def __init__(self, width):
                self.width = width

            def build(self):
                self.fc = nn.Linear(self.width, 4)

            def forward(self, x):
                return x + 1
        """,
    "an option whose default is None": """
        import argparse

        parser = argparse.ArgumentParser()
        parser.add_argument("--in-csv", type=str, default=None)
        parser.add_argument("--width", type=int, default=0, required=True)
        args = parser.parse_args()
        if args.in_csv is None:
            raise NotImplementedError("the script needs data")
        assert args.width > 0
        """,
    "a sequence that is asked whether it is empty": """
        from collections.abc import Sequence

        class Extractor(nn.Module):
            def __init__(self, descriptions: Sequence[tuple[int, int]]):
                super().__init__()
                if not descriptions:
                    raise ValueError("there must be some")
                self.layers = nn.Sequential()
                for width, out in descriptions:
                    self.layers.append(nn.Linear(width, out))

            def forward(self, x):
                return self.layers(x)
        """,
}


@pytest.mark.parametrize("name", _SILENT)
def test_nothing_is_said(name: str) -> None:
    """None of these is a mistake."""
    assert said(script("import stranger\n" + textwrap.dedent(_SILENT[name]))) == []


def test_what_is_said_all_the_same() -> None:
    """A size below zero that somebody gave, an attribute of what was not taken for something else, an unbound name."""
    body = """
        from stranger import SparseConv

        class Net(nn.Module):
            def __init__(self, width=8):
                super().__init__()
                self.fc = nn.Linear(width, 5)

            def forward(self, x):
                if not isinstance(self.fc, SparseConv):
                    return self.fc.kernel

        nn.Embedding(-1, 8)
        Net()(torch.zeros(2, 8))
        """
    found = [(name, marked) for name, _, marked in said(script(body))]
    assert found == [("undefined-attribute", "kernel"), ("bad-call", "nn.Embedding(-1, 8)")]


_PACKAGE = {
    "zoo/__init__.py": "from . import net\n",
    "zoo/registry.py": """
        models = {}

        def register(name, cls):
            if name in models:
                raise KeyError(f'{name} is there already')
            models[name] = cls
        """,
    "zoo/net.py": """
        from torch import nn
        from zoo.checking import check
        from zoo.registry import register

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                check(self)
                self.fc = nn.Linear(3, 4)

            def forward(self, x):
                return self.fc(x)

        register('net', Net)
        Net()
        """,
    "zoo/checking.py": """
        def check(net):
            from zoo.net import Net
            if not isinstance(net, Net):
                raise TypeError('this is no Net')
        """,
    "zoo/use.py": """
        import torch
        import zoo
        from zoo.registry import models

        models['net']()(torch.zeros(2, 5))
        """,
}


@pytest.mark.parametrize("order", [("net", "use", "net"), ("use", "net", "use"), ("net", "net")])
def test_a_file_that_registers_itself_does_so_once(tmp_path: Path, order: tuple[str, ...]) -> None:
    """However often it is checked, and whoever imports it as a module before."""
    for path, text in _PACKAGE.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(text))
    project = Project(Settings(), tmp_path)
    expected = {"net": [], "use": ["linear-in-features"]}
    for name in order:
        document = Document.read(tmp_path / "zoo" / f"{name}.py")
        assert [d.name for d in analyze(document, project, Settings()).diagnostics] == expected[name]


def test_a_module_is_loaded_when_it_is_imported(tmp_path: Path) -> None:
    """It is in `sys.modules`, though nothing of it was used."""
    (tmp_path / "metrics.py").write_text("width = 3\n")
    text = "import sys, torch, metrics\n\nlayer = torch.nn.Linear(sys.modules['metrics'].width, 2)\nlayer(torch.zeros(2, 4))\n"
    document = Document(str(tmp_path / "model.py"), text)
    found = analyze(document, Project(Settings(), tmp_path), Settings()).diagnostics
    assert [d.name for d in found] == ["linear-in-features"]


def test_a_package_sees_its_own_parts(tmp_path: Path) -> None:
    """Also one that says nothing about shapes to others."""
    package = tmp_path / "torchaudio"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "parts.py").write_text("from torch import nn\n\ndef layer(width):\n    return nn.Linear(width, 2)\n")
    text = "import torch\nfrom . import parts\n\nparts.layer(3)(torch.zeros(2, 4))\n"
    document = Document(str(package / "model.py"), text)
    found = analyze(document, Project(Settings(), tmp_path), Settings()).diagnostics
    assert [d.name for d in found] == ["linear-in-features"]
