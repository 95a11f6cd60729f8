"""What running a model tells: shapes, counts, and the exception at the user's line."""

from __future__ import annotations

from pathlib import Path

import pytest

from executed.conftest import Execute
from torchlint.analysis import Project, read_target, summarize
from torchlint.execution.comparison import differences
from torchlint.execution.outcome import execute
from torchlint.execution.process import ExecutionError, Worker
from torchlint.execution.requesting import request_for
from torchlint.settings import Settings
from torchlint.summary import Target

_MODELS = Path(__file__).parent.parent / "models"
_SETTINGS = Settings()


def _net(body: str, layers: str = "self.fc = nn.Linear(4, 2)") -> str:
    return f"""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {layers}

    def forward(self, x):
        {body}
"""


def test_a_summary(run: Execute) -> None:
    """Shapes of what goes in and comes out, counts with their arithmetic, for each module."""
    found = run(_net("return self.fc(x)"), (3, 4)).summary
    assert found is not None
    top, layer = found.rows
    assert (top.path, top.type, top.input_shape, top.output_shape, top.params) == ("", "Net", (3, 4), (3, 2), 10)
    assert (layer.path, layer.own_params, layer.formula, layer.mult_adds) == ("fc", 10, "4 * 2 + 2 = 10", 24)
    assert (found.total_params, found.trainable_params, found.buffers, found.total_mult_adds) == (10, 10, 0, 24)
    assert found.runner.startswith("torch ")


def test_weights_take_no_memory(run: Execute) -> None:
    """A layer of forty gigabytes is built, copied, converted and called."""
    layers = "self.fc = __import__('copy').deepcopy(nn.Linear(100_000, 100_000)).half().float()"
    found = run(_net("return self.fc(x)", layers), (2, 100_000)).summary
    assert found is not None and found.total_params == 10_000_100_000


def test_shared_weights_stay_shared(run: Execute) -> None:
    """A parameter of two modules is counted once, also after a conversion."""
    layers = "self.a = nn.Linear(64, 64); self.b = nn.Linear(64, 64); self.b.weight = self.a.weight; self.double()"
    found = run(_net("return self.b(self.a(x.double()))", layers), (2, 64)).summary
    assert found is not None and found.total_params == 64 * 64 + 2 * 64


@pytest.mark.parametrize(
    "layers",
    [
        "self.rates = [r.item() for r in torch.linspace(0, 0.5, 6)]; self.fc = nn.Linear(4, int(self.rates[-1] * 4))",
        "self.fc = nn.Linear(4, torch.tensor([1, 2]).tolist()[1])",
        "self.fc = nn.Linear(4, 2); self.big = nn.Linear(99, 99); nn.init.trunc_normal_(self.big.weight)",
    ],
)  # fmt: skip
def test_numbers_that_code_computes_with_are_known(run: Execute, layers: str) -> None:
    """Elements of small tensors can be read, and initializations may look at what they wrote."""
    outcome = run(_net("return self.fc(x)", layers), (3, 4))
    assert outcome.is_complete and outcome.summary is not None and outcome.summary.rows[0].output_shape == (3, 2)


def test_computing_weights_is_no_cost(run: Execute) -> None:
    """Multiply-adds are those of the data's way through the model, not of a weight's way out of others."""
    layers = "self.fc = nn.utils.parametrizations.spectral_norm(nn.Linear(4, 2))"
    found = run(_net("return self.fc(x)", layers), (3, 4)).summary
    assert found is not None and found.total_mult_adds == 24


@pytest.mark.parametrize(
    "body",
    ["return self.fc(x.cuda())", "return self.fc(x.to('cuda:1')) + torch.zeros(3, 2, device='cuda')",
     "return self.fc(x.to(torch.device('mps'))) * torch.ones(2000, 2, device=torch.device('cuda'))[:3]",
     "return self.cuda().fc(x.to(0)).to(device='cuda', dtype=torch.float32).cpu()"],
)  # fmt: skip
def test_accelerators_are_not_needed(run: Execute, body: str) -> None:
    """Code that asks for a GPU runs without one."""
    outcome = run(_net(body, "self.fc = nn.Linear(4, 2); self.to('cuda')"), (3, 4))
    assert outcome.is_complete and outcome.summary is not None and outcome.summary.rows[0].output_shape == (3, 2)


