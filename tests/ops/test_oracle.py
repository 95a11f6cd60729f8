"""Every registered operation and layer does to shapes, dtypes and strides what torch does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

import torchlint.ops  # noqa: F401  registers everything
from ops import oracle
from torchlint.ops.registry import LAYERS, OPERATIONS

GROUPS = oracle.groups()
LAYER_NAMES = [name for name in LAYERS if name.startswith("torch.")]


def family(function: Callable[..., object]) -> str:
    """The file that an operation lives in: `-k elementwise` runs one family."""
    return function.__module__.rpartition(".")[2]


MAX_SHOWN = 6
ALIAS_STEP = 4
"""Further names of one function get every fourth sample."""


@pytest.mark.parametrize("group", GROUPS, ids=[f"{family(OPERATIONS[g].function)}-{g}" for g in GROUPS])
def test_operation_agrees_with_torch(group: str) -> None:
    """On torch's samples the operation returns what torch returns, and rejects what torch rejects."""
    names = GROUPS[group]
    own = oracle.own_samples_of(names)
    samples = oracle.samples_of(names)
    assert own or samples, f"{group} has no samples in torch's op_db and none in tests/ops/samples"
    tally = Tally(group)
    for name in names:
        operation = OPERATIONS[name]
        for sample in samples if name == group else samples[::ALIAS_STEP]:
            tally.run(partial(oracle.check_operation, name, operation, sample, False), f"{name}{sample}")
        for sample in own:
            tally.run(partial(oracle.check_operation, name, operation, sample, True), f"{name}{sample}")
        if group not in oracle.LENIENT:
            for sample in oracle.error_samples_of([name]):
                tally.run(
                    partial(oracle.check_operation, name, operation, sample, True),
                    f"{name}{sample}",
                    error=True,
                )
    tally.finish()


@pytest.mark.parametrize("name", LAYER_NAMES, ids=[f"{family(LAYERS[n].cls.__init__)}-{n}" for n in LAYER_NAMES])
def test_layer_agrees_with_torch(name: str) -> None:
    """Constructed and called as torch does it: parameters, buffers, what `print` shows, and the output are torch's."""
    samples = oracle.layer_samples(name)
    assert samples, f"{name} has no samples in torch's module_db and none in tests/ops/samples"
    tally = Tally(name)
    for sample in samples:
        tally.run(partial(oracle.check_layer, name, sample), f"{name}{sample.init}{sample.forward}")
    tally.finish()


class Tally:
    """Counts outcomes and gathers mismatches, so that one run shows all that is wrong with a group."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.same = 0
        self.unknown: list[str] = []
        self.mismatches: list[str] = []
        self.skipped = ""

    def run(self, check: Callable[[], oracle.Outcome], shown: str, error: bool = False) -> None:
        try:
            outcome = check()
        except oracle.Mismatch as mismatch:
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
        assert not self.mismatches, f"{len(self.mismatches)} mismatches:\n  " + "\n  ".join(self.mismatches[:MAX_SHOWN])
        assert self.same + len(self.unknown), f"torch ran no sample of {self.name}: {self.skipped}"
        share = len(self.unknown) / (self.same + len(self.unknown))
        allowed = oracle.UNKNOWN_SHARE.get(self.name, 0.0)
        some = "\n  ".join(self.unknown[:MAX_SHOWN])
        assert share <= allowed, f"{share:.0%} of the results are Unknown ({allowed:.0%} allowed):\n  {some}"
