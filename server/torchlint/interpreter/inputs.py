"""Dummy arguments: what a class is built with and what its `forward` is fed where nobody has said."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Mapping
from itertools import takewhile
from types import MappingProxyType
from typing import Any, NamedTuple

from torchlint.dims.expr import Expr, Kind, Size, symbol
from torchlint.interpreter.annotations import Declared, Sizes, declarations_in, read_annotation
from torchlint.interpreter.functions import BoundMethod, FunctionValue, Partial
from torchlint.interpreter.interpreter import Interpreter
from torchlint.interpreter.objects import ClassValue, GeneratedInit
from torchlint.interpreter.stdlib.dataclass import fields_of_value
from torchlint.interpreter.stdlib.inspecting import type_hints
from torchlint.ops.registry import LAYER_OF_CLASS, Operation
from torchlint.values.dtype import DType, bool_, float32, int64
from torchlint.values.errors import Undecided
from torchlint.values.module import Module
from torchlint.values.signature import REQUIRED, Parameter, ParameterKind
from torchlint.values.tensor import InputTensor, Shape, Tensor
from torchlint.values.unknown import GIVEN, Chosen, Free, Given, OpenKeywords, Unknown

_ANY_RANK = (4, 3, 2, 1, 5)
_RANK_OF_IDS = (2, 1, 3, 4)
_NAMES = {1: "D", 2: "ND", 3: "NLD", 4: "NCHW", 5: "NCDHW"}
_CHANNELS_SECOND = (
    "conv",
    "batchnorm",
    "instancenorm",
    "groupnorm",
    "pool",
    "batch_norm",
    "instance_norm",
    "group_norm",
    "pixel",
)
_SEQUENCE = ("rnn", "lstm", "gru", "transformer", "multihead")
_FED_BATCHES = ("conv", "pool", "rnn", "lstm", "gru", "transformer", "multihead", "pixel", "pad")
"""Operations that take one sample as well, but that models feed with batches."""
_INDEXING = ("__getitem__", "__setitem__", "unbind")  # what lists and dicts of tensors take as well
_TENSORS = ("Tensor", "FloatTensor", "LongTensor")
_USUAL_IMAGE = (3, 320, 320)
_SEVERAL_AXES = (1, 2, 0, 3)
_SIZE_ANNOTATIONS = {"", "int", "Optional[int]", "int | None", "Any", "object"}
_OF_SIZES = re.compile(r"(typing\.)?(list|tuple|Sequence|Iterable)\[(int|\W)+\]", re.IGNORECASE)
"""Annotations of sequences whose elements are sizes."""


class InputMaker:
    """Makes the tensors of one pass: declared shapes as they are, others of a rank that is asked for when it matters.

    `sizes` puts numbers in for axes, by (input, axis). The batch axis is one symbol throughout a pass. `one_path` says that
    one way through the model is wanted: then all optional tensors that it is given are such tensors. `is_usual` says that an
    input will do which is one of many. What is `chosen` for a parameter is given to it; GIVEN stands for anything but None.
    """

    def __init__(
        self,
        machine: Interpreter,
        declared: Mapping[str, Shape],
        given: tuple[Shape, ...],
        sizes: Mapping[tuple[str, int], int],
        one_path: bool = False,
        is_usual: bool = False,
        chosen: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.machine = machine
        self.declared = dict(declared)
        self.given = list(given)
        self.sizes = sizes
        self.one_path = one_path
        self.is_usual = is_usual
        self.chosen = chosen
        self.annotated: dict[str, Declared] = {}
        self._annotated_sizes = Sizes()
        self._batch: Expr | None = None
        self._used: set[str] = set()
        self._ids: set[str] = set()  # inputs that are annotated as integers

    def has_image(self, name: str) -> bool:
        """Whether it is known what an image in a list of them is; where a usual input is wanted, one is chosen."""
        if self.is_usual and not self.given:
            self.declared.setdefault(name, _USUAL_IMAGE)
        return bool(self.given) or name in self.declared

    def tensor(self, name: str, annotation: ast.expr | None = None) -> Tensor:
        """The dummy for one parameter of `forward`."""
        if annotation is not None and "LongTensor" in ast.dump(annotation):
            self._ids.add(name)
        if self.given and name not in self.declared:
            self.declared[name] = self.given.pop(0)
        if name in self.annotated and name not in self.declared:
            shape = self._annotated_sizes.shape(self.annotated[name], self._count)
            if shape is not None:
                self.declared[name] = shape
        made = InputTensor(name, self._decide)
        made.is_inferred = name not in self.declared
        return made

    def _count(self, axes: str) -> int:
        """For how many axes `*batch` stands."""
        return int(self.machine.answers.ask(("axes", axes), _SEVERAL_AXES, is_input=True))

    def _decide(self, tensor: InputTensor, ranks: tuple[int, ...]) -> Shape:
        machine, name = self.machine, tensor.name
        asking = machine.running_operation
        operation = asking.lower() if asking else ""
        may_be_other = operation.endswith(_INDEXING) or ("kind", name) in machine.answers.asked
        if may_be_other and name not in self.declared:
            kind = machine.answers.ask(("kind", name), ("tensor", "other"), is_input=True)
            if kind == "other":
                raise Undecided(f"`{name}` may be no tensor")
        declared = self.declared.get(name)
        if any(c in operation for c in _FED_BATCHES):
            ranks = ranks[:1]
        options = (len(declared),) if declared is not None else ranks or (_RANK_OF_IDS if name in self._ids else _ANY_RANK)
        if "embedding" in operation or "one_hot" in operation or name in self._ids:
            dtypes: tuple[DType, ...] = (int64, float32)
        else:
            dtypes = (float32, int64, bool_)
        if name in self.annotated:
            dtypes = self.annotated[name].dtypes[:1] or dtypes
        tensor.dtype = machine.answers.ask(("dtype", name), dtypes, is_input=True)
        # What turns out to be ids is tried as ids are first, whatever asks for the rank.
        best = _ANY_RANK.index(2) if options is _ANY_RANK and tensor.dtype is int64 else 0
        rank = machine.answers.ask(("rank", name), options, is_input=True, best=best)
        if declared is not None:
            return declared
        names = "NCL" if rank == 3 and any(c in operation for c in _CHANNELS_SECOND) else _NAMES.get(rank, "")
        if rank == 2 and tensor.dtype is int64:
            names = "NT"
        batch_axis = self._batch_axis(operation)
        return tuple(self._size(name, axis, names[axis : axis + 1] or f"d{axis}", batch_axis) for axis in range(rank))

    def _batch_axis(self, operation: str) -> int | None:
        """The axis that is the batch, where the operation that asks says so."""
        if any(c in operation for c in _CHANNELS_SECOND):
            return 0
        if any(c in operation for c in _SEQUENCE):
            layer = self.machine.running_layer
            return 0 if getattr(layer, "batch_first", False) else 1
        return None

    def _size(self, name: str, axis: int, letter: str, batch_axis: int | None) -> Size:
        if (name, axis) in self.sizes:
            return self.sizes[name, axis]
        if axis == batch_axis:
            if self._batch is None:
                self._batch = symbol("N", Kind.BATCH)
            return self._batch
        if letter == "N":
            letter = "B" if batch_axis is None else "L"
        label = letter if letter not in self._used else f"{letter}_{name}"
        self._used.add(label)
        return symbol(label, Kind.INPUT)


def constructor_arguments(machine: Interpreter, cls: ClassValue) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments for a class that nobody constructs: what has a default keeps it, the rest is the caller's free choice."""
    found, init, where = cls.lookup("__init__")
    if not found or not isinstance(where, ClassValue) or not isinstance(init, FunctionValue):
        layer = LAYER_OF_CLASS.get(cls.host_base)
        if layer is not None:
            machine.supposes_none = any(map(_is_left_open, machine.constructor_of(layer.cls).signature.parameters))
        return (), {}
    while isinstance(init.attributes.get("__wrapped__"), FunctionValue):
        init = init.attributes["__wrapped__"]  # what `functools.wraps` says that it passes its arguments to
    machine.supposes_none = any(map(_is_left_open, init.signature.parameters))
    machine.supposes_unset = any(_is_unset(parameter.default) for parameter in init.signature.parameters)
    annotations = annotations_of(init)
    arguments: dict[str, Any] = {}
    if init.signature.var_keyword is not None or init.signature.var_positional is not None:
        arguments = OpenKeywords()
    for parameter in init.signature.without_first().parameters:
        if parameter.default is REQUIRED and parameter.kind in (ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY):
            arguments[parameter.name] = _free_argument(machine, cls, init, parameter, annotations.get(parameter.name))
    return (), arguments