def test_what_the_input_decides_ends_the_pass(run: Execute) -> None:
    """A pass without data does not know the elements of its input: what came before is shown, and nothing is reported."""
    outcome = run(_net("x = self.fc(x)\n        return x if x.sum() > 0 else -x"), (3, 4))
    assert outcome.diagnostic is None and not outcome.is_complete and outcome.summary is not None
    assert outcome.summary.rows[1].output_shape == (3, 2)
    assert any("elements of a tensor" in note and "model.py:12" in note for note in outcome.summary.notes)


_MATRICES = "mat1 and mat2 shapes cannot be multiplied"
_DIMENSION = "Dimension out of range (expected to be in range of [-2, 1], but got 2)"
_GROUPS = "in_channels must be divisible by groups"
_GROUPED = _net("return x", "self.conv = nn.Conv2d(3, 8, 3, groups=2)")
_LOOSE = "x = torch.zeros(2, 3) @ torch.zeros(4, 5)\n" + _net("return x")
_FLATTENED = _net("return nn.Sequential(nn.Flatten(7))(x)")
_RAISING = {
    "a forward": (_net("return self.fc(x)"), 11, f"{_MATRICES} (3x5 and 4x2)", "torch RuntimeError"),
    "a softmax": (_net("return torch.softmax(x, 2)"), 11, _DIMENSION, "torch IndexError"),
    "a constructor": (_GROUPED, 8, _GROUPS, "torch ValueError"),
    "the module": (_LOOSE, 4, f"{_MATRICES} (2x3 and 4x5)", "torch RuntimeError"),
    "the user's own check": (_net("raise ValueError('no')"), 11, "no", "Python ValueError"),
    "a library": (_FLATTENED, 11, "Dimension out of range", "torch IndexError"),
    "the syntax": ("def f(:\n", 4, "invalid syntax", "Python SyntaxError"),
    "an exit": ("raise SystemExit(3)\n", 4, "the program exits here with 3", "Python SystemExit"),
    "the input": (_net("input()"), 11, "EOF", "Python EOFError"),
}


@pytest.mark.parametrize(("text", "row", "message", "kind"), _RAISING.values(), ids=_RAISING)
def test_an_exception_is_told_at_the_users_line(run: Execute, text: str, row: int, message: str, kind: str) -> None:
    """Whatever raises, at the innermost line of the user's file, in torch's words."""
    diagnostic = run(text, (3, 5)).diagnostic
    assert diagnostic is not None
    assert diagnostic.path.endswith("model.py") and diagnostic.span.start.row == row
    assert message in diagnostic.message and f"{diagnostic.code} {diagnostic.name}" == kind


def test_what_is_said_before_an_exit_is_told(run: Execute) -> None:
    """A script that wants arguments says so before it exits; its class is run where it is defined before."""
    script = "import argparse\np = argparse.ArgumentParser()\np.add_argument('data')\np.parse_args()\n"
    diagnostic = run(script + _net("return x"), (3, 4)).diagnostic
    assert diagnostic is not None and diagnostic.span.start.row == 7
    assert any("the following arguments are required: data" in note.message for note in diagnostic.notes)
    assert run(_net("return x") + script, (3, 4)).is_complete


def test_the_place_in_the_line(run: Execute) -> None:
    """Where Python tells the columns they are those of the call."""
    diagnostic = run(_net("é = 1; return self.fc(x)"), (3, 5)).diagnostic
    assert diagnostic is not None
    if diagnostic.span.end.column - diagnostic.span.start.column == len("self.fc(x)"):
        assert diagnostic.span.start.column == len("        é = 1; return ") + 1
    else:
        assert diagnostic.span.start.column == len("        ") + 1


