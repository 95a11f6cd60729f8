"""From a finished pass to the graph of its steps: which module or operation made the tensor that which other one takes.

What the graph does not show: parameters and constants that an operation takes, how a tensor goes on behind a step that was not
followed, and arithmetic with numbers on an input of which nothing is known yet, which gives the input itself.
"""

from __future__ import annotations

from typing import Any

from torchlint.interpreter.objects import NamedTuple
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure, ModuleCall, OperationCall, tensors_in
from torchlint.summary import Edge, Graph, Node, Shape
from torchlint.values.errors import Undecided
from torchlint.values.module import Module, named_modules
from torchlint.values.tensor import InputTensor, Tensor

_MOST_STEPS = 4_000
_LONGEST_TEXT = 80


def graph_of(one: Pass) -> Graph | None:
    """The graph of the model's call; None where it was not called, or did more than anyone looks at."""
    first = one.calls_to_build
    calls = one.trace.module_calls
    if len(calls) <= first or calls[first].module is not one.model:
        return None
    call = calls[first]
    if len(calls[call.inner]) + len(one.trace.operations[call.noted]) > _MOST_STEPS:
        return None
    return _Drawing(one).graph(first)


class _Drawing:
    """A graph that grows step by step. `makers` are the nodes that made the tensors, by their ids."""

    def __init__(self, one: Pass) -> None:
        self.one = one
        self.paths = {id(module): path for path, module in named_modules(one.model)}
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.makers: dict[int, int] = {}

    def graph(self, first: int) -> Graph:
        for name, value in self.one.inputs.items():
            for tensor in tensors_in(_plain(value)):
                self.makers[id(tensor)] = self.node(Node("input", name))
        failures = [f for f in self.one.trace.failures if f.module is None and f.in_forward]
        failed = [self.failure(failure) for failure in failures]
        self.call(first, None)
        for number, failure in zip(failed, failures):
            self.feed(number, failure)
        self.take(self.node(Node("output", "output")), self.one.output)
        return self.pruned()

    def node(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def take(self, node: int, value: Any) -> None:
        """Draw the tensors of a value into a node."""
        for tensor in dict.fromkeys(tensors_in(_plain(value))):
            maker = self.makers.get(id(tensor))
            if maker is not None:
                self.edges.append(Edge(maker, node, self.shape(tensor)))

    def call(self, index: int, parent: int | None) -> None:
        """A module, and what it does inside."""
        trace = self.one.trace
        call = trace.module_calls[index]
        node = self.node(self.module_node(call, parent))
        operation, inner = call.noted.start, call.inner.start
        while inner < call.inner.stop:
            child = trace.module_calls[inner]
            self.operations(slice(operation, child.noted.start), node)
            self.call(inner, node)
            operation, inner = child.noted.stop, child.inner.stop
        self.operations(slice(operation, call.noted.stop), node)
        if not any(step.parent == node for step in self.nodes[node + 1 :]):
            self.take(node, call.inputs)
            self.make(node, call.output)

    def module_node(self, call: ModuleCall, parent: int | None) -> Node:
        module: Module = call.module
        created = module.created if isinstance(module.created, Place) else call.place
        fails = any(f.module is module and call.place in (f.place, f.inside) for f in self.one.trace.failures)
        kind = "failure" if fails else "module"
        return Node(kind, module.type_name, parent, self.paths.get(id(module)), place=_where(created))

    def operations(self, noted: slice, parent: int) -> None:
        for operation in self.one.trace.operations[noted]:
            if tensors_in(_plain(operation.result)):
                node = self.node(_operation_node(operation, parent))
                self.take(node, tuple(operation.bound.values()))
                if not isinstance(operation.result, InputTensor) or operation.name.endswith("_"):
                    self.make(node, operation.result)

    def failure(self, failure: Failure) -> int:
        """An operation that raises; what it would give if it were repaired is what the steps after it take."""
        where = _where(failure.place)
        node = self.node(Node("failure", failure.callee, None, None, _short(failure.place.text), where))
        self.make(node, failure.error.result)
        return node

    def feed(self, node: int, failure: Failure) -> None:
        """It stands beside the innermost of the steps that fed it."""
        self.take(node, tuple(argument.value for argument in failure.arguments.values()))
        parents = [self.nodes[edge.source].parent for edge in self.edges if edge.target == node]
        parent = max((p for p in parents if p is not None), default=None)
        self.nodes[node] = self.nodes[node]._replace(parent=parent)

    def make(self, node: int, value: Any) -> None:
        self.makers.update((id(tensor), node) for tensor in tensors_in(_plain(value)))

    def shape(self, tensor: Tensor) -> Shape | None:
        try:
            return tuple(self.one.facts.resolve(size) for size in tensor.shape)
        except Undecided:  # it may be no tensor at all
            return None

    def pruned(self) -> Graph:
        """Without operations that lead nowhere, as a question about values."""
        edges = self.edges
        while True:
            used = {edge.source for edge in edges}
            kept = {i for i, node in enumerate(self.nodes) if node.kind != "operation" or i in used}
            left = [edge for edge in edges if edge.target in kept]
            if len(left) == len(edges):
                break
            edges = left
        numbers = {old: new for new, old in enumerate(sorted(kept))}
        nodes = [
            node._replace(parent=None if node.parent is None else numbers[node.parent])
            for i, node in enumerate(self.nodes)
            if i in kept
        ]
        return Graph(tuple(nodes), tuple(dict.fromkeys(Edge(numbers[s], numbers[t], shape) for s, t, shape in edges)))


def _operation_node(operation: OperationCall, parent: int) -> Node:
    name = operation.name.rpartition(".")[2]
    return Node("operation", name, parent, None, _short(operation.place.text), _where(operation.place))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def _where(place: Place | None) -> tuple[str, int] | None:
    return None if place is None else (place.unit.path, place.row)


def _plain(value: Any) -> Any:
    """With dictionaries, lists and named tuples as tuples."""
    if isinstance(value, dict):
        return tuple(_plain(v) for v in value.values())
    if isinstance(value, (list, tuple, NamedTuple)):
        return tuple(_plain(v) for v in value)
    return value