def _is_left_open(parameter: Parameter) -> bool:
    """Whether its default says that somebody must choose: None, or an empty container."""
    return parameter.default is None or (isinstance(parameter.default, (tuple, list, dict)) and not parameter.default)


def _is_unset(default: Any) -> bool:
    """Whether a default that is meant for a size says that somebody must choose."""
    return type(default) is int and default == -1


def _free_argument(
    machine: Interpreter, cls: ClassValue, init: FunctionValue, parameter: Parameter, annotation: ast.expr | None
) -> Any:
    if annotation is not None:
        text, named = ast.unparse(annotation), machine.evaluate_annotation(annotation, init.closure)
    else:  # an attribute of the same name may say what it is
        text, named = "", type_hints(machine, cls).get(parameter.name)
    if isinstance(named, ClassValue) and _is_built_from_fields(named):
        machine.trace.supposed[parameter.name] = named
        return _supposed(machine, parameter.name, named)
    return _free_value(parameter.name, text, named)


def _free_value(name: str, text: str, named: Any) -> Any:
    """What the caller chooses, under an annotation of that text and meaning."""
    if text in _SIZE_ANNOTATIONS or _OF_SIZES.fullmatch(text) or isinstance(named, ClassValue):
        return Free(name)
    is_plain = bool(text) and not any(word in text for word in ("Module", "Callable", "Any", "object"))
    return Unknown(f"`{name}` is chosen by the caller", None, ("argument", name), is_plain)


