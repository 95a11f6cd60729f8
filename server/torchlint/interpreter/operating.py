"""Calls of torch: operations and modules run, noted in the trace, and what fails in them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from torchlint.interpreter.arrays import array_of, with_tensors
from torchlint.interpreter.budget import MAX_DEPTH, BudgetExhausted
from torchlint.interpreter.functions import BoundMethod, TensorType
from torchlint.interpreter.machine import Machine
from torchlint.interpreter.objects import Raised
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Argument, Gap, ModuleCall, OperationCall, tensors_in
from torchlint.ops.registry import LAYER_OF_CLASS, Operation
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Hook, Module, hooks_of
from torchlint.values.tensor import Origin, Tensor
from torchlint.values.unknown import Given, Unknown, is_masked

_WRITE_CHILDREN = {
    "add_module", "register_module", "register_parameter", "register_buffer", "append", "extend", "insert", "update", "pop",
    "__setitem__", "__delitem__", "__setattr__", "set_submodule",
}  # fmt: skip
_REGISTER = ("torch.nn.Module.register_", "torch.nn.Module.add_module")
_READ_CHILDREN = {"__len__", "__iter__", "__getitem__", "__contains__", "keys", "values", "items"}


class Operating(Machine):
    """What calling an operation or a module gives."""

    def _open(self, module: Module, function: Any, reason: str) -> None:
        """Note that a call which could not be followed may have given the module parts that were not seen."""
        name = function.name.rsplit(".", 1)[-1] if isinstance(function, Operation) else ""
        if "_modules" not in vars(module):
            Module.__init__(module)
        elif name not in _WRITE_CHILDREN:
            return
        vars(module)["open_ended"] = reason
        self._open_registries(module)

    def _open_registries(self, module: Module) -> None:
        """Something unknown was registered, which is not in the dictionaries of what was."""
        self.escape(module._parameters, module._buffers, module._modules)

    def callee_text(self) -> str:
        """How the source writes what is being called: `self.features[3]` for the fourth child of `self.features`."""
        if self.site is None:
            return ""
        node = self.site.node
        text = self.site.frame.unit.source(node.func if isinstance(node, ast.Call) else node)
        for parent, child in self.callee_path:
            name = next((n for n, module in parent._modules.items() if module is child), "")
            text += f"[{name}]" if name.isdigit() else f".{name}" if name else ""
        return text

    def call_operation(self, operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Run an operation of torch: note where its result comes from, and what fails."""
        if TensorType in map(type, args) and operation.name == "torch.Tensor.type":
            args = tuple(a.dtype if isinstance(a, TensorType) else a for a in args)
        try:
            bound = operation.bind(args, kwargs)
        except ShapeError as error:
            return self.fail(error, self.callee_text(), {})
        return self.run_operation(operation, bound, None)

    def run_operation(self, operation: Operation, bound: Mapping[str, Any], module: Module | None) -> Any:
        """Run an operation on bound arguments; `module` is the layer whose forward it is."""
        site = self.site
        receiver = bound.get("self")
        if isinstance(receiver, Module) and receiver.open_ended and operation.name.rsplit(".", 1)[-1] in _READ_CHILDREN:
            return self.unknown(receiver.open_ended)
        self.running_operation, self.running_layer = operation.name, module
        try:
            if self.knows_arrays():
                bound = with_tensors(self, operation, bound)
            result = operation.run(bound)
        except ShapeError as error:
            self.site = site
            return self.fail(error, self.callee_text(), self._arguments(operation, bound, module), module)
        except Undecided as undecided:
            if isinstance(receiver, Module):
                self._open(receiver, operation, str(undecided))
            unknown = self._undecided(undecided, bound, operation)
            if site is not None and site.frame.statement is not None and is_masked(unknown.key):
                self.trace.unjudged.add(site.frame.statement)
            unknown.is_plain = not isinstance(receiver, Module)
            if operation.makes_tensors:
                self.note_gap(unknown.reason, unknown.place or self.here())
            return unknown
        except (Raised, BudgetExhausted):
            raise
        except RecursionError:
            raise BudgetExhausted("recursion depth") from None
        except Exception as error:
            if isinstance(error, AttributeError) and isinstance(receiver, Module):
                if receiver.open_ended:  # its constructor was not followed to the end
                    self.note_gap(receiver.open_ended, self.here())
                    return self.unknown(receiver.open_ended)
                if any(isinstance(tensor, Unknown) for tensor in vars(receiver).get("_parameters", {}).values()):
                    return self.unknown("one of its parameters is not known")
                if receiver.interpreted_class is not None and receiver.interpreted_class.lookup(str(error))[0]:
                    return self.unknown(f"the class has its own `{error}`")  # a property, which the layer's rule does not ask
                removed = next((n for n, tensor in vars(receiver).get("_parameters", {}).items() if tensor is None), None)
                if removed is not None:
                    self.site = site
                    return self.fail(_without(receiver, removed), self.callee_text(), {}, module)
            # A bug of ours: reported as such, and the pass goes on.
            self.trace.internal_errors.append((f"{operation.name}: {type(error).__name__}: {error}", self.here()))
            return self.unknown(f"torchlint failed in `{operation.name}`")
        if isinstance(receiver, Module) and operation.name.startswith(_REGISTER) and Unknown in map(type, bound.values()):
            self._open_registries(receiver)
        here = self.here()
        self.trace.progress += 1
        if isinstance(result, Unknown):
            if result.key is result:
                result.key = self.derived(operation.name, *bound.values()).key
            if not isinstance(receiver, Module):
                result.is_plain = True  # operations make tensors and numbers
        if here is not None:
            if here.unit.checked and not isinstance(result, Unknown):
                self.trace.work(here.node, self.activation)
            if module is None:
                self.trace.operations.append(OperationCall(operation.name, here, dict(bound), result))
            self._set_origin(operation, bound, result, here)
        return array_of(self, result) if operation.name == "torch.Tensor.numpy" else result

    def _undecided(self, undecided: Undecided, bound: Mapping[str, Any], operation: Operation) -> Unknown:
        cause = find_unknown(tuple(bound.values()))
        if cause is not None:
            if operation.name.endswith("masked_fill"):
                return Unknown(cause.reason, cause.place or self.here(), ("masked", cause.key))
            return Unknown(cause.reason, cause.place, ("from", cause.key))
        return self.unknown(str(undecided))

    def _set_origin(self, operation: Operation, bound: Mapping[str, Any], result: Any, here: Place) -> None:
        inputs: tuple[Tensor, ...] | None = None
        for tensor in tensors_in(result):
            if tensor.origin is None and not tensor.is_parameter:
                if inputs is None:
                    inputs = tuple(t for value in bound.values() for t in tensors_in(value))
                if tensor not in inputs:
                    tensor.origin = Origin(operation.name, inputs, here)

    def _arguments(self, operation: Operation, bound: Mapping[str, Any], module: Module | None) -> dict[str, Argument]:
        """How each argument is written at the call that is being evaluated."""
        node = self.site.node if self.site is not None else None
        nodes: dict[str, ast.AST] = {}
        positional = [p.name for p in operation.signature.positional]
        if isinstance(node, ast.Call) and not self.callee_path:
            written: list[ast.AST] = list(node.args)
            is_method = operation.name.startswith("torch.Tensor.") or _is_bound(operation, bound, node)
            if module is not None:
                positional = positional[1:]
            elif is_method and isinstance(node.func, ast.Attribute) and positional:
                written.insert(0, node.func.value)
            for name, argument in zip(positional, written):
                if isinstance(argument, ast.Starred):
                    break
                nodes[name] = argument
            nodes.update({k.arg: k.value for k in node.keywords if k.arg is not None})
        elif isinstance(node, ast.BinOp):
            nodes = dict(zip(positional, (node.left, node.right)))
        elif isinstance(node, ast.AugAssign):
            nodes = dict(zip(positional, (node.target, node.value)))
        elif isinstance(node, ast.Compare):
            nodes = dict(zip(positional, (node.left, node.comparators[0])))
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            nodes = {positional[0]: node.value} if positional else {}
        return {name: Argument(nodes.get(name), value) for name, value in bound.items()}

    def call_module(self, module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """`module(*args)`: its forward, noted in the trace."""
        is_bare = vars(module).get("is_bare") and "_modules" not in vars(module) and not module.open_ended
        if is_bare and self.here() is not None:
            return self.fail(_never_begun(module), self.callee_text(), {}, module)
        forward = self.find_method(module, "forward")
        if forward is None:
            return self._no_forward(module)
        self.budget.step()
        if len(self.modules_running) > MAX_DEPTH:
            raise BudgetExhausted("recursion depth")
        place = self.here()
        trace = self.trace
        index, gaps, noted, before = len(trace.module_calls), len(trace.gaps), len(trace.operations), trace.progress
        inputs = (*args, *kwargs.values())
        trace.module_calls.append(ModuleCall(module, inputs, None, place))
        self.modules_running.append(module)
        was_blind, self.is_blind = self.is_blind, self.is_blind or _tells_nothing(inputs)
        output, ended = None, False
        try:
            hooks = hooks_of(module)
            if hooks:
                args, kwargs = self._before(module, hooks, args, kwargs)
            output = self._run_forward(module, forward, args, kwargs)
            if hooks:
                output = self._after(module, hooks, args, kwargs, output)
            ended = True
        except (Raised, BudgetExhausted) as end:
            if len(trace.gaps) == gaps or trace.gaps[-1].reason != end_of(end):
                trace.gaps.append(Gap(module, end_of(end), self.here()))
            raise
        finally:
            self.modules_running.pop()
            self.is_blind = was_blind
            trace.module_calls[index] = ModuleCall(
                module,
                inputs,
                output,
                place,
                ended,
                trace.progress - before,
                gaps=slice(gaps, len(trace.gaps)),
                noted=slice(noted, len(trace.operations)),
                inner=slice(index + 1, len(trace.module_calls)),
            )
        return output

    def _before(
        self, module: Module, hooks: tuple[Hook, ...], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What `forward` is given after the hooks that run before it."""
        for hook in hooks:
            if hook.is_before:
                given = self._called(hook, (module, args, kwargs) if hook.with_kwargs else (module, args))
                if hook.with_kwargs and isinstance(given, tuple) and len(given) == 2:
                    args, kwargs = given
                elif isinstance(given, tuple):
                    args = given
                elif given is not None:
                    args = (given,)
        return args, kwargs

    def _after(
        self, module: Module, hooks: tuple[Hook, ...], args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
    ) -> Any:
        """What the module returns after the hooks that run behind its `forward`."""
        for hook in hooks:
            if not hook.is_before:
                given = (args, kwargs) if hook.with_kwargs else (args,)
                changed = self._called(hook, (module, *given, output))
                output = output if changed is None else changed
        return output

    def _called(self, hook: Hook, args: tuple[Any, ...]) -> Any:
        try:
            return self.call(hook.function, args, {})
        except Undecided as undecided:
            return self.unknown(str(undecided))

    def _run_forward(self, module: Module, forward: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if isinstance(forward, BoundMethod) and isinstance(forward.function, Operation):
            operation = forward.function
            try:
                bound = operation.bind((module, *args), kwargs)
            except ShapeError as error:
                if any(isinstance(value, Given) for value in (*args, *kwargs.values())):
                    return self.unknown("who gives that input builds the module for it")
                return self.fail(error, self.callee_text(), {}, module)
            return self.run_operation(operation, bound, module)
        self.forward_depth += 1
        try:
            return self.call_value(forward, args, kwargs)
        finally:
            self.forward_depth -= 1

    def _no_forward(self, module: Module) -> Any:
        layer = LAYER_OF_CLASS.get(type(module))
        if module.open_ended or (layer is None and module.interpreted_class is None):
            return self.unknown("the class of the module could not be followed")
        cls = module.interpreted_class
        if cls is not None and cls.open_ended:
            return self.unknown(cls.open_ended)
        error = ShapeError(
            "bad-call",
            f"{{callee}} is called, but `{module.type_name}` has no `forward`",
            torch=f'Module [{module.type_name}] is missing the required "forward" function',
        )
        return self.fail(error, self.callee_text(), {}, module)


def end_of(exception: Raised | BudgetExhausted) -> str:
    """Why what ran did not run to its end."""
    if isinstance(exception, BudgetExhausted):
        return f"the budget of {exception.resource} is used up"
    return f"the code raises {exception.type_name}" + (f": {exception.message}" if exception.message else "")


def _never_begun(module: Module) -> ShapeError:
    return ShapeError(
        "missing-super-init",
        f"{{callee}} is called, but `nn.Module.__init__` has never run: the constructor of `{module.type_name}` leaves it out",
        torch=f"'{module.type_name}' object has no attribute '_backward_hooks'",
    )


def _without(layer: Module, name: str) -> ShapeError:
    return ShapeError(
        "bad-call",
        f"`{name}` of `{layer.type_name}` was set to None, but {{callee}} needs it",
        torch=f"argument '{name}' must be Tensor, not NoneType",
    )


def _is_bound(operation: Operation, bound: Mapping[str, Any], call: ast.Call) -> bool:
    """Whether the operation got one argument more than are written: the object that it is a method of."""
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        return False
    collecting = {p.name for p in (operation.signature.var_positional, operation.signature.var_keyword) if p is not None}
    given = sum(len(value) if name in collecting else 1 for name, value in bound.items())
    return len(call.args) + len(call.keywords) < given


def find_unknown(values: Any, depth: int = 3) -> Unknown | None:
    """The first Unknown among values, looking into lists, tuples and dicts."""
    for value in values:
        if isinstance(value, Unknown):
            return value
        if depth and isinstance(value, (list, tuple, dict)) and len(value) <= 256:
            found = find_unknown(value.values() if isinstance(value, dict) else value, depth - 1)
            if found is not None:
                return found
    return None


def _tells_nothing(inputs: tuple[Any, ...]) -> bool:
    """Whether there is something unknown in what a module is given, and no tensor."""
    return find_unknown(inputs) is not None and not any(True for value in inputs for _ in tensors_in(value))
