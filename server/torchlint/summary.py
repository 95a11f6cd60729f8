"""What is known of a module's layers, shapes and counts: plain data, whoever finds or shows it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Union  # at run time `|` does not take a name that is still to be defined

from torchlint.dims.expr import Size

Shape = tuple[Size, ...]
ShapeTree = Union[Shape, tuple["ShapeTree", ...]]  # noqa: UP007
"""One shape, or those of several values: tuples nested as the values are."""


class SummaryError(Exception):
    """A target that cannot be summarized; the message says why.

    `is_unfollowed` says that it may well be a model, but that reading does not get there.
    """

    is_unfollowed = False


class Unfollowed(SummaryError):
    """A model that reading could not follow to its end."""

    is_unfollowed = True


class Target(NamedTuple):
    """What to summarize: the class or function `name` of a file or module, or without a name the main ones.

    `inputs` are the shapes given to `forward`, in order (none: inferred). `args` is the text of the
    constructor's arguments, as `10, hidden=64`.
    """

    path: Path | None = None
    module: str | None = None
    name: str | None = None
    inputs: tuple[Shape, ...] = ()
    args: str = ""


class SummaryRow(NamedTuple):
    """One module of the tree; `path` is its dotted path from the top module, whose own path is empty.

    `params` counts the whole subtree, `own_params` what the module itself holds; None is unknown. `formula`
    is the arithmetic of the own count. `repeated` modules were seen before, and are counted there. It stands for `times`
    modules that are alike, with the numbers of one.
    """

    path: str
    type: str
    depth: int
    input_shape: ShapeTree | None = None
    output_shape: ShapeTree | None = None
    params: Size | None = None
    own_params: Size | None = None
    formula: str | None = None
    mult_adds: Size | None = None
    place: tuple[str, int] | None = None
    repeated: bool = False
    times: Size = 1


def name_of(path: str) -> str:
    """The last part of a path; brackets, as in `blocks.[0:cfg.depth]`, belong to one part."""
    depth = 0
    for index in range(len(path) - 1, -1, -1):
        depth += (path[index] == "]") - (path[index] == "[")
        if path[index] == "." and not depth:
            return path[index + 1 :]
    return path


class InputSpec(NamedTuple):
    """A tensor that `forward` is given: the name of the parameter, and the dtype's name; None is not known."""

    name: str | None
    shape: Shape
    dtype: str | None


class AcceptedSizes(NamedTuple):
    """Sizes of an inferred input that work in each of the dimensions of these names.

    They go from `minimum` to `maximum`, None where there is no end; `values` are all of them where some between are missing,
    or the first ones where there is no end. `are_equal` says that the dimensions must be equal, or that nobody knows.
    """

    names: tuple[str, ...]
    minimum: int
    maximum: int | None
    values: tuple[int, ...] = ()
    are_equal: bool = False


class Requirement(NamedTuple):
    """A condition on the arguments of a constructor, in Python, and the place (path and row) that asks for it."""

    condition: str
    place: tuple[str, int] | None


class Node(NamedTuple):
    """A step of the pass: `kind` is `input`, `module`, `operation`, `failure` (a layer or operation for which torch would
    raise) or `output`; `name` is that of the parameter, the module's type, or the operation.

    A `module` that calls others or operations has them inside it: `parent` is the number of the node around this one. `path` is
    the module's row, None for one that is registered nowhere; `text` is how an operation is written at `place`.
    """

    kind: str
    name: str
    parent: int | None = None
    path: str | None = None
    text: str = ""
    place: tuple[str, int] | None = None


class Edge(NamedTuple):
    """A tensor that one step makes and another takes; both are numbers of nodes that have none inside."""

    source: int
    target: int
    shape: Shape | None


class Graph(NamedTuple):
    """How tensors went through the modules and operations of a pass; steps whose result nobody used are left out."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


class Summary(NamedTuple):
    """A module with its layers in the order of their registration, the top module first.

    `input` are the shapes of `inputs`. Totals count shared parameters once; None is unknown, and `notes` say why.
    `representation` is what `print(model)` prints in torch. `fails_at` is the place (path and row) of the first operation that
    raises, if one does. `runner` is what ran the model, if it was not made by reading alone.
    `is_inferred` says that the input was found in the code, `accepts` what is known of other sizes that it may have.
    `requires` is what the arguments that the caller chooses must satisfy.
    `graph` is None where there was no pass, or one of more steps than anyone looks at.
    """

    class_name: str
    input: tuple[Shape, ...]
    rows: tuple[SummaryRow, ...]
    total_params: Size | None
    trainable_params: Size | None
    buffers: Size | None
    total_mult_adds: Size | None
    notes: tuple[str, ...] = ()
    representation: str = ""
    inputs: tuple[InputSpec, ...] = ()
    fails_at: tuple[str, int] | None = None
    runner: str = ""
    is_inferred: bool = False
    accepts: tuple[AcceptedSizes, ...] = ()
    requires: tuple[Requirement, ...] = ()
    graph: Graph | None = None
