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
from functools import partial

import pytest

import torchlint.ops  # noqa: F401  registers everything
from ops.comparison import Mismatch
from ops.judging_layers import check_layer
from ops.judging_operations import Outcome, check_operation
from ops.names import groups
from ops.own_samples import LENIENT, UNKNOWN_SHARE, own_samples_of
from ops.torch_samples import error_samples_of, layer_samples, samples_of
from torchlint.ops.registry import LAYERS, OPERATIONS

GROUPS = groups()
LAYER_NAMES = [name for name in LAYERS if name.startswith("torch.")]


def family(function: Callable[..., object]) -> str:
    """The file that an operation lives in: `-k elementwise` runs one family."""
    return function.__module__.rpartition(".")[2]


MAX_SHOWN = 6
ALIAS_STEP = 6
"""Further names of one function get every sixth sample."""
SYMBOLIC_STEP = 3
"""Every third sample is run with symbols for its sizes too."""


@pytest.mark.parametrize("group", GROUPS, ids=[f"{family(OPERATIONS[g].function)}-{g}" for g in GROUPS])
def test_operation_agrees_with_torch(group: str) -> None:
    """On torch's samples the operation returns what torch returns, and rejects what torch rejects."""
    names = GROUPS[group]
    own = own_samples_of(names)
    samples = samples_of(names)
    assert own or samples, f"{group} has no samples in torch's op_db and none in tests/ops/samples"
    tally = Tally(group)
    for name in names:
        for index, sample in enumerate(samples if name == group else samples[::ALIAS_STEP]):
            symbolic = name == group and index % SYMBOLIC_STEP == 0
            tally.run(partial(check_operation, name, sample, False, symbolic), f"{name}{sample}")
        for sample in own:
            tally.run(partial(check_operation, name, sample, True, name == group), f"{name}{sample}")
    if group not in LENIENT:
        for name, sample in error_samples_of(names):
            tally.run(partial(check_operation, name, sample, True), f"{name}{sample}", error=True)
    tally.finish()


@pytest.mark.parametrize("name", LAYER_NAMES, ids=[f"{family(LAYERS[n].cls.__init__)}-{n}" for n in LAYER_NAMES])
def test_layer_agrees_with_torch(name: str) -> None:
    """Constructed and called as torch does it: parameters, buffers, what `print` shows, and the output are torch's."""
    samples = layer_samples(name)
    assert samples, f"{name} has no samples in torch's module_db and none in tests/ops/samples"
    tally = Tally(name)
    for sample in samples:
        tally.run(partial(check_layer, name, sample), f"{name}{sample.init}{sample.forward}")
    tally.finish()


class Tally:
    """Counts outcomes and gathers mismatches, so that one run shows all that is wrong with a group."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.same = 0
        self.unknown: list[str] = []
        self.mismatches: list[str] = []
        self.skipped = ""

    def run(self, check: Callable[[], Outcome], shown: str, error: bool = False) -> None:
        """Make one check and count it; an Unknown result is only counted for what torch accepts."""
        try:
            outcome = check()
        except Mismatch as mismatch:
            self.mismatches.append(f"{shown}\n      {mismatch}")
        except Exception as failure:
            raise AssertionError(f"{shown} broke with {type(failure).__name__}: {failure}") from failure
        else:
            if outcome.verdict == "same":
                self.same += 1
            elif outcome.verdict == "skipped":
                self.skipped = outcome.detail
            elif not error:
                self.unknown.append(f"{shown}: {outcome.detail}")

    def finish(self) -> None:
        """Fail for mismatches, for more Unknown results than are allowed, and if nothing was compared."""
        assert not self.mismatches, f"{len(self.mismatches)} mismatches:\n  " + "\n  ".join(self.mismatches[:MAX_SHOWN])
        assert self.same + len(self.unknown), f"torch ran no sample of {self.name}: {self.skipped}"
        share = len(self.unknown) / (self.same + len(self.unknown))
        allowed = UNKNOWN_SHARE.get(self.name, 0.0)
        some = "\n  ".join(self.unknown[:MAX_SHOWN])
        assert share <= allowed, f"{share:.0%} of the results are Unknown ({allowed:.0%} allowed):\n  {some}"
