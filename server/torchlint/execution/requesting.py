"""From what reading knows of a target to a request: where it is imported from, and numbers for the sizes of its inputs."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from pathlib import Path

from torchlint.dims.expr import Kind, Size, Symbol, evaluate, symbols_of
from torchlint.execution.process import InputSpec as Sized
from torchlint.execution.process import Request
from torchlint.source.finder import module_name, source_root
from torchlint.summary import InputSpec, Target

_IMAGE_SIDES = (224, 256, 64, 32)
_OTHER_SIZES = (64, 128, 32, 16)
_DTYPES = ("float32", "int64")


def request_for(target: Target, module: str, name: str | None, inputs: Sequence[InputSpec], root: Path) -> Request:
    """The request to build what is named and to call it with such inputs; `root` is the project's folder."""
    search = [str(p) for p in (root, root / "src") if p.is_dir()]
    path, package = None, ""
    if target.path is not None:
        path = str(target.path)
        search = list(dict.fromkeys([source_root(path), *search]))
        in_package = os.path.isfile(target.path.parent / "__init__.py")
        module = module_name(path) if in_package else target.path.stem
        package = module.rpartition(".")[0] if in_package else ""
    attempts = attempts_at(inputs)
    return Request(path=path, module=module, package=package, name=name, args=target.args, inputs=attempts, search=search)


def attempts_at(inputs: Sequence[InputSpec]) -> list[list[Sized]]:
    """The inputs with numbers for symbols, in the order in which they are to be tried: one sample, then usual sizes.

    A size that nobody has said is a free choice, so that a pass which works for one of them is a pass that works.
    """
    symbols = {s for spec in inputs for size in spec.shape for s in symbols_of(size)}
    rank = max((len(spec.shape) for spec in inputs), default=0)
    choices = (_IMAGE_SIDES if rank >= 4 else _OTHER_SIZES) if any(not _is_batch(s) for s in symbols) else (1,)
    dtypes = list(itertools.product(*((spec.dtype,) if spec.dtype else _DTYPES for spec in inputs)))
    found: list[list[Sized]] = []
    for side in choices:
        values = {s: 1 if _is_batch(s) else side for s in symbols}
        shapes = [[_number(size, values) for size in spec.shape] for spec in inputs]
        for chosen in dtypes[: len(_DTYPES) ** 2]:
            found.append([Sized(name=i.name, shape=s, dtype=d or "float32") for i, s, d in zip(inputs, shapes, chosen)])
    return [attempt for attempt in found if attempt]


def _is_batch(symbol: Symbol) -> bool:
    return symbol.kind is Kind.BATCH or symbol.name in ("N", "B")


def _number(size: Size, values: dict[Symbol, int]) -> int:
    return size if isinstance(size, int) else max(evaluate(size, values), 0)
