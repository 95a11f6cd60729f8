"""Writes `docs/operations.md`: every operation and layer with torch's verdict on it.

`python docs/operations.py` judges all of them (torch must be installed) and writes; with `--check` it writes nothing and exits
with 1 where the page is stale. Either fails on a disagreement that is not recorded as known in `tests/ops/samples`, and on an
operation of torch's `op_db` or a layer of its `module_db` that has no rule and no reason in `tests/ops/unmodelled.py`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "server"), str(ROOT / "tests")]

import torch  # noqa: E402

import torchlint.ops  # noqa: E402, F401  registers everything
from ops.names import LAYER_NAMES, groups  # noqa: E402
from ops.own_samples import LENIENT  # noqa: E402
from ops.tallying import Tally, judge_layer, judge_operation  # noqa: E402
from ops.unmodelled import REASONS, without_a_rule  # noqa: E402
from torchlint.cli.render.table import Column, markdown  # noqa: E402

PAGE = ROOT / "docs" / "operations.md"
_COUNTS = ("Samples", "Agree", "Unknown", "Errors", "Rejected")


def page(operations: list[tuple[Tally, list[str]]], layers: list[Tally]) -> str:
    """The text of the page."""
    everything = [tally for tally, _ in operations] + layers
    totals = [sum(counts) for counts in zip(*map(_counts, everything))]
    lines = [
        "# Operations and layers",
        "",
        f"torch {torch.__version__.partition('+')[0]} is the judge of every rule: {len(operations)} operations (under "
        f"{sum(len(names) for _, names in operations)} names) and {len(layers)} layers are called as torch's own tests call "
        "them.",
        "",
        "*Samples* are the calls that torch accepts. In those that *agree*, shapes, dtypes, strides, names of fields, and "
        "elements where they are known are torch's; in those that are *Unknown*, torchlint says nothing. *Errors* are the "
        "calls that torch rejects for a shape, a dtype or an argument; those that are *rejected* are an error here too.",
        "",
        *markdown(_columns(""), [["all together", *map(str, totals)]]),
        "",
        "## Operations",
        "",
        *markdown(_columns("Operation"), sorted([_names(names), *map(str, _counts(tally))] for tally, names in operations)),
        "",
        "## Layers",
        "",
        *markdown(_columns("Layer"), sorted([f"`{tally.name}`", *map(str, _counts(tally))] for tally in layers)),
        "",
        "## Without a rule",
        "",
        "What torch tests and torchlint does not model: its result is Unknown.",
        "",
        *(f"- `{name}`: {reason}" for name, reason in sorted(REASONS.items())),
    ]
    if LENIENT:
        lines += ["", "## Known disagreements", "", *(f"- `{name}`: {reason}" for name, reason in sorted(LENIENT.items()))]
    return "\n".join(lines) + "\n"


def _columns(first: str) -> list[Column]:
    return [Column(first), *(Column(title, right=True) for title in _COUNTS)]


def _counts(tally: Tally) -> list[int]:
    return [tally.samples, tally.agreed, len(tally.unknown), tally.errors, tally.rejected]


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def problems(tallies: list[Tally]) -> list[str]:
    """What is wrong and not recorded as known."""
    found = [f"{tally.name}: {mismatch}" for tally in tallies for mismatch in tally.problems()]
    found += [
        f"{name} has no rule, and no reason in tests/ops/unmodelled.py" for name in without_a_rule() if name not in REASONS
    ]
    return found + [f"{name} is in tests/ops/unmodelled.py, but has a rule" for name in REASONS if name not in without_a_rule()]


def main(arguments: list[str] | None = None, path: Path = PAGE) -> int:
    """0, or 1 where something disagrees or `--check` finds the page stale."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if the page is stale")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    operations = [(judge_operation(group, names), names) for group, names in groups().items()]
    layers = [judge_layer(name) for name in LAYER_NAMES]
    found = problems([tally for tally, _ in operations] + layers)
    text = page(operations, layers)
    if options.check:
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            found.append(f"{path.name} is stale: run `python docs/operations.py`")
    else:
        path.write_text(text, encoding="utf-8", newline="\n")
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
