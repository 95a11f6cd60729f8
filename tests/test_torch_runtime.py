"""torch is asked about functions that have no rule, and what it says of sizes that are symbols holds for all of them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from torchlint import torch_runtime
from torchlint.analysis import Project, analyze
from torchlint.dims.expr import evaluate, symbol, symbols_of
from torchlint.dims.facts import Facts, using
from torchlint.interpreter import budget
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.values.dtype import int64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor

N, H, W = symbol("N"), symbol("H"), symbol("W")


@pytest.fixture(autouse=True)
def facts() -> Iterator[None]:
    """Asking happens within a pass, which knows facts about sizes."""
    with using(Facts()):
        yield


def ask(name: str, *args: Any, **kwargs: Any) -> Any:
    return torch_runtime.ask(name, args, kwargs)


@pytest.mark.parametrize(
    ("name", "args", "shapes"),
    [
        ("torch.renorm", (Tensor((2, 3)), 2, 0, 1.0), [(2, 3)]),
        ("torch.segment_reduce", (Tensor((6, 2)), "sum"), None),
        ("torch.convolution", (Tensor((N, 3, H, W)), Tensor((8, 3, 3, 3)), None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1),
         [(N, 8, H - 2, W - 2)]),
        ("torch.Tensor.tensor_split", (Tensor((5, N)), 2), [(3, N), (2, N)]),
        ("torch.nn.functional.pixel_shuffle", (Tensor((N, 12, H, W)), 2), [(N, 3, H * 2, W * 2)]),
        ("torch.flatten", (Tensor((N, H, 4)), 1), [(N, H * 4)]),
    ],
)  # fmt: skip
def test_answers_have_the_shape_that_torch_gives(name: str, args: tuple[Any, ...], shapes: list[Any] | None) -> None:
    """Sizes that are numbers and sizes that are symbols, and results of several tensors."""
    if shapes is None:
        result = ask(name, *args, lengths=Tensor((2,), int64))
        assert result.shape == (2, 2)
        return
    result = ask(name, *args)
    assert [t.shape for t in (result if isinstance(result, tuple) else (result,))] == shapes


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("torch.squeeze", (Tensor((N, H)),)),  # a size of 1 goes
        ("torch.add", (Tensor((N, 3)), Tensor((H, 3)))),  # N and H may be equal, or one of them 1
        ("torch.nonzero", (Tensor((3,)),)),  # depends on elements
        ("torch.chunk", (Tensor((N,)), 3)),  # how many there are depends on N
        ("torch.Tensor.is_pinned", (Tensor((3,)),)),  # a tensor on the meta device never is
        ("torch.Tensor.resize_", (Tensor((3,)), 4)),  # changes its argument
    ],
)
def test_what_is_not_one_shape_stays_unknown(name: str, args: tuple[Any, ...]) -> None:
    """A shape that holds for some sizes only is not said."""
    with pytest.raises(Undecided):
        ask(name, *args)


def test_a_shape_of_symbols_is_torchs_for_every_number() -> None:
    """What is said of symbols is what torch gives when numbers are put in, 1 among them."""
    result = ask("torch.nn.functional.conv_transpose2d", Tensor((N, 4, H, W)), Tensor((4, 5, 3, 2)), stride=2)
    for n, h, w in ((1, 1, 1), (1, 5, 2), (3, 4, 7)):
        values = {s: v for size, v in zip((N, H, W), (n, h, w)) for s in symbols_of(size)}
        real = torch.nn.functional.conv_transpose2d(torch.ones(n, 4, h, w), torch.ones(4, 5, 3, 2), stride=2)
        assert [evaluate(size, values) for size in result.shape] == list(real.shape)


def test_an_error_has_torchs_words() -> None:
    """What torch rejects for shapes is an error; what it rejects for another reason is not."""
    with pytest.raises(ShapeError, match=r"does not take tensors of \[2, 3\] and \[4, 5\]") as caught:
        ask("torch.mm", Tensor((2, 3)), Tensor((4, 5)))
    with pytest.raises(RuntimeError) as real:
        torch.mm(torch.empty(2, 3, device="meta"), torch.empty(4, 5, device="meta"))
    assert caught.value.torch == str(real.value)
    with pytest.raises(Undecided):
        ask("torch.renorm", Tensor((2, 3)), -1, 0, 1.0)


@pytest.mark.parametrize(
    "name",
    [
        "torch.load", "torch.save", "torch.compile", "torch.nn.Linear", "torch.hub.load", "torch.Tensor.__reduce__",
        "torch.os.system", "torch.nn.functional.warnings.warn", "os.remove", "torch.Tensor.data_ptr", "torch.manual_seed",
        "torch.no_such_function",
    ],
)  # fmt: skip
def test_only_what_computes_is_called(name: str) -> None:
    """No file, no process, no state of torch can be reached by a name."""
    with pytest.raises(Undecided):
        ask(name, Tensor((2,)))


def test_nothing_of_the_file_system_is_named(tmp_path: Path) -> None:
    """A text that could be a path is not handed over, and torch is not asked without a tensor."""
    with pytest.raises(Undecided):
        ask("torch.from_file", str(tmp_path / "new"), True, 4)
    assert not torch_runtime.is_askable("torch.from_file", ["new", True, 4])
    assert not list(tmp_path.iterdir())


def test_what_is_too_large_is_not_asked() -> None:
    """A split into a million tensors would take the memory for them."""
    with pytest.raises(Undecided):
        ask("torch.Tensor.unsafe_split", Tensor((10**6,)), 1)


SEGMENTS = """
import torch
from torch import nn