def _is_built_from_fields(cls: ClassValue) -> bool:
    """Whether it is a dataclass that its fields are enough to make."""
    fields = fields_of_value(cls)
    if fields is None:
        return False
    return isinstance(cls.lookup("__init__")[1], GeneratedInit) or all(field.has_default for field in fields.values())


def _supposed(machine: Interpreter, name: str, cls: ClassValue) -> Any:
    """An object of a dataclass: fields that have a default keep it, the others are the caller's free choice."""
    chosen: dict[str, Any] = {}
    fields = (fields_of_value(cls) or {}).values()
    machine.supposes_unset = machine.supposes_unset or any(_is_unset(field.default) for field in fields)
    for field in fields:
        if field.init and not field.has_default and field.annotation is not None:
            named = machine.evaluate_annotation(field.annotation, cls.scope)
            chosen[field.name] = _free_value(f"{name}.{field.name}", ast.unparse(field.annotation), named)
    return machine.instantiate(cls, (), chosen)


def annotations_of(function: FunctionValue) -> dict[str, ast.expr]:
    """The annotations of a function's parameters, as written."""
    arguments = function.node.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return {a.arg: a.annotation for a in every if a.annotation is not None}


class Dummies(NamedTuple):
    """Arguments for `forward`; the inputs among them by the names of their parameters. The first `leading` may be given by
    position."""

    kwargs: dict[str, Any]
    args: tuple[Any, ...] = ()
    several: str = ""
    leading: int = 0

    @property
    def by_name(self) -> dict[str, Any]:
        return {**self.kwargs, **({self.several: self.args[0]} if self.args else {})}

    def by_position(self) -> Dummies:
        """The same, given by position as far as can be: as hooks expect it."""
        kwargs = copy.copy(self.kwargs)
        names = list(self.kwargs)[: self.leading]
        return self._replace(args=(*self.args, *(kwargs.pop(name) for name in names)), kwargs=kwargs)


def forward_arguments(machine: Interpreter, model: Module, maker: InputMaker) -> Dummies:
    """Dummy arguments for `model.forward`."""
    forward = machine.find_method(model, "forward")
    while isinstance(forward, (BoundMethod, Partial)):
        forward = forward.function
    while isinstance(forward, FunctionValue) and isinstance(forward.attributes.get("__wrapped__"), FunctionValue):
        forward = forward.attributes["__wrapped__"]  # what `functools.wraps` says that it passes its arguments to
    if isinstance(forward, Operation):
        required = [p.name for p in forward.signature.without_first().parameters if p.default is REQUIRED]
        return Dummies({name: maker.tensor(name) for name in required})
    if not isinstance(forward, FunctionValue):
        return Dummies({"input": maker.tensor("input")} if forward is not None else {})
    annotations = annotations_of(forward)
    maker.annotated = declarations_in(forward.node)
    is_open = forward.signature.var_positional is not None or forward.signature.var_keyword is not None
    arguments: dict[str, Any] = OpenKeywords(Chosen(is_input=True)) if is_open else {}
    parameters = forward.signature.without_first().parameters
    machine.supposes_none = machine.supposes_none or any(p.default is None for p in parameters)
    for parameter in parameters:
        if parameter.kind in (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD):
            continue
        name = parameter.name
        if name in maker.chosen and maker.chosen[name] is not GIVEN:
            arguments[name] = maker.chosen[name]
        elif parameter.default is REQUIRED and _is_list_of_tensors(annotations.get(name)) and maker.has_image(name):
            arguments[name] = [maker.tensor(name)]
        elif name in maker.declared or (maker.given and (parameter.default is None or parameter.default is REQUIRED)):
            arguments[name] = maker.tensor(name)
        elif parameter.default is REQUIRED:
            arguments[name] = _required_input(maker, name, annotations.get(name))
        elif parameter.default is None:
            is_first = parameter is parameters[0]
            _optional_input(arguments, name, annotations.get(name), is_first, _copes_without(forward, name), maker)
    several = forward.signature.var_positional
    # One tensor is what most take; what fails with it may still work with more.
    if several is None or arguments or _asks_for(maker, several.name) == "open":
        leading = takewhile(lambda p: p.kind is ParameterKind.POSITIONAL and p.name in arguments, parameters)
        return Dummies(arguments, leading=len(list(leading)))
    return Dummies({}, (maker.tensor(several.name),), several.name)


