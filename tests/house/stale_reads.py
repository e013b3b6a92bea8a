"""Find values that were read before `transaction()` and are used in what it writes.

`transaction()` forgets rows, so attributes of a row that are read inside it are those of the present. A value that was
taken from a row, or looked up, before that is not: what is computed from it undoes what others wrote meanwhile. This
follows the names of one function after the other through its statements:

- a *row* is a parameter, or what a function returns, that is annotated as a model;
- *stale* is an attribute of a row that can change, what `db.session` was asked for, what a function returns that asks
  it (but rows), and what is made of these;
- it is a *finding* when something stale is used inside a `with transaction():`, is given to a function that has one, or
  when an early `return` or `raise` before it depends on something stale that is not asked again.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from webapp import models
from webapp.models import Base

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MODELS = {name for name in models.__all__ if isinstance(each := getattr(models, name), type) and issubclass(each, Base)}
ROW = re.compile(rf"(?:{'|'.join(sorted(MODELS))})")
FOUND_ROW = re.compile(
    rf"db\.session\.get(_one)?\(|db\.session\.scalar\(select\({ROW.pattern}\)|person\(\)$|guest\(\w+\)$"
)
NEVER_CHANGES = {
    "id", "job_id", "client_id", "scene_id", "version_id", "link_id", "user_id", "number", "created_at", "sha256",
    "content_hash", "slot", "attempt_token", "redo_token", "kind", "token_hash", "key",
}  # fmt: skip
"""Attributes that a row keeps all its life, or that name one attempt, which the write compares again."""
RELATIONS = {"link", "job", "client", "campaign", "take", "user", "reviewer", "asset", "frame", "version"}
"""Attributes that lead to another row."""


@dataclass(frozen=True)
class Finding:
    """One use of something stale."""

    where: str
    """module.function"""
    what: str
    """The name or the expression."""
    how: str
    """used, given or decided."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what} ({self.how})"


@dataclass
class Function:
    """One function of the source."""

    name: str
    node: ast.FunctionDef
    imports: Mapping[str, str]
    """Local name → module or function."""
    module: str

    @cached_property
    def returns_row(self) -> bool:
        return _is_row(self.node.returns)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.node))

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [each for each in self.nodes if isinstance(each, ast.Call)]

    @cached_property
    def callees(self) -> set[str]:
        return {self.called(each) for each in self.calls}

    @cached_property
    def blocks(self) -> list[ast.With]:
        return [each for each in self.nodes if isinstance(each, ast.With) and _opens_transaction(each)]

    @cached_property
    def asks_session(self) -> bool:
        return any(
            isinstance(each, ast.Attribute)
            and each.attr == "session"
            and isinstance(each.value, ast.Name)
            and each.value.id == "db"
            for each in self.nodes
        )

    def called(self, call: ast.Call) -> str:
        """Return the full name of what is called; "" for what is not ours."""
        target = call.func
        if isinstance(target, ast.Name):
            return self.imports.get(target.id, f"{self.module}.{target.id}")
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            return f"{self.imports[target.value.id]}.{target.attr}" if target.value.id in self.imports else ""
        return ""


@dataclass
class Program:
    """All functions, and which of them write and read."""

    functions: dict[str, Function] = field(default_factory=dict)
    writers: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)

    def add(self, module: str, source: str) -> None:
        """Take in a module, named as it is imported."""
        tree = ast.parse(source)
        imports = dict(_imports(tree))
        for prefix, node in _functions(tree):
            name = f"{module}.{prefix}{node.name}"
            self.functions[name] = Function(name, node, imports, module)

    def findings(self) -> list[Finding]:
        """Follow every function that writes."""
        self.writers = self._closed({name for name, each in self.functions.items() if each.blocks})
        self.readers = self._closed({name for name, each in self.functions.items() if each.asks_session})
        inside = self._always_inside()
        return [
            found for name in sorted(self.writers - inside) for found in _Trace(self, self.functions[name]).findings()
        ]

    def _always_inside(self) -> set[str]:
        """Return what is called inside transactions only: there nothing is read before them."""
        callers: dict[str, set[str]] = {}
        for name, each in self.functions.items():
            covered = {id(call) for block in each.blocks for call in _calls(block)}
            for call in each.calls:
                callers.setdefault(each.called(call), set()).add("" if id(call) in covered else name)
        found: set[str] = set()
        while more := {
            name
            for name in self.functions.keys() & callers.keys() - found
            if all(caller == "" or caller in found for caller in callers[name])
        }:
            found |= more
        return found

    def _closed(self, found: set[str]) -> set[str]:
        """Add everything that calls something of these."""
        while more := {
            name for name, each in self.functions.items() if name not in found and not each.callees.isdisjoint(found)
        }:
            found = found | more
        return found


