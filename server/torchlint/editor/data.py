"""What data sets and loaders hold, in words: how many samples and steps, and what a batch is."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Expr
from torchlint.editor.shapes import brief
from torchlint.interpreter.measuring import Epoch, epoch_of, is_dataset, is_loader, samples_of
from torchlint.interpreter.objects import Instance
from torchlint.interpreter.passes import Pass
from torchlint.summary_text import size_text
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import SomeInteger, SomeNumber, Unknown

_MOST_PARTS = 4
_DEEPEST = 3


def data_text(value: Instance, one: Pass) -> str:
    """Markdown about a loader or a data set; "" for any other object."""
    if is_loader(value):
        epoch = epoch_of(value, one)
        parts = [_steps(epoch), _last(epoch), f"a batch: {_sample(epoch.batch, one)}"]
    elif is_dataset(value):
        samples = samples_of(value, one)
        length = _number(samples.count, "sample")
        parts = [length or f"number of samples: unknown, {_why(samples.count)}", f"a sample: {_sample(samples.sample, one)}"]
    else:
        return ""
    return "\n".join(f"- {part}" for part in parts if part)


def _number(value: Any, noun: str) -> str:
    """`4,000 samples`; "" where the number is not known."""
    if isinstance(value, bool) or not isinstance(value, (int, Expr)):
        return ""
    return f"{size_text(value)} {noun}{'' if value == 1 else 's'}"


def _steps(epoch: Epoch) -> str:
    """`40 steps per epoch (4,000 samples, batches of 100)`."""
    size = size_text(epoch.size) if isinstance(epoch.size, (int, Expr)) else "?"
    batches = "one by one" if epoch.size is None else f"batches of {size}"
    steps = _number(epoch.steps, "step")
    if not steps:
        why = epoch.count if isinstance(epoch.count, Unknown) else epoch.steps
        return f"steps per epoch: unknown ({batches}), {_why(why)}"
    return f"{steps} per epoch ({', '.join(filter(None, [_number(epoch.count, 'sample'), batches]))})"


def _last(epoch: Epoch) -> str:
    """What becomes of the samples that are left for a smaller batch."""
    if not isinstance(epoch.count, int) or not isinstance(epoch.size, int) or epoch.size < 1:
        return "`drop_last` is set" if epoch.drops is True else ""
    left = epoch.count % epoch.size
    if not left:
        return ""
    if epoch.drops is True:
        return f"{_number(left, 'sample')} left over, dropped by `drop_last`"
    return f"last batch {left}" if epoch.drops is False else f"last batch {left}, unless it is dropped"


def _sample(value: Any, one: Pass) -> str:
    """`([100, 1, 28, 28], [100])`, float32, int64."""
    if type(value) is Unknown:
        return f"unknown, {_why(value)}"
    dtypes: list[str] = []
    text = _part(value, one, dtypes, _DEEPEST)
    return ", ".join([f"`{text}`", *dtypes])


def _part(value: Any, one: Pass, dtypes: list[str], depth: int) -> str:
    """A shape, or the type of what is no tensor: the values of other samples may be others."""
    if isinstance(value, Tensor):
        dtypes.append(value.dtype.name)
        return brief(value, one)
    if isinstance(value, dict) and depth:
        texts = [f"{key!r}: {_part(part, one, dtypes, depth - 1)}" for key, part in list(value.items())[:_MOST_PARTS]]
        return f"{{{', '.join(texts)}{', ...' * (len(value) > _MOST_PARTS)}}}"
    if isinstance(value, (list, tuple)) and depth:
        texts = [_part(part, one, dtypes, depth - 1) for part in value[:_MOST_PARTS]]
        return f"({', '.join(texts)}{', ...' * (len(value) > _MOST_PARTS)})"
    if isinstance(value, Unknown):
        return "int" if isinstance(value, SomeInteger) else "float" if isinstance(value, SomeNumber) else "?"
    return str(value.cls.name) if isinstance(value, Instance) else type(value).__name__


def _why(value: Any) -> str:
    return value.reason if isinstance(value, Unknown) else "it could not be followed"
