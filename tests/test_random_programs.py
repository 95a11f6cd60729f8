"""Random models: the symbolic shape that torchlint gives is torch's for any sizes, and what it rejects torch rejects."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from programs import Program, random_program
from torchlint.analysis import Project, analyze, summarize
from torchlint.diagnostics import Severity
from torchlint.dims.expr import Size, evaluate, symbols_of
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.summary import Summary, Target

_PROGRAMS = 120
_SUBSTITUTIONS = 6
_SETTINGS = Settings(budget_seconds=20)


def _substitutions(program: Program, seed: int) -> list[dict[str, int]]:
    dice = random.Random(seed)
    names = [s for s in program.shape if isinstance(s, str)]
    return [{name: dice.randint(1, 24) for name in names} for _ in range(_SUBSTITUTIONS)]


def _numbers(shape: tuple[Size, ...], sizes: dict[str, int]) -> tuple[int, ...]:
    return tuple(evaluate(size, {s: sizes[s.name] for s in symbols_of(size)}) for size in shape)


def _summary(program: Program, folder: Path) -> Summary:
    path = folder / "net.py"
    path.write_text(program.text)
    (found,) = summarize(Target(path=path), Project(_SETTINGS, folder), _SETTINGS)
    return found


@pytest.mark.parametrize("seed", range(_PROGRAMS))
def test_a_program_of_symbolic_sizes_does_what_torch_does(seed: int, tmp_path: Path) -> None:
    """For every substitution: where torch runs, there is no error and the shape is the one that was shown."""
    program = random_program(seed)
    document = Document(str(tmp_path / "net.py"), program.text)
    findings = analyze(document, Project(_SETTINGS, tmp_path), _SETTINGS).diagnostics
    errors = [f"{d.span.start.row}: {d.message}" for d in findings if d.severity is Severity.ERROR]
    shown = _summary(program, tmp_path).rows[0].output_shape
    for sizes in _substitutions(program, seed):
        real = program.run(sizes)
        if real is not None:
            assert not errors, f"{sizes} gives {real}, but {errors}\n{program.text}"
            if shown is not None:
                assert _numbers(shown, sizes) == real, f"{sizes}: {shown}\n{program.text}"  # type: ignore[arg-type]


def test_most_programs_have_a_shape(tmp_path: Path) -> None:
    """The promise above is made of something: nearly all shapes are known, and torch runs most substitutions."""
    programs = [random_program(seed) for seed in range(0, _PROGRAMS, 3)]
    shown = [_summary(program, tmp_path).rows[0].output_shape for program in programs]
    assert sum(shape is not None for shape in shown) >= 0.9 * len(programs)
    runs = [p.run(sizes) for seed, p in enumerate(programs) for sizes in _substitutions(p, seed)]
    assert sum(run is not None for run in runs) >= 0.5 * len(runs)