def _asks_for(maker: InputMaker, name: str) -> Any:
    """How many tensors `*name` takes."""
    return maker.machine.answers.ask(("several", name), ("one", "open"), is_input=True)


def _optional_input(
    arguments: dict[str, Any], name: str, annotation: ast.expr | None, is_first: bool, may_be_none: bool, maker: InputMaker
) -> None:
    """Give the argument, if it is given: the first as a tensor if it may be one, others as unknown on all paths but the only
    one."""
    is_tensor = annotation is not None and _may_be_tensor(annotation)
    if may_be_none and name not in maker.chosen:
        choices = ("given", "left out") if is_tensor and is_first else ("left out", "given")
        if maker.machine.answers.ask(("optional", name), choices) == "left out":
            return
    elif annotation is not None and _is_flag(annotation) and name not in maker.chosen:
        return
    maker.machine.gives_optional = True
    if is_tensor and (maker.one_path or is_first):
        arguments[name] = maker.tensor(name, annotation)
    else:  # who leaves it out gets an error
        arguments[name] = Given(f"`{name}` is given by the caller", None, ("input", name))


def _is_flag(annotation: ast.expr) -> bool:
    """Whether it says `bool | None`, or the like: None is a value that such an argument has in earnest."""
    names = {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}
    return bool(names) and names <= {"bool", "int", "float", "str", "Optional", "Union"}


def _required_input(maker: InputMaker, name: str, annotation: ast.expr | None) -> Any:
    if annotation is None or _may_be_tensor(annotation):
        return maker.tensor(name, annotation)
    if isinstance(annotation, ast.Name) and annotation.id == "int":
        return Free(name, key=("input", name))
    return Unknown(f"`{name}` is given by the caller", None, ("input", name))


def _is_list_of_tensors(annotation: ast.expr | None) -> bool:
    """Whether it says `list[Tensor]`: images of different sizes, to a detector."""
    return annotation is not None and ast.unparse(annotation).replace("torch.", "").lower() == "list[tensor]"


def _copes_without(function: FunctionValue, name: str) -> bool:
    """Whether the body asks if the argument was given, or only passes it on."""
    nodes = list(ast.walk(function.node))
    passed_on = {id(a) for n in nodes if isinstance(n, ast.Call) for a in (*n.args, *(k.value for k in n.keywords))}
    for node in nodes:
        if not isinstance(node, ast.Compare) or not isinstance(node.left, ast.Name) or node.left.id != name:
            continue
        if any(isinstance(c, ast.Constant) and c.value is None for c in node.comparators):
            return True
    read = (n for n in nodes if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load))
    return all(id(n) in passed_on for n in read)


def _may_be_tensor(annotation: ast.expr) -> bool:
    """Whether the annotation allows a tensor: `Tensor`, `Optional[Tensor]`, `Tensor | dict`, `Tensor["N C"]`."""
    if read_annotation(annotation) is not None:
        return True
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return _may_be_tensor(ast.parse(annotation.value, mode="eval").body)
        except SyntaxError:
            return False
    if isinstance(annotation, ast.BinOp):
        return _may_be_tensor(annotation.left) or _may_be_tensor(annotation.right)
    if isinstance(annotation, ast.Subscript):
        name, inner = ast.unparse(annotation.value), annotation.slice
        if name.rpartition(".")[2] in ("Optional", "Union", "Annotated"):
            return any(_may_be_tensor(a) for a in (inner.elts if isinstance(inner, ast.Tuple) else [inner]))
        return _may_be_tensor(annotation.value)
    return ast.unparse(annotation).rpartition(".")[2] in (*_TENSORS, "Any", "object")
