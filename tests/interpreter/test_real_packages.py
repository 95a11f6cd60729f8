"""More of what real packages do, and no mistake is: each of these was once reported, or took something away that is there."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from rules.snippets import said, script
from torchlint.analysis import Project, analyze
from torchlint.settings import Settings
from torchlint.source.document import Document

_SILENT = {
    "a store whose members are attributes": """
        class Store:
            def __init__(self):
                self.members = {}
                self.__doc__ = f"{self.__doc__ or ''}".strip()

            def __getattr__(self, name):
                if name in self.members:
                    return self.members[name]
                return self.__getattribute__(name)

        class Layers(Store):
            def __init__(self):
                super().__init__()
                self.__doc__ += "layers"
                self.members["linear"] = nn.Linear

            def __getattr__(self, name):
                if name in self.members:
                    return self.members[name]
                return super().__getattribute__(name)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                layers = Layers()
                layers.__doc__
                self.fc = layers.linear(4, 5) if not hasattr(layers, "conv") else None

            def forward(self, x):
                return self.fc(x)

        Net()(torch.zeros(2, 4))
        """,
    "what the version is": """
        import sys

        nn.Linear(sys.version_info.major, 2)(torch.zeros(2, 3))
        """,
    "an integer range in a float parameter": """
        class Frequencies(nn.Module):
            def __init__(self, number):
                super().__init__()
                self.freq = nn.Parameter(torch.empty(number))
                with torch.no_grad():
                    torch.arange(1, self.freq.numel() + 1, out=self.freq).mul_(3.14)

            def forward(self, x):
                return self.freq * x

        Frequencies(6)(torch.zeros(2, 6))
        """,
    "a layer for an optional input": """
        class Gate(nn.Module):
            def __init__(self, width, context=None):
                super().__init__()
                self.fc = nn.Linear(width, width)
                if context is not None:
                    self.fc_context = nn.Linear(context, width)

            def forward(self, x, c=None):
                x = self.fc(x)
                if c is not None:
                    x = x + self.fc_context(c)
                return x
        """,
    "two inputs of one rank": """
        def distances(a, b):
            if not torch.onnx.is_in_onnx_export() and a.device.type != "mps":
                return torch.cdist(a, b)
            rows = (a**2).sum(dim=1, keepdim=True).repeat(1, b.size(0))
            columns = (b**2).sum(dim=1, keepdim=True).repeat(1, a.size(0)).t()
            return rows + columns - 2.0 * a @ b.t()

        class Matcher(nn.Module):
            def __init__(self, threshold: float = 0.8):
                super().__init__()
                self.threshold = threshold

            def forward(self, first: torch.Tensor, second: torch.Tensor):
                if second.shape[0] < 2:
                    return first
                values, found = torch.topk(distances(first, second), 2, dim=1, largest=False)
                mask = values[:, 0] / values[:, 1] <= self.threshold
                return torch.arange(0, found.size(0))[mask]
        """,
    "a class of tuples": """
        class Parts(tuple):
            def __new__(cls, parts=None):
                if isinstance(parts, str):
                    parts = [int(part) for part in parts.split("+")]
                return super().__new__(cls, parts or ())

        class Noise(nn.Module):
            def __init__(self, parts):
                super().__init__()
                self.parts = Parts(parts)
                if Parts("1+2") not in (Parts([3]), Parts((1, 2))):
                    raise ValueError("not the same")

            def forward(self, x):
                return torch.cat([x.new_empty(x.shape[0], part) for part in self.parts], dim=-1)

        nn.Linear(5, 2)(Noise("2+3")(torch.zeros(4, 1)))
        """,
    "lists that are added before anybody knows that they are": """
        class Features(nn.Module):
            def __init__(self, sparse, dense):
                super().__init__()
                self.names = [feature.name for feature in sparse + dense]
                self.fc = nn.Linear(3, 4)

            def forward(self, x):
                return self.fc(x)
        """,
    "a module that is no part": """
        class Holder(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = None
                if self.fc is None:
                    self.fc = nn.Linear(2, 3)

            def __setattr__(self, name, value):
                if name == "fc":
                    return super(torch.nn.Module, self).__setattr__(name, value)
                return super().__setattr__(name, value)

            def forward(self, x):
                return self.fc(x)

        assert len(list(Holder().parameters())) == 0
        """,
    "two arguments one of which must be given": """
        def completed(width, height):
            if width is None:
                if height is None:
                    raise ValueError("neither is given")
                width = 2 * height
            return width

        class Grid(nn.Module):
            def __init__(self, width=None, height=None):
                super().__init__()
                self.fc = nn.Linear(completed(width, height), 3)

            def forward(self, x):
                return self.fc(x)
        """,
    "an attribute that is declared before it is set": """
        class Shared:
            mask: torch.Tensor = None

            @staticmethod
            def ratio(height):
                return height // Shared.mask.shape[-1]

        class Masked(nn.Module):
            def forward(self, x):
                return x * Shared.ratio(x.shape[2])
        """,
    "a list of models that is filled later": """
        class Ensemble(nn.ModuleList):
            def forward(self, x):
                return torch.cat([model(x) for model in self], 1)
        """,
    "what is given to a forward that takes anything": """
        class Metric(nn.Module):
            def update(self, given: torch.Tensor, wanted: torch.Tensor):
                return torch.pow(wanted - given, 2).mean()

            def forward(self, *args, **kwargs):
                return self.update(*args, **kwargs)
        """,
    "a mean of what anybody may choose": """
        class Scaled(nn.Module):
            def __init__(self, first, second):
                super().__init__()
                self.mean = (first * second).mean()

            def forward(self, x):
                return x * self.mean
        """,
    "a keyword that callers give": """
        class Environment:
            def __init__(self, **kwargs):
                self.check(kwargs)

            def check(self, kwargs):
                if "env" not in kwargs:
                    raise TypeError("env is not given")

        class Net(nn.Module):
            def __init__(self, **kwargs):
                super().__init__()
                self.environment = Environment(**kwargs)
                self.fc = nn.Linear(3, 4)

            def forward(self, x):
                return self.fc(x)
        """,
    "names made of what the caller chooses": """
        class Blocks(nn.Module):
            def __init__(self, before, after):
                super().__init__()
                for first in before.parts:
                    for second in after.parts:
                        pair = (first.name, second.name)
                        self.add_module(f"block_{pair}", nn.Linear(3, 3))

            def forward(self, x):
                return x
        """,
    "a buffer that is empty until it is fitted": """
        class Process(nn.Module):
            def __init__(self, width):
                super().__init__()
                self.scale = nn.Parameter(torch.ones(width))
                self.register_buffer("points", torch.empty(0, 0))

            def fit(self, points):
                self.points = points

            def forward(self, x):
                return (x - self.points.unsqueeze(0)) / self.scale
        """,
    "a class method that makes objects": """
        class Spec:
            @classmethod
            def __new__(cls, *args, **kwargs):
                cls.is_locked = False
                return super().__new__(cls)

            def __init__(self, width):
                self.width = 2 if self.is_locked else width

        nn.Linear(Spec(4).width, 2)(torch.zeros(1, 4))
        """,
    "members of an enumeration that begin with an underscore": """
        import enum

        class Backend(str, enum.Enum):
            PLAIN = "plain"
            _FLASH = "flash"

        kernels = {Backend._FLASH: 3}
        sorted(kernel.value for kernel in kernels)
        nn.Linear(len(Backend), 2)(torch.zeros(1, 2))
        """,
    "a decorated constructor": """
        import functools

        def renamed(**renames):
            def decorator(function):
                def wrapper(*args, **kwargs):
                    for old, new in renames.items():
                        if old in kwargs:
                            kwargs[new] = kwargs.pop(old)
                    return function(*args, **kwargs)

                return wrapper

            return decorator

        class Loss(nn.Module):
            @renamed(size="width")
            def __init__(self, width: int, labels: int):
                super().__init__()
                self.fc = nn.Linear(3 * width, labels)

            def forward(self, x):
                return self.fc(x)

        Loss(size=2, labels=3)(torch.zeros(1, 6))
        """,
    "a dictionary that is filled by name": """
        class Predictor(nn.Module):
            def __init__(self, width: int):
                super().__init__()
                self.key = "energy"
                self.fc = nn.Linear(width, 1)

            def forward(self, inputs):
                inputs[self.key] = self.fc(inputs["features"])
                return inputs
        """,
    "an argument in the place of which something is made": """
        class Fields:
            def __init__(self, given=None, needed=()):
                given = {} if given is None else given
                for name in needed:
                    if name not in given:
                        raise ValueError(f"{name} is missing")

        class Net(nn.Module):
            def __init__(self, given=None):
                super().__init__()
                self.fields = Fields(given, needed=["x"])
                self.fc = nn.Linear(3, 4)

            def forward(self, x):
                return self.fc(x)
        """,
    "a class that makes objects of another": """
        class Embedding(nn.Module):
            def __init__(self, theta):
                super().__init__()
                self.fc = nn.Linear(theta, 2)

            def forward(self, x):
                return self.fc(x)

        class Deprecated(nn.Module):
            def __new__(cls, *args, **kwargs):
                return Embedding(*args, **kwargs)

        Deprecated(theta=3)(torch.zeros(1, 3))
        """,
    "two inputs that must look alike": """
        def batched(x):
            return x.permute(0, 2, 1, 3, 4).reshape(-1, x.shape[1], x.shape[3], x.shape[4])

        class Loss(nn.Module):
            def __init__(self, is_flat: bool):
                super().__init__()
                self.is_flat = is_flat

            def forward(self, given: torch.Tensor, wanted: torch.Tensor):
                if wanted.shape != given.shape:
                    raise ValueError("the shapes differ")
                if self.is_flat:
                    return (given - wanted).abs().mean()
                return (batched(given) - batched(wanted)).abs().mean()
        """,
    "indices that are a list": """
        class Selected(nn.Module):
            def __init__(self, width: int, indices):
                super().__init__()
                indices = torch.as_tensor(indices)
                if len(indices) > width:
                    raise ValueError("too many indices")
                self.register_buffer("indices", indices)

            def forward(self, x):
                return x[..., self.indices]
        """,
    "a hook that reads the first argument": """
        class Lazy(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 5)
                self.hook = self.register_forward_pre_hook(self.prepare)

            def prepare(self, module, args):
                self.width = args[0].size(-1)
                self.hook.remove()

            def forward(self, x, mask=None):
                return self.fc(x)
        """,
}


_WITH_STRANGERS = {
    "a list that something unknown fills": "found = []\nstranger.fill(found)\nnn.Linear(found[0], 3)",
    "a dictionary in an object that it got": """
        class Keeper:
            def __init__(self, found):
                self.found = found

        found = {}
        data = stranger.make()
        data.keeper = Keeper(found)
        for _ in data:
            nn.Linear(found["width"], 3)
        """,
    "a list in an object that it was called with": """
        class Keeper:
            def __init__(self, found):
                self.found = found

        found = []
        stranger.call(Keeper(found))
        nn.Linear(found.pop(), 3)
        """,
    "what a dictionary is updated with": """
        widths = {}
        widths.update({each.name: each.width for each in stranger.things()})
        nn.Linear(widths["narrow"], 3)
        if "wide" not in widths:
            raise ValueError("no width")
        if len(widths) == 0 or not widths:
            raise ValueError("no widths")
        """,
    "what a set is updated with": "names = set()\nnames.update(stranger.names())\nlist(names)[0]",
    "a decorator that fills in arguments": """
        @stranger.main(config="config")
        def main(config):
            print(config)

        class Runner:
            @stranger.wrapped
            def run(self, config):
                return config

        main()
        Runner().run()
        """,
    "a class that a decorator adds to": """
        @stranger.tensors
        class Task:
            weight: torch.Tensor

        Task(weight=torch.zeros(3)).unsqueeze(0)
        """,
    "a constructor behind one that is not known": """
        class Base(nn.Module):
            def __init__(self):
                super().__init__()

        class Net(stranger.Layer, Base):
            def __init__(self):
                super().__init__(mode="mean")
                self.fc = nn.Linear(3, 4)

            def forward(self, x):
                return self.fc(x)
        """,
    "what was set before something unknown is written over it": """
        widths = {"narrow": 3}
        widths.update(stranger.widths())
        nn.Linear(widths["narrow"], 3)(torch.zeros(2, 4))

        (second, minute) = [0.0] * 2
        globals().update(stranger.units())
        1.0 / second
        """,
    "what a statement that raises may have changed": """
        try:
            import stranger.parts as parts
        except ImportError:
            raise ImportError("needs stranger")

        methods = {"plain": 3}
        methods.update({cls.__name__: cls for cls in parts.Base.__subclasses__()})

        def chosen(method):
            if method not in methods.keys():
                raise ValueError("no such method")

        chosen("other")
        """,
    "a parameter that is made of something unknown": """
        class Noise(nn.Module):
            def __init__(self):
                super().__init__()
                self.register_parameter("raw", nn.Parameter(torch.zeros(*stranger.shape())))
                self.constrain("raw")

            def constrain(self, name):
                if name not in self._parameters:
                    raise RuntimeError("no such parameter")

        Noise()
        """,
    "a module that is given by its name": """
        from pathlib import Path

        class Distilled(nn.Module):
            def __init__(self, teacher: str | Path | nn.Module):
                super().__init__()
                if not teacher:
                    raise ValueError("no teacher")
                if isinstance(teacher, (str, Path)):
                    teacher = stranger.load(teacher)
                self.teacher = teacher.to("cpu")

            def forward(self, x):
                return x
        """,
    "what comes after what is tried": """
        def convert(weights):
            try:
                weights = weights["model"]
            except KeyError:
                weights = weights["state"]
            else:
                raise NotImplementedError
            return weights

        convert(stranger.load())
        """,
}


@pytest.mark.parametrize("name", _WITH_STRANGERS)
def test_nothing_is_said_of_what_strangers_do(name: str) -> None:
    """A package that is not installed may do anything with what it gets."""
    assert said(script("import stranger\n" + textwrap.dedent(_WITH_STRANGERS[name]))) == []


def test_what_strangers_got_is_still_known() -> None:
    """What is in a list or dictionary stays there."""
    for kept in ("widths = [3]\nstranger.look(widths)", "widths = {0: 3}\nstranger.look(widths)"):
        text = f"import stranger\n{kept}\nnn.Linear(widths[0], 5)(torch.zeros(2, 4))"
        assert [name for name, _, _ in said(script(text))] == ["linear-in-features"]


@pytest.mark.parametrize("name", _SILENT)
def test_nothing_is_said(name: str) -> None:
    """Its module level runs, and nothing in it is a mistake."""
    exec(f"import torch\nfrom torch import nn\n{textwrap.dedent(_SILENT[name])}", {"__name__": "model"})
    assert said(script(_SILENT[name])) == []


def test_a_store_is_followed() -> None:
    """What `__getattr__` gives is known, not only silent."""
    text = _SILENT["a store whose members are attributes"].replace("torch.zeros(2, 4)", "torch.zeros(2, 3)")
    assert [name for name, _, _ in said(script(text))] == ["linear-in-features"]


def test_what_torch_writes_into() -> None:
    """It gets the shape of the result, and is the result."""
    text = "x = torch.empty(0)\ny = torch.add(torch.ones(2, 3), 1, out=x)\n"
    assert said(script(text + "x.view(6)\ny.view(3, 2)")) == []
    assert [name for name, _, _ in said(script(text + "x.view(5)"))] == ["reshape-size"]


def test_a_script_that_calls_a_library_asks_once(tmp_path: Path) -> None:
    """A condition on what nobody knows is answered in one way while a function of another file runs."""
    (tmp_path / "library.py").write_text(
        textwrap.dedent("""
        class Labels:
            def __init__(self, labels):
                self.has_regions = any(len(label) > 1 for label in labels)
                self.regions = None if not self.has_regions else [label for label in labels]

        def first(labels):
            found = Labels(labels)
            return [region for region in found.regions] if found.has_regions else []
        """)
    )
    document = Document(str(tmp_path / "script.py"), "import stranger\nfrom library import first\n\nfirst(stranger.load())\n")
    assert analyze(document, Project(Settings(), tmp_path), Settings()).diagnostics == ()
