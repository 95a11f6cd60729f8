"""Every registered operation and layer does to shapes, dtypes and strides what torch does.

torch is the judge. Nothing is listed here: an operation is called under each of its dotted names with torch's own samples
(`op_db` by name, alias, method or in-place twin; `module_db` by class), and the function that the name stands for in
torch gives the expected tree of tensors. Errors that torch raises for wrong shapes and dtypes must be `ShapeError`s.
Then samples are run once more with symbols for their sizes: the result, substituted, must be the same. Small tensors of
numbers know their elements, which are compared wherever ours has some.

What torch has no samples for (and whatever is worth adding) goes to `samples/<family>.py`:

    OPERATIONS = {"torch.eye": [call(3), call(3, 4, dtype=torch.int64)]}   # one dotted name of the group is enough
    LAYERS = {"torch.nn.Flatten": [layer_call(call(), call(torch.rand(2, 3, 4)))]}
    UNKNOWN = {"torch.x": 0.2}     # the share of samples whose result may be Unknown, with a comment that says why; else 0
    NEEDS_GPU = {"torch.x": "why"}  # torch cannot run it here
    LENIENT = {"torch.x": "why"}   # error inputs that we knowingly accept

One family alone: `python -m pytest tests/ops/test_oracle.py -k unary`, one operation: `-k functional.relu`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

import torchlint.ops  # noqa: F401  registers everything
from ops.names import LAYER_NAMES, REGISTERED, groups
from ops.own_samples import own_samples_of
from ops.tallying import Tally, judge_layer, judge_operation
from ops.torch_samples import layer_samples, samples_of
from torchlint.ops.registry import LAYERS

GROUPS = groups()


def family(function: Callable[..., object]) -> str:
    """The file that an operation lives in: `-k elementwise` runs one family."""
    return function.__module__.rpartition(".")[2]


MAX_SHOWN = 6


@pytest.mark.parametrize("group", GROUPS, ids=[f"{family(REGISTERED[g].function)}-{g}" for g in GROUPS])
def test_operation_agrees_with_torch(group: str) -> None:
    """On torch's samples the operation returns what torch returns, and rejects what torch rejects."""
    names = GROUPS[group]
    assert own_samples_of(names) or samples_of(names), f"{group} has no samples in torch's op_db and none in tests/ops/samples"
    require_agreement(judge_operation(group, names))


@pytest.mark.parametrize("name", LAYER_NAMES, ids=[f"{family(LAYERS[n].cls.__init__)}-{n}" for n in LAYER_NAMES])
def test_layer_agrees_with_torch(name: str) -> None:
    """Constructed and called as torch does it: parameters, buffers, what `print` shows, and the output are torch's."""
    assert layer_samples(name), f"{name} has no samples in torch's module_db and none in tests/ops/samples"
    require_agreement(judge_layer(name))


def require_agreement(tally: Tally) -> None:
    """Fail for all that is wrong and not recorded as known."""
    problems = tally.problems()
    assert not problems, f"{len(problems)} problems:\n  " + "\n  ".join(problems[:MAX_SHOWN])
