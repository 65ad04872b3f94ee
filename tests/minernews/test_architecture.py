"""The house rules that code can break without a test failing elsewhere: who may import whom, and who may do what."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# From the bottom up: each knows those before it, and none after it.
LAYERS = ("sources", "companies", "articles", "minernews")
LONGEST_MODULE = 350
HTTP_CLIENTS = {"httpx", "requests", "aiohttp", "urllib3", "http.client", "urllib.request", "feedparser", "openai"}
# What makes a result depend on more than the arguments.
CLOCKS = {"now", "utcnow", "today", "localtime", "monotonic", "perf_counter"}
IMPURE_MODULES = {"time", "os", "subprocess", "socket", "threading", "logging", "environ", "django", *HTTP_CLIENTS}
IMPURE_NAMES = {"open", "input", "print"}
RIM = {"views", "admin", "urls"}


@dataclass(frozen=True)
class Module:
    """`name` is dotted (companies.calls), `imports` all that it imports at any depth, as (dotted name, line)."""

    name: str
    path: Path
    tree: ast.Module
    imports: tuple[tuple[str, int], ...]

    @property
    def layer(self) -> str:
        return self.name.split(".")[0]

    @property
    def stem(self) -> str:
        return self.name.rsplit(".", 1)[-1]


def read_module(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    package = parts[:-1]
    tree = ast.parse(path.read_text("utf-8"), str(path))
    name = ".".join(package if parts[-1] == "__init__" else parts)
    return Module(name, path, tree, tuple(imports_of(tree, package)))


def imports_of(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Dotted names; `from a import b` gives both a and a.b, since b may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = ".".join((*package[: len(package) - node.level + 1], *filter(None, [node.module])))
            source = base if node.level else (node.module or "")
            yield source, node.lineno
            for alias in node.names:
                yield f"{source}.{alias.name}", node.lineno


MODULES = [
    read_module(path)
    for layer in LAYERS
    for path in sorted((ROOT / layer).rglob("*.py"))
    if "migrations" not in path.parts
]
NAMES = {module.name for module in MODULES}
PURE = next(
    override["module"]
    for override in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]["overrides"]
    if "companies.calls" in override["module"]
)


def of_ours(module: Module) -> Iterator[tuple[str, int]]:
    """Those imports of a module that name modules of this project."""
    for name, line in module.imports:
        if name in NAMES and name not in LAYERS:
            yield name, line


def places(found: Iterator[tuple[str, int]], module: Module) -> list[str]:
    return [f"{module.name}:{line} {name}" for name, line in found]


def test_the_modules_were_found_and_read() -> None:
    assert {"sources.models", "companies.calls", "articles.rendering", "minernews.views"} <= NAMES
    assert all(any(module.layer == layer for module in MODULES) for layer in LAYERS)


def test_imports_run_one_way_from_minernews_down_to_sources() -> None:
    upward = [
        f"{module.name}:{line} {name}"
        for module in MODULES
        for name, line in module.imports
        if name.split(".")[0] in LAYERS and LAYERS.index(name.split(".")[0]) > LAYERS.index(module.layer)
    ]
    assert upward == []


def test_no_layer_reaches_up_by_the_name_of_a_model_or_a_module() -> None:
    """ForeignKey("articles.Article"), get_model("articles", …) and import_module("articles.…") are imports, too."""
    upward = []
    for module in MODULES:
        above = "|".join(LAYERS[LAYERS.index(module.layer) + 1 :])
        pattern = re.compile(rf"(?:{above})(?:\.\w+)*") if above else re.compile(r"(?!)")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                called = ast.unparse(node.func).rsplit(".", 1)[-1]
                dotted = [
                    text for text in texts if "." in text or called in ("get_model", "import_module", "__import__")
                ]
                upward += [f"{module.name}:{node.lineno} {text}" for text in dotted if pattern.fullmatch(text)]
    assert upward == []


def test_every_pure_module_that_the_tools_know_of_exists() -> None:
    assert [name for name in PURE if name not in NAMES] == []


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_knows_no_framework_no_clock_no_environment_and_only_pure_modules(name: str) -> None:
    module = next(module for module in MODULES if module.name == name)
    assert places((found for found in of_ours(module) if found[0] not in PURE), module) == []
    impure = [found for found in module.imports if any(f"{found[0]}.".startswith(f"{bad}.") for bad in IMPURE_MODULES)]
    assert places(iter(impure), module) == []
    used = [
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and node.attr in CLOCKS | {"environ", "getenv"})
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_NAMES)
    ]
    assert used == []


def test_nothing_imports_a_command() -> None:
    ours = [(module.name, name) for module in MODULES for name, _ in module.imports if name.split(".")[0] in LAYERS]
    assert [pair for pair in ours if "management" in pair[1].split(".")] == []


def test_nothing_imports_the_rim_but_addresses_and_app_configurations() -> None:
    found = [
        f"{module.name}:{line} {name}"
        for module in MODULES
        if module.stem not in {"urls", "apps"}
        for name, line in of_ours(module)
        if name.rsplit(".", 1)[-1] in RIM
    ]
    assert found == []


def test_only_rendering_makes_html_safe() -> None:
    words = re.compile(r"\b(?:mark_safe|SafeText)\b|\bSafeString\(|\b__html__\b")
    calls = {module.name for module in MODULES if words.search(ast.unparse(module.tree))}
    assert calls == {"articles.rendering"}


def test_no_template_switches_escaping_off() -> None:
    pattern = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off|\|\s*escapejs\b.*\|\s*safe")
    templates = sorted((ROOT / "templates").rglob("*.*"))
    assert len(templates) > 10
    assert [path.name for path in templates if pattern.search(path.read_text("utf-8"))] == []


def test_every_attribute_of_a_template_is_quoted() -> None:
    """Escaping protects a value inside quotes only."""
    pattern = re.compile(r"<[a-z][^<>]*\s[a-z-]+=\{[{%]")
    found = [path.name for path in (ROOT / "templates").rglob("*.html") if pattern.search(path.read_text("utf-8"))]
    assert found == []


def importers_of(*packages: str) -> set[str]:
    return {
        module.name
        for module in MODULES
        for name, _ in module.imports
        if any(f"{name}.".startswith(f"{package}.") for package in packages)
    }


def test_only_front_matter_knows_yaml() -> None:
    assert importers_of("yaml", "frontmatter", "ruamel") == {"articles.front_matter"}


def test_only_modules_named_fetching_know_an_http_client() -> None:
    assert {name for name in importers_of(*HTTP_CLIENTS) if name.rsplit(".", 1)[-1] != "fetching"} == set()


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        module.name
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and ast.unparse(node.value) == "os"
    }
    # `preflight` runs before anything is installed; wsgi names the settings.
    assert readers <= {"minernews.preflight", "minernews.wsgi"}


def test_no_module_has_more_than_350_lines() -> None:
    lengths = {module.name: len(module.path.read_text("utf-8").splitlines()) for module in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert {
        module.name for module in MODULES if module.stem in {"utils", "helpers", "services", "common", "misc"}
    } == set()


def test_no_page_brings_in_a_script() -> None:
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.parts]
    assert [path.name for path in pages if "<script" in path.read_text("utf-8").lower()] == []


SNIPPETS = {
    "import articles.views": {"articles.views"},
    "from articles import views, models": {"articles", "articles.views", "articles.models"},
    "def f():\n    from articles.models import Article": {"articles.models", "articles.models.Article"},
    "from . import calls": {"companies", "companies.calls"},
    "from .calls import Call": {"companies.calls", "companies.calls.Call"},
    "from ..sources import models": {"sources", "sources.models"},
}


@pytest.mark.parametrize(("code", "names"), SNIPPETS.items())
def test_imports_of_every_shape_are_seen(code: str, names: set[str]) -> None:
    assert {name for name, _ in imports_of(ast.parse(code), ("companies",))} == names
