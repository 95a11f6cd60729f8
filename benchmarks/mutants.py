"""How many mistakes torchlint finds in programs that worked before one edit, and how often it is wrong.

`python benchmarks/mutants.py --count 1500` makes mutants of working programs (`bases.py`, `mutations.py`), lets torch judge
each by running it without data (`judge.py`), and asks torchlint twice: about the file as it is, and about the file without the
script part that calls the model. A mutant that torch rejects must get an error; one that runs must get none. An error on a
mutant that ran without data is put to torch once more, with data. What torchlint says of the program itself does not count.
Edits are made in code that the program runs, and now and then elsewhere.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import itertools
import json
import multiprocessing
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from bases import Base, bases
from judge import Judge, Verdict
from mutations import MUTATIONS, Program, runs, sites

from torchlint.analysis import Project, analyze
from torchlint.diagnostics import Severity
from torchlint.remembering import Memory
from torchlint.settings import Settings
from torchlint.source.document import Document

_SETTINGS = Settings()
_UNREACHED_SHARE = 0.1
_AT_ONCE = 100


class Mutant(NamedTuple):
    """A base with one edit: the whole file, and its definitions alone."""

    base: Base
    mutation: str
    text: str
    definitions: str
    is_reached: bool

    @property
    def difference(self) -> str:
        """The lines that changed, as `old -> new`."""
        old, new = self.base.text.splitlines(), self.text.splitlines()
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                return f"line {a + 1}: {' '.join(old[a:b]).strip()}  ->  {' '.join(new[c:d]).strip()}"
        return ""


class Judged(NamedTuple):
    """A mutant, whether torch rejects it (and how), and the errors that torchlint has for it with and without the call."""

    mutant: Mutant
    rejected: bool
    said: str
    with_call: tuple[str, ...]
    alone: tuple[str, ...]


def mutants(programs: list[Base], seed: int) -> Iterator[Mutant]:
    """Mutants without end: groups of programs and mutations take turns, everything else is drawn.

    A program is drawn by its name, so that a new one takes its share and leaves the other draws as they were.
    """
    groups = {group: [p for p in programs if p.group == group] for group in dict.fromkeys(p.group for p in programs)}
    seen: set[str] = set()
    for turn in itertools.count():
        for mutation in MUTATIONS:
            for members in groups.values():
                draws = {base.name: random.Random(f"{seed} {turn} {mutation} {base.name}") for base in members}
                base = max(members, key=lambda member: draws[member.name].random())
                made = _mutant(base, mutation, draws[base.name])
                if made is not None and made.text not in seen:
                    seen.add(made.text)
                    yield made


def _mutant(base: Base, mutation: str, dice: random.Random) -> Mutant | None:
    program = _program(base.definitions)
    reached = dice.random() >= _UNREACHED_SHARE
    possible = [site for site in sites(program, base.rows) if site.is_reached or not reached]
    dice.shuffle(possible)
    for site in possible:
        for edit in MUTATIONS[mutation](site.node, program, site.scope, dice):
            definitions = edit.apply(base.definitions)
            if _parses(definitions) and definitions != base.definitions:
                is_reached = site.is_reached and runs(site.within, base.places)
                return Mutant(base, mutation, definitions + base.script, definitions, is_reached)
    return None


_programs: dict[str, Program] = {}


def _program(text: str) -> Program:
    if text not in _programs:
        _programs[text] = Program(text)
    return _programs[text]


def _parses(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def opinions(mutant: Mutant, folder: Path, project: Project, memory: Memory) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What `torchlint check` reports as errors for the file and for its definitions alone, as `row: rule: message`.

    It is found in a fork, so that no mutant leaves a trace, and with what is known of the base, as in an editor.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        gc.disable()  # it ends before that matters, and a collection would copy the pages that it shares with its parent
        try:
            said = [_errors(text, folder, project, memory) for text in (mutant.text, mutant.definitions)]
        except BaseException as error:
            said = [[f"0: internal-error: {type(error).__name__}: {error}"]] * 2
        with os.fdopen(writing, "w") as pipe:
            json.dump(said, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    with_call, alone = json.loads(answer) if answer else (["0: internal-error: no answer"],) * 2
    return tuple(with_call), tuple(alone)


def _errors(text: str, folder: Path, project: Project, memory: Memory) -> list[str]:
    found = analyze(Document(str(folder / "model.py"), text), project, _SETTINGS, memory).diagnostics
    return [f"{d.span.start.row}: {d.name}: {d.message}" for d in found if d.severity is Severity.ERROR]


def ask(mutants_of_one: list[tuple[Mutant, Verdict]], judge: Judge, folder: Path) -> Iterator[Judged]:
    """torchlint's opinion of mutants of one program, whose libraries are read once."""
    project, memory = Project(_SETTINGS, folder), Memory()
    base = mutants_of_one[0][0].base
    before = [_errors(text, folder, project, memory) for text in (base.definitions, base.text)]
    known = {error.partition(": ")[2] for errors in before for error in errors}
    gc.collect()
    for mutant, verdict in mutants_of_one:
        said = opinions(mutant, folder, project, memory)
        with_call, alone = (tuple(e for e in errors if e.partition(": ")[2] not in known) for errors in said)
        if verdict.outcome == "runs" and (with_call or alone):
            verdict = judge(mutant.text, "cpu")
        if verdict.outcome != "none":
            said = f"{verdict.row}: {verdict.error}"
            yield Judged(mutant, verdict.outcome == "raises", said, with_call, alone)


