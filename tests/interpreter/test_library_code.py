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
