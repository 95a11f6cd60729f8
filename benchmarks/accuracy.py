"""How often torchlint is right, and how often it says nothing, with torch as the judge.

`python benchmarks/accuracy.py` reads every model of torchvision and timm (installed with `pip install --no-deps`), and holds
the number of parameters, the shape of the output and the multiply-adds against what torch says on the meta device and what
torchvision publishes; then it counts mistakes found in mutants of working programs (`mutants.py`). What torch says is kept in
the user's cache, since it does not change with torchlint. `--write` also writes what was measured to `docs/accuracy.md`;
`--part` measures one part alone, `--models` those models whose names match a regular expression.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import mutants
import pages

from torchlint import __version__
from torchlint.analysis import Project, summarize
from torchlint.settings import Settings
from torchlint.summary import Summary, SummaryError, Target

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "torchlint-benchmarks"
LIBRARIES = ("torchvision", "timm")
_INTRODUCTION = (
    "# Accuracy\n\nHow often torchlint is right, and how often it says nothing: `python benchmarks/accuracy.py --write`."
)
_MODELS, _MUTANTS = "## Models of libraries", "## Mistakes found"
_TOLERANCE = 0.01
_HALF_OF_LAST_DIGIT = 0.5e6  # billions are published with three digits
_SHOWN = 12


class Result(NamedTuple):
    """What was found of one model: each verdict is "exact", "none" (no answer), "wrong", or "" where torch says nothing."""

    library: str
    name: str
    parameters: str
    output: str
    multiply_adds: str
    detail: str
    seconds: float


def truth(library: str) -> list[dict[str, Any]]:
    """The rows of `torch_models.py`, made once for the versions that are installed."""
    versions = "-".join(f"{name}-{importlib.metadata.version(name)}" for name in (library, "torch"))
    kept = CACHE / f"models-{versions}.jsonl"
    if not kept.exists():
        script = Path(__file__).with_name("torch_models.py")
        made = subprocess.run([sys.executable, str(script), library], check=True, stdout=subprocess.PIPE, text=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_text(made.stdout, encoding="utf-8")
        part.replace(kept)
    return [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]


def read(row: dict[str, Any], project: Project, settings: Settings) -> Summary | str:
    """What reading says of a model, or why it says nothing."""
    module, _, name = row["target"].partition(":")
    inputs = (tuple(row["input"]),) if "input" in row else ()
    try:
        (found,) = summarize(Target(module=module, name=name, inputs=inputs, args=row["args"]), project, settings)
    except SummaryError as error:
        return str(error)
    return found


def _shapes(value: Any) -> Any:
    return [_shapes(v) for v in value] if isinstance(value, (list, tuple)) else value


def _is_open(value: Any) -> bool:
    """Whether a part of the shapes is not known."""
    return any(map(_is_open, value)) if isinstance(value, list) else not isinstance(value, int)


def _verdict(ours: Any, theirs: Any) -> str:
    if theirs is None:
        return ""
    if ours is None or (isinstance(ours, list) and _is_open(ours)):
        return "none"
    return "exact" if ours == theirs else "wrong"


def judge(library: str, row: dict[str, Any], found: Summary | str, seconds: float) -> Result:
    """Hold what reading says against the row of torch."""
    if isinstance(found, str):
        nothing = {key: "none" if row.get(key) is not None else "" for key in ("params", "output", "giga_ops")}
        return Result(library, row["name"], nothing["params"], nothing["output"], nothing["giga_ops"], found, seconds)
    output = _shapes(found.rows[0].output_shape)
    multiply_adds = ""
    if row.get("giga_ops") is not None:
        published, ours = row["giga_ops"] * 1e9, found.total_mult_adds
        allowed = max(_TOLERANCE * published, _HALF_OF_LAST_DIGIT)
        multiply_adds = "none" if not isinstance(ours, int) else "exact" if abs(ours - published) <= allowed else "wrong"
    parameters = _verdict(found.total_params, row.get("params"))
    shape = _verdict(output, row.get("output"))
    detail = "; ".join(found.notes)
    if parameters == "wrong":
        detail = f"{found.total_params} parameters, torch {row['params']}"
    elif shape == "wrong":
        detail = f"output {output}, torch {row['output']}"
    elif multiply_adds == "wrong":
        detail = f"{found.total_mult_adds} multiply-adds, published {row['giga_ops']} billions"
    return Result(library, row["name"], parameters, shape, multiply_adds, detail, seconds)


def results(pattern: str) -> Iterator[Result]:
    """Every model whose name matches."""
    settings = Settings(budget_seconds=60)
    for library in LIBRARIES:
        project = Project(settings, ROOT)
        for row in truth(library):
            if re.search(pattern, row["name"]):
                start = time.perf_counter()
                found = read(row, project, settings)
                yield judge(library, row, found, time.perf_counter() - start)


def tables(found: list[Result]) -> str:
    """The shares of each library, and what was not answered rightly."""
    lines = ["| Library | What | Judged | Exact | No answer | Wrong |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    for library in LIBRARIES:
        for what, key in (("parameters", "parameters"), ("output shape", "output"), ("multiply-adds", "multiply_adds")):
            verdicts = Counter(getattr(r, key) for r in found if r.library == library and getattr(r, key))
            total = verdicts.total()
            if total:
                shares = [f"{verdicts[v]} ({verdicts[v] / total:.1%})" for v in ("exact", "none", "wrong")]
                lines.append(f"| {library} | {what} | {total} | {' | '.join(shares)} |")
    return "\n".join(lines)


def offenders(found: list[Result]) -> str:
    """The models that are not answered rightly, wrong answers first, with the reason; equal reasons together."""
    bad = [r for r in found if {"none", "wrong"} & {r.parameters, r.output, r.multiply_adds}]
    reasons: dict[tuple[bool, str], list[str]] = {}
    for one in bad:
        is_right = "wrong" not in (one.parameters, one.output, one.multiply_adds)
        reason = re.sub(r"\S*site-packages\S", "", one.detail)
        reasons.setdefault((is_right, reason), []).append(one.name)
    lines = []
    for (is_right, reason), names in sorted(reasons.items(), key=lambda item: (item[0][0], -len(item[1]))):
        shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        lines.append(f"- {'no answer' if is_right else 'wrong'}: {shown}: {reason}")
    return "\n".join(lines)


def _measured() -> str:
    names = ("torch", *LIBRARIES)
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    return f"Measured on {datetime.date.today().isoformat()} with torchlint {__version__}, {versions}."


def models_section(found: list[Result]) -> str:
    """What is said of the models of libraries."""
    parts = [
        _MODELS,
        "Every registered model is read and never run. torch builds the same model on the meta device and runs it on its "
        "default input; multiply-adds are held against the billions that torchvision publishes for its classifiers, to 1 %.",
        _measured(),
        tables(found),
    ]
    bad = offenders(found)
    return "\n\n".join([*parts, "What is not answered rightly:", bad] if bad else parts)


def mutants_section(judged: list[mutants.Judged], seed: int) -> str:
    """What is said of the mistakes that are found."""
    parts = [
        _MUTANTS,
        "Mutants are working programs with one edit. torch runs each; what it rejects must get an error, and what runs "
        "must get none. *Alone* is the same file without the script that builds and calls the model.",
        f"{_measured()} The seed is {seed}.",
        mutants.table(judged),
    ]
    return "\n\n".join(parts)


def main() -> None:
    """Read, judge, and print or write the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", default="", metavar="PATTERN", help="a regular expression that names must match")
    parser.add_argument("--mutants", type=int, default=1500, metavar="N", help="how many mutants to make")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes for mutants (%(default)s)")
    parser.add_argument("--part", choices=("models", "mutants"), help="measure this part alone")
    parser.add_argument("--write", action="store_true", help="write what was measured to docs/accuracy.md")
    options = parser.parse_args()
    sections: list[str] = []
    if options.part != "mutants":
        found: list[Result] = []
        for one in results(options.models):
            found.append(one)
            if {"none", "wrong"} & {one.parameters, one.output, one.multiply_adds}:
                said = f"{one.parameters} {one.output} {one.multiply_adds}: {one.detail}"
                print(f"{one.name}: {said}", file=sys.stderr, flush=True)
        sections.append(models_section(found))
    if options.part != "models":
        judged: list[mutants.Judged] = []

        def progress(one: mutants.Judged) -> None:
            judged.append(one)
            print(f"{len(judged)} of {options.mutants}", *mutants.describe(one), sep="\n", file=sys.stderr, flush=True)

        mutants.run(options.mutants, options.seed, options.jobs, progress)
        sections.append(mutants_section(judged, options.seed))
    print("\n\n".join(sections))
    if options.write:
        pages.write("accuracy.md", _INTRODUCTION, (_MODELS, _MUTANTS), sections)


if __name__ == "__main__":
    main()