class _Trace:
    """One walk through a function."""

    def __init__(self, program: Program, function: Function) -> None:
        self.program, self.function = program, function
        self.rows: set[str] = set()
        self.stale: set[str] = set()
        self.decided: list[ast.expr] = []
        self.found: list[Finding] = []
        arguments = function.node.args
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            if _is_row(each.annotation):
                self.rows.add(each.arg)

    def findings(self) -> list[Finding]:
        self._statements(self.function.node.body)
        return list(dict.fromkeys(self.found))

    def _statements(self, body: list[ast.stmt]) -> None:
        for each in body:
            self._statement(each)

    def _statement(self, node: ast.stmt) -> None:  # noqa: C901 - a case for each kind of statement
        if isinstance(node, ast.With) and _opens_transaction(node):
            self._inside(node)
            return
        if isinstance(node, ast.If) and _ends(node.body) and self._is_stale(node.test):
            self.decided.append(node.test)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and self._is_check(node.value):
            self.decided.append(node.value)
        for call in _calls_outside(node):
            self._given(call)
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                self._assign(target, node.value)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self._assign(node.target, node.iter)
        for named in (each for each in _shallow(node) if isinstance(each, ast.NamedExpr)):
            self._assign(named.target, named.value)
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if isinstance(inner, list) and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                self._statements(inner)
        for handler in getattr(node, "handlers", ()):
            self._statements(handler.body)

    def _inside(self, node: ast.With) -> None:
        said = ast.unparse(node)
        assigned = {
            each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        compared = _compared(node)
        for each in ast.walk(node):
            is_used = isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and each.id in self.stale
            if is_used and each.id not in assigned | compared:
                self._report(each.id, "used")
        if self.function.module.startswith("services"):
            for test in self.decided:
                stale = {each.id for each in ast.walk(test) if isinstance(each, ast.Name)} & self.stale
                asked = f"{ast.unparse(test.func)}(" if isinstance(test, ast.Call) else ast.unparse(test)
                if asked not in said and not (stale and stale <= compared):
                    self._report(ast.unparse(test), "decided")

    def _given(self, call: ast.Call) -> None:
        """Look at what is handed to a function that writes."""
        name = self.function.called(call)
        if name not in self.program.writers:
            return
        for argument in (*call.args, *(each.value for each in call.keywords)):
            if self._is_stale(argument):
                self._report(f"{ast.unparse(call.func)}({ast.unparse(argument)})", "given")

    def _is_check(self, call: ast.Call) -> bool:
        """Say whether a call only refuses: it returns nothing, writes nothing, and looks at a row."""
        name = self.function.called(call)
        called = self.program.functions.get(name)
        if called is None or name in self.program.writers:
            return isinstance(call.func, ast.Attribute) and call.func.attr.startswith("must_")
        answers = called.node.returns
        says_nothing = isinstance(answers, ast.Constant) and answers.value is None
        return says_nothing and any(self._is_row(each) for each in call.args)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for one, other in zip(target.elts, value.elts, strict=True):
                self._assign(one, other)
            return
        names = {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
        if self._is_row(value):
            self.rows |= names
            self.stale -= names
        elif self._is_stale(value):
            self.stale |= names
            self.rows -= names
        else:
            self.rows -= names
            self.stale -= names

    def _is_row(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            return node.id in self.rows
        if isinstance(node, ast.Attribute):
            return node.attr in RELATIONS and self._is_row(node.value)
        if isinstance(node, ast.Call):
            called = self.program.functions.get(self.function.called(node))
            said = ast.unparse(node)
            return (called is not None and called.returns_row) or bool(FOUND_ROW.match(said))
        if isinstance(node, ast.BoolOp):
            return all(self._is_row(each) for each in node.values)
        if isinstance(node, ast.IfExp):
            return self._is_row(node.body)
        return False

    def _is_stale(self, node: ast.AST) -> bool:  # noqa: PLR0911 - a case for each kind of expression
        if isinstance(node, ast.Name):
            return node.id in self.stale
        if isinstance(node, ast.Attribute):
            if self._is_row(node.value) or isinstance(node.value, ast.Name):
                changes = node.attr not in NEVER_CHANGES | RELATIONS
                return changes and (self._is_row(node.value) or self._is_stale(node.value))
            return self._is_stale(node.value)
        if isinstance(node, ast.Compare) and all(isinstance(each, (ast.Is, ast.IsNot)) for each in node.ops):
            return not self._is_row(node.left) and self._is_stale(node.left)  # whether there is such a row
        if isinstance(node, ast.Call):
            return self._is_stale_call(node)
        if isinstance(node, (ast.Lambda, ast.FunctionDef)):
            return False
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            return self._is_stale_comprehension(node)
        return any(self._is_stale(each) for each in ast.iter_child_nodes(node))

    def _is_stale_call(self, node: ast.Call) -> bool:
        name, said = self.function.called(node), ast.unparse(node.func)
        if name in self.program.writers:
            return False  # it says what it has just written
        if self._is_row(node) or any(self._writes(each) for each in node.args):
            return False
        if said.startswith("db.session.") or name in self.program.readers:
            return True
        parts = (*node.args, *(each.value for each in node.keywords))
        return self._is_stale(node.func) or any(self._is_stale(each) for each in parts)

    def _writes(self, node: ast.expr) -> bool:
        """Say whether an argument is a use case to call: the answer is what that says."""
        called = {self.function.called(call) for call in _calls(node)} if isinstance(node, ast.Lambda) else set()
        return bool(called & self.program.writers)

    def _is_stale_comprehension(self, node: ast.AST) -> bool:
        before = set(self.rows), set(self.stale)
        for each in node.generators:  # type: ignore[attr-defined]
            self._assign(each.target, each.iter)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]  # type: ignore[attr-defined]
        found = any(self._is_stale(each) for each in parts)
        found = found or any(self._is_stale(each.iter) for each in node.generators)  # type: ignore[attr-defined]
        self.rows, self.stale = before
        return found

    def _report(self, what: str, how: str) -> None:
        self.found.append(Finding(self.function.name, what, how))


def _functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Return functions, methods and functions inside functions, each with what stands before its name."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef):
            yield prefix, each
        is_named = isinstance(each, (ast.FunctionDef, ast.ClassDef))
        yield from _functions(each, f"{prefix}{each.name}." if is_named else prefix)  # type: ignore[attr-defined]


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("webapp"):
            package = (node.module or "").removeprefix("webapp").removeprefix(".")
            for each in node.names:
                yield each.asname or each.name, ".".join(filter(None, (package, each.name)))


def _is_row(annotation: ast.expr | None) -> bool:
    """Say whether an annotation is a model, one or none of it, or a tuple of models."""
    if annotation is None:
        return False
    said = re.sub(r"tuple\[(.*)\]", r"\1", ast.unparse(annotation))
    parts = [each.strip() for each in re.split(r"[,|]", said)]
    return any(ROW.fullmatch(each) for each in parts) and all(ROW.fullmatch(each) or each == "None" for each in parts)


def _opens_transaction(node: ast.With) -> bool:
    return any(ast.unparse(each.context_expr) == "transaction()" for each in node.items)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def _shallow(node: ast.stmt) -> Iterator[ast.AST]:
    """Walk a statement without the statements inside it."""
    for name, value in ast.iter_fields(node):
        if name in ("body", "orelse", "finalbody", "handlers"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield from ast.walk(each)


def _calls_outside(node: ast.stmt) -> Iterator[ast.Call]:
    return (each for each in _shallow(node) if isinstance(each, ast.Call))


def _ends(body: list[ast.stmt]) -> bool:
    return isinstance(body[-1], (ast.Return, ast.Raise))


def _compared(node: ast.AST) -> set[str]:
    """Return names that are compared with the present: an optimistic write says that nobody else was faster."""
    found: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.If):
            for test in ast.walk(each.test):
                if isinstance(test, ast.Compare):
                    found |= {name.id for name in ast.walk(test) if isinstance(name, ast.Name)}
    return found