sums = torch.segment_reduce(torch.rand(6, 2), "sum", lengths=torch.tensor([2, 4]))
nn.Linear(3, 4)(sums)
"""


@pytest.mark.parametrize(("asks", "said"), [(True, ["`nn.Linear(3, 4)` takes 3 features, but `sums` has 2"]), (False, [])])
def test_a_check_asks_unless_it_must_not(asks: bool, said: list[str], tmp_path: Path) -> None:
    """The analysis goes on with what torch said; `ask-torch = false` leaves it Unknown."""
    settings = Settings(ask_torch=asks)
    analysis = analyze(Document("model.py", SEGMENTS), Project(settings, tmp_path), settings)
    assert [d.message for d in analysis.diagnostics] == said


def test_torch_is_loaded_only_to_be_asked(tmp_path: Path) -> None:
    """A file whose functions have rules, and one whose function without a rule gets no tensor, do not load it."""
    plain = tmp_path / "plain.py"
    plain.write_text("import torch\nx = torch.rand(2, 3).get_device()\nif torch.is_grad_enabled(): y = torch.save(x, 'x.pt')\n")
    asking = tmp_path / "asking.py"
    asking.write_text(SEGMENTS)
    code = "import sys; from torchlint.__main__ import main; main(['check', sys.argv[1]]); print('torch' in sys.modules)"
    for path, loads in ((plain, "False"), (asking, "True")):
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == loads, done.stdout


def test_asking_is_charged_to_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only loading is free: a loop that asks again and again ends with its budget."""
    passed: list[float] = []

    def slow(name: str, args: Any, kwargs: Any) -> Any:
        before, until = budget.now(), time.thread_time() + 0.02
        while time.thread_time() < until:
            pass
        passed.append(budget.now() - before)
        raise Undecided(name)

    monkeypatch.setattr(torch_runtime, "ask", slow)
    analyze(Document("model.py", SEGMENTS), Project(Settings(), tmp_path), Settings())
    assert passed
    assert min(passed) > 0.01


def test_loading_takes_no_time_from_a_budget() -> None:
    """The clock of the budgets stands still while torch is loaded and asked."""
    before = budget.now()
    with budget.clock_stopped():
        assert sum(range(10**6))
    assert budget.now() - before < 0.005
