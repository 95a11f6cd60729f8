"""The verdict on one operation or layer: all its samples in both worlds, counted.

`test_oracle.py` fails where a tally has mismatches; `docs/operations.py` prints the tallies.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ops.comparison import Mismatch
from ops.judging_layers import check_layer
from ops.judging_operations import Outcome, Verdict, check_operation
from ops.own_samples import LENIENT, UNKNOWN_SHARE, own_samples_of
from ops.torch_samples import error_samples_of, layer_samples, samples_of

ALIAS_STEP = 6
"""Further names of one function get every sixth sample."""
SYMBOLIC_STEP = 3
"""Every third sample is run with symbols for its sizes too."""


class Tally:
    """Counts outcomes and gathers mismatches, so that one run shows all that is wrong with a group."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.agreed = 0
        self.unknown: list[str] = []
        self.rejected = 0
        self.accepted: list[str] = []
        """What torch rejects for a shape, a dtype or the call, and ours does not."""
        self.mismatches: list[str] = []
        self.skipped = ""

    @property
    def samples(self) -> int:
        """How many samples torch ran."""
        return self.agreed + len(self.unknown)

    @property
    def errors(self) -> int:
        """How many samples torch rejected for a shape, a dtype or the call."""
        return self.rejected + len(self.accepted)

    def problems(self) -> list[str]:
        """Mismatches, more Unknown results than are allowed, and that nothing was compared."""
        found = list(self.mismatches)
        if not self.samples and not self.errors and not found:
            found.append(f"torch ran no sample: {self.skipped}")
        allowed = UNKNOWN_SHARE.get(self.name, 0.0)
        if self.samples and len(self.unknown) / self.samples > allowed:
            share = f"{len(self.unknown) / self.samples:.0%} of the results are Unknown ({allowed:.0%} allowed)"
            found += [f"{share}: {unknown}" for unknown in self.unknown]
        return found

    def run(self, check: Callable[[], Outcome], shown: str) -> None:
        """Make one check and count it."""
        try:
            outcome = check()
        except Mismatch as mismatch:
            self.mismatches.append(f"{shown}\n      {mismatch}")
            return
        except Exception as failure:
            raise AssertionError(f"{shown} broke with {type(failure).__name__}: {failure}") from failure
        if outcome.verdict is Verdict.SAME:
            self.agreed += 1
        elif outcome.verdict is Verdict.REJECTED:
            self.rejected += 1
        elif outcome.verdict is Verdict.SKIPPED:
            self.skipped = outcome.detail
        elif outcome.verdict is Verdict.UNKNOWN:
            self.unknown.append(f"{shown}: {outcome.detail}")
        elif outcome.verdict is Verdict.ACCEPTED and self.name not in LENIENT:
            self.mismatches.append(f"{shown}\n      {outcome.detail}")
        else:
            self.accepted.append(f"{shown}: {outcome.detail}")


def judge_operation(group: str, names: list[str]) -> Tally:
    """The tally of an operation under all its dotted names."""
    tally = Tally(group)
    samples, own = samples_of(names), own_samples_of(names)
    for name in names:
        for index, sample in enumerate(samples if name == group else samples[::ALIAS_STEP]):
            symbolic = name == group and index % SYMBOLIC_STEP == 0
            tally.run(partial(check_operation, name, sample, False, symbolic), f"{name}{sample}")
        for sample in own:
            tally.run(partial(check_operation, name, sample, True, name == group), f"{name}{sample}")
    for name, sample in error_samples_of(names):
        tally.run(partial(check_operation, name, sample, True), f"{name}{sample}")
    return tally


def judge_layer(name: str) -> Tally:
    """The tally of a layer: its construction and its forward."""
    tally = Tally(name)
    for sample in layer_samples(name):
        tally.run(partial(check_layer, name, sample), f"{name}{sample.init}{sample.forward}")
    return tally
