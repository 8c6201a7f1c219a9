"""The syntax trees of all modules, for the tests of the code's rules."""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "chapbook"

Rule = Callable[[str, ast.Module], Iterator[str]]  # a module's name and tree: its offenses


def _modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module's dotted name below `chapbook`, and its syntax tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        yield name or "chapbook", ast.parse(path.read_text("utf-8"))


MODULES: Mapping[str, ast.Module] = dict(_modules())


def offenders(rule: Rule, trees: Mapping[str, ast.Module] = MODULES) -> list[str]:
    """Everything in *trees* that breaks *rule*, each with its module."""
    return [f"{name}: {offense}" for name, tree in trees.items() for offense in rule(name, tree)]


@cache
def imported(tree: ast.AST) -> tuple[str, ...]:
    """The dotted names that *tree* imports, at its top or within a function."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(names)


def unit(name: str) -> str:
    """The first part of a dotted name: a package, or a library."""
    return name.split(".", maxsplit=1)[0]