def run(count: int, seed: int = 0, jobs: int = 1, progress: Callable[[Judged], None] | None = None) -> list[Judged]:
    """So many mutants that torch can judge, and what torchlint says of them, by so many processes."""
    judge = Judge(jobs)
    wanted: dict[str, list[tuple[Mutant, Verdict]]] = {}
    endless = mutants(bases(judge, jobs), seed)
    number = 0
    with ThreadPoolExecutor(jobs) as threads:
        while number < count:
            some = list(itertools.islice(endless, _AT_ONCE))
            for mutant, verdict in zip(some, threads.map(lambda m: judge(m.text, m.base.mode), some)):
                if verdict.outcome != "none" and number < count:
                    wanted.setdefault(mutant.base.name, []).append((mutant, verdict))
                    number += 1
    found: list[Judged] = []
    with multiprocessing.get_context("spawn").Pool(jobs) as workers:
        for several in workers.imap(_ask, wanted.values()):
            for judged in several:
                found.append(judged)
                if progress is not None:
                    progress(judged)
    return found


def _ask(several: list[tuple[Mutant, Verdict]]) -> list[Judged]:
    with tempfile.TemporaryDirectory() as folder:
        return list(ask(several, Judge(), Path(folder)))


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "–"


def _shares(judged: list[Judged]) -> str:
    """How many of them got an error: with the call, and without."""
    counts = (sum(bool(j.with_call) for j in judged), sum(bool(j.alone) for j in judged))
    return " | ".join(_share(count, len(judged)) for count in counts)


def table(found: list[Judged]) -> str:
    """The results in Markdown, by mutation, by origin of the program, and in all."""
    lines = [
        "| Mutants | Rejected by torch | found with the call | found without | Run | false alarms with | without |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    rows = [(m, [j for j in found if j.mutant.mutation == m]) for m in MUTATIONS]
    groups = dict.fromkeys(j.mutant.base.group for j in found)
    rows += [(f"programs: {g}", [j for j in found if j.mutant.base.group == g]) for g in groups]
    rows.append(("**all**", found))
    for name, judged in rows:
        bad, good = [j for j in judged if j.rejected], [j for j in judged if not j.rejected and j.mutant.is_reached]
        hits = [_share(sum(bool(e) for e in said), len(bad)) for said in ([j.with_call for j in bad], [j.alone for j in bad])]
        alarms = [
            _share(sum(bool(e) for e in said), len(good)) for said in ([j.with_call for j in good], [j.alone for j in good])
        ]
        lines.append(f"| {name} | {len(bad)} | {hits[0]} | {hits[1]} | {len(good)} | {alarms[0]} | {alarms[1]} |")
    unjudged = [j for j in found if not j.rejected and not j.mutant.is_reached]
    marked = sum(bool(j.with_call or j.alone) for j in unjudged)
    last = f"Another {len(unjudged)} edits are in code that does not run, where torch is no judge; {marked} got an error."
    return "\n".join([*lines, "", last])


def describe(judged: Judged) -> Iterator[str]:
    """What is to be looked at: a miss or a false alarm."""
    where = f"[{judged.mutant.base.name}, {judged.mutant.mutation}] {judged.mutant.difference}"
    for mode, said in (("with the call", judged.with_call), ("without", judged.alone)):
        if judged.rejected and not said:
            yield f"missed {mode}: {where}\n    torch: {judged.said}"
        elif not judged.rejected and said:
            what = "false alarm" if judged.mutant.is_reached else "error in code that does not run"
            yield f"{what} {mode}: {where}\n    torchlint: {said[0]}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=300, help="how many mutants that torch can judge")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many processes (%(default)s)")
    options = parser.parse_args()

    def progress(judged: Judged) -> None:
        for line in describe(judged):
            print(line, flush=True)

    print(table(run(options.count, options.seed, options.jobs, progress)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