def test_a_script_that_fails_after_the_class_still_gives_it(run: Execute) -> None:
    """What is defined before the import ends is run, and how the import ended is noted."""
    outcome = run(_net("return self.fc(x)") + "\nraise OSError('no data')\n", (3, 4))
    assert outcome.is_complete and outcome.summary is not None
    assert any("OSError: no data" in note and "model.py:13" in note for note in outcome.summary.notes)


@pytest.mark.parametrize(
    ("name", "args", "parameters"),
    [("Net", "", 10), ("Net.wide", "", 15), ("make", "torch.nn.ReLU", 10), ("net", "", 10), ("pair", "", 10), ("tiny", "", 15)],
)
def test_what_makes_a_model(run: Execute, name: str, args: str, parameters: int) -> None:
    """A class, a method, a function, a partial, a model; of a tuple the module in it."""
    text = """
import functools

class Net(nn.Module):
    def __init__(self, out=2, act=nn.GELU):
        super().__init__()
        self.fc = nn.Linear(4, out)
        self.act = act()

    @classmethod
    def wide(cls):
        return cls(3)

    def forward(self, x):
        return self.act(self.fc(x))

def make(act):
    return Net(act=act)

def pair():
    return Net(), 3

net = Net()
tiny = functools.partial(Net, 3)
"""
    outcome = run(text, (3, 4), name=name, args=args)
    assert outcome.is_complete and outcome.summary is not None and outcome.summary.total_params == parameters


def test_a_file_of_a_package_is_imported_as_one(worker: Worker, tmp_path: Path) -> None:
    """Relative imports work, and names are looked up in the project."""
    package = tmp_path / "zoo"
    package.mkdir()
    (package / "__init__.py").write_text("from .nets import nets\n")
    (package / "parts.py").write_text("from torch import nn\n\n\ndef head():\n    return nn.Linear(4, 2)\n")
    path = package / "nets.py"
    net = "class Net(nn.Sequential):\n    def __init__(self):\n        super().__init__(head())\n"
    path.write_text(f"from torch import nn\nfrom .parts import head\n\n\n{net}\ndef nets():\n    return Net()\n")
    named = [Target(module=m, name=n) for m, n in (("zoo.nets", "Net"), ("zoo.nets.Net", None), ("zoo", "nets"))]
    for target in (Target(path=path, name="Net"), *named):
        reading = read_target(target, Project(_SETTINGS, tmp_path), _SETTINGS)[0]
        request = request_for(target, reading.module, reading.name, reading.inputs, tmp_path)
        found = execute(worker, request, target, tmp_path).summary
        assert found is not None and found.total_params == 10


def test_what_cannot_be_run_is_told(run: Execute) -> None:
    """A name that gives no module, and arguments that are missing."""
    with pytest.raises(ExecutionError, match=r"`make` gives a value of type int, not an `nn\.Module`"):
        run("def make():\n    return 3\n", (3, 4), name="make")
    text = "class Net(nn.Module):\n    def __init__(self, width):\n        super().__init__()\n"
    with pytest.raises(ExecutionError, match=r'missing 1 required positional argument.*; give it with --args "width=\.\.\."'):
        run(text, (3, 4))


@pytest.mark.parametrize(
    "name",
    [
        "resnet",
        "unet",
        "vit",
        "lstm_classifier",
        "mobilenet",
        "convnext",
        "transformer_scratch",
        "gru_attention",
        "vae",
        "fpn",
        "custom_layers",
    ],
)
def test_reading_and_running_agree(worker: Worker, name: str) -> None:
    """Shapes, counts and failures of models that both passes know."""
    path = _MODELS / f"{name}.py"
    target = Target(path=path)
    project = Project(_SETTINGS, path.parent)
    compared = 0
    for reading in read_target(target, project, _SETTINGS):
        outcome = execute(
            worker, request_for(target, reading.module, reading.name, reading.inputs, path.parent), target, path.parent
        )
        if reading.summary is not None and outcome.summary is not None:
            exact = target._replace(name=reading.name, inputs=outcome.summary.input)
            assert differences(summarize(exact, project, _SETTINGS)[0], outcome) == []
            compared += 1
    assert compared
