"""What the parts of the interpreter ask of each other, each door implemented by the part of its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from torchlint.dims.expr import Size
from torchlint.interpreter.conditions import SizeCondition
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.objects import ClassValue, Lazy, NamedTupleType, Namespace
from torchlint.ops.registry import LayerType, Operation
from torchlint.values.module import Module
from torchlint.values.runtime import Runtime
from torchlint.values.unknown import Unknown


class Doors(Runtime):
    """The doors between the parts that are mixed together in `Interpreter`: none is open here."""

    def evaluate(self, node: ast.expr, frame: Frame) -> Any:
        raise NotImplementedError

    def eval_name(self, node: ast.Name, frame: Frame) -> Any:
        raise NotImplementedError

    def execute(self, body: list[ast.stmt], frame: Frame) -> Any:
        raise NotImplementedError

    def read_on(self, module: Namespace) -> bool:
        """Run what of a module has not run, and say if that was anything."""
        raise NotImplementedError

    def bind_unknown(self, statement: ast.stmt, unknown: Unknown, frame: Frame) -> None:
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Any, frame: Frame) -> None:
        raise NotImplementedError

    def iterate(self, value: Any) -> Iterator[Any]:
        raise NotImplementedError

    def iterate_parts(self, value: Any) -> Iterator[Any]:
        raise NotImplementedError

    def truth_in_rounds(self, condition: SizeCondition) -> bool | None:
        raise NotImplementedError

    def count_of(self, size: Size) -> Size:
        raise NotImplementedError

    def call_value(self, callee: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise NotImplementedError

    def get_attribute(self, value: Any, name: str) -> Any:
        raise NotImplementedError

    def find_attribute(self, value: Any, name: str) -> Any:
        raise NotImplementedError

    def has_attribute(self, value: Any, name: str) -> bool | None:
        raise NotImplementedError

    def member_of(self, module: Any, name: str) -> Any:
        raise NotImplementedError

    def set_attribute(self, value: Any, name: str, new: Any) -> None:
        raise NotImplementedError

    def get_item(self, value: Any, index: Any) -> Any:
        raise NotImplementedError

    def set_item(self, value: Any, index: Any, new: Any) -> None:
        raise NotImplementedError

    def forget_elements(self, node: ast.expr, frame: Frame) -> None:
        raise NotImplementedError

    def forget_container(self, node: ast.expr, frame: Frame) -> None:
        raise NotImplementedError

    def open_up(self, reason: str) -> None:
        raise NotImplementedError

    def binary(self, operator: type[ast.operator], left: Any, right: Any) -> Any:
        raise NotImplementedError

    def compare(self, operator: type[ast.cmpop], left: Any, right: Any) -> Any:
        raise NotImplementedError

    def patched(self) -> dict[tuple[type, str], Any]:
        """What the program has assigned to attributes of torch's own classes."""
        raise NotImplementedError

    def installed_version(self, distribution: str) -> str | None:
        raise NotImplementedError

    def generated_init(self, cls: ClassValue, instance: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def run_frame(self, function: FunctionValue, frame: Frame) -> Any:
        raise NotImplementedError

    def make_function(self, node: Any, frame: Frame) -> FunctionValue:
        raise NotImplementedError

    def import_module(self, name: str, frame: Frame) -> Any:
        raise NotImplementedError

    def constructor_of(self, cls: type) -> Any:
        raise NotImplementedError

    def make_class(self, node: ast.ClassDef, frame: Frame) -> Any:
        raise NotImplementedError

    def standin(self, name: str) -> Namespace:
        raise NotImplementedError

    def knows_arrays(self) -> bool:
        """Whether there may be arrays of numpy."""
        raise NotImplementedError

    def import_from(self, module: Any, module_name: str, name: str, frame: Frame) -> Any:
        raise NotImplementedError

    def import_star(self, module: Any, frame: Frame) -> None:
        raise NotImplementedError

    def escape(self, *values: Any) -> None:
        """Say that something unknown got the values, and may change the lists, dicts and sets among them."""
        raise NotImplementedError

    def builtin(self, name: str) -> Any:
        """A builtin function, for those that build on another."""
        raise NotImplementedError

    def may_hold_more(self, container: Any) -> bool:
        """Whether something unknown may have put more into a list, dict or set than was seen."""
        raise NotImplementedError

    def filled(self, container: Any, key: object) -> bool:
        raise NotImplementedError

    def note_entry(self, container: Any, key: object) -> None:
        """Say that a module's own statements write to a dictionary."""
        raise NotImplementedError

    def is_whole(self, module: Namespace) -> bool:
        raise NotImplementedError

    def note_container(self, made: Any, frame: Frame) -> None:
        raise NotImplementedError

    def delete_item(self, value: Any, index: Any) -> None:
        raise NotImplementedError

    def enter(self, context: Any) -> Any:
        """What `with context as name` binds."""
        raise NotImplementedError

    def run_operation(self, operation: Operation, bound: Any, module: Any) -> Any:
        raise NotImplementedError

    def unary(self, operator: type[ast.unaryop], operand: Any) -> Any:
        raise NotImplementedError

    def evaluate_all(self, nodes: list[ast.expr], frame: Frame) -> list[Any]:
        raise NotImplementedError

    def implicit_super(self, frame: Frame) -> Any:
        raise NotImplementedError

    def instantiate(self, cls: ClassValue, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise NotImplementedError

    def make_layer(self, layer: LayerType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise NotImplementedError

    def find_method(self, value: Any, name: str) -> Any:
        raise NotImplementedError

    def make_namedtuple(self, cls: NamedTupleType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise NotImplementedError

    def call_operation(self, operation: Any, args: tuple[Any, ...], kwargs: Any) -> Any:
        raise NotImplementedError

    def read_part(self, name: str) -> Lazy | None:
        raise NotImplementedError

    def asks_torch(self) -> bool:
        """Whether torch may be asked what a function without a rule gives."""
        raise NotImplementedError

    def init_layer(self, instance: Module, cls: type, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    def torch_lacks(self, name: str, where: str = "") -> bool:
        """Whether the installed torch certainly has nothing of that name: in its modules and tensors together, or in its
        "tensors" or "layers" alone."""
        raise NotImplementedError
