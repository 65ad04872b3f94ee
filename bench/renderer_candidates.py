"""Markdown renderers on PyPI that renderers.py measures, each as a function of a text."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

Render = Callable[[str], str]


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise RuntimeError((errors or [f"pip ended with {done.returncode}"])[-1])


def cmarkgfm(extended: bool) -> Render:
    module, options = importlib.import_module("cmarkgfm"), importlib.import_module("cmarkgfm.cmark").Options
    chosen = options.CMARK_OPT_UNSAFE | options.CMARK_OPT_VALIDATE_UTF8
    extensions = ["table", "strikethrough", "autolink"] if extended else []
    return lambda text: module.markdown_to_html_with_extensions(text, options=chosen, extensions=extensions)


def our_render(_extended: bool) -> Render:
    from articles.rendering import render

    return render


def multimark(extended: bool) -> Render:
    module = importlib.import_module("multimark")
    extensions = ["table", "strikethrough", "autolink"] if extended else []
    return lambda text: module.markdown_to_html(text, unsafe=True, extensions=extensions)


def comrak(extended: bool) -> Render:
    module = alone("comrak", "comrak")
    extensions, render_options = module.ExtensionOptions(), module.RenderOptions()
    extensions.table = extensions.strikethrough = extensions.autolink = extended
    render_options.unsafe_ = True
    return lambda text: module.render_markdown(text, extension_options=extensions, render_options=render_options)


def comrak_ext(extended: bool) -> Render:
    module = alone("comrak", "comrak-ext")
    extensions = module.ExtensionOptions(table=extended, strikethrough=extended, autolink=extended)
    render_options = module.RenderOptions(unsafe_=True)
    return lambda text: module.markdown_to_html(text, extension_options=extensions, render_options=render_options)


def alone(module: str, package: str) -> Any:
    """The module as that package has it, where another package has one of the same name."""
    path = sys.path.copy()
    sys.path[:] = [entry for entry in path if Path(entry).name == package] + path
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        del sys.modules[name]
    try:
        return importlib.import_module(module)
    finally:
        sys.path[:] = path


def pyromark(extended: bool) -> Render:
    """pulldown-cmark; it has no rule for bare addresses."""
    module = importlib.import_module("pyromark")
    options = module.Options(0)
    if extended:
        options = module.Options.ENABLE_TABLES | module.Options.ENABLE_STRIKETHROUGH
    return lambda text: module.html(text, options=options)


def markdown_it_pyrs(extended: bool) -> Render:
    parser = importlib.import_module("markdown_it_pyrs").MarkdownIt("commonmark")
    return (parser.enable_many(["table", "strikethrough", "linkify"]) if extended else parser).render


def markdown_it_py(extended: bool) -> Render:
    parser = importlib.import_module("markdown_it").MarkdownIt("commonmark", {"linkify": extended})
    return (parser.enable(["table", "strikethrough", "linkify"]) if extended else parser).render


def mistune(extended: bool) -> Render:
    plugins = ["table", "strikethrough", "url"] if extended else []
    return importlib.import_module("mistune").create_markdown(escape=False, plugins=plugins)


def marko(extended: bool) -> Render:
    importlib.import_module("marko.ext.gfm")
    module = importlib.import_module("marko")
    return module.Markdown(extensions=["gfm"] if extended else []).convert


@dataclass
class Candidate:
    name: str
    language: str
    make: Callable[[bool], Render]
    # What pip installs; nothing for the site's own code.
    requirements: tuple[str, ...] = ()
    render: Render = str
    bare: Render = str
    seconds: float = 0.0

    @property
    def title(self) -> str:
        if not self.requirements:
            return self.name
        pinned = self.requirements[0].partition("==")[2]
        try:
            return f"{self.name} {version(self.name)}"  # the site's own, if it runs on this one
        except PackageNotFoundError:
            return f"{self.name} {pinned}"

    def load(self, folder: Path) -> str:
        """Installs it and makes it ready; gives what went wrong."""
        try:
            if self.requirements:
                target = folder / self.name
                pip("install", "--only-binary", ":all:", "--target", str(target), *self.requirements)
                sys.path.append(str(target))  # after the site's own packages, whose versions stay in force
                importlib.invalidate_caches()
            self.render, self.bare = self.make(True), self.make(False)
            self.render("*ready*")
        except (ImportError, RuntimeError, subprocess.TimeoutExpired, AttributeError, TypeError) as error:
            return f"{type(error).__name__}: {error}"
        return ""


CANDIDATES = [
    Candidate("cmarkgfm", "C", cmarkgfm, ("cmarkgfm==2025.10.22",)),
    Candidate("multimark", "C", multimark, ("multimark==0.4.0",)),
    Candidate("comrak", "Rust", comrak, ("comrak==0.0.16",)),
    Candidate("comrak-ext", "Rust", comrak_ext, ("comrak-ext==0.2.8",)),
    Candidate("pyromark", "Rust", pyromark, ("pyromark==0.10.3",)),
    Candidate("markdown-it-pyrs", "Rust", markdown_it_pyrs, ("markdown-it-pyrs==0.4.0",)),
    Candidate("markdown-it-py", "Python", markdown_it_py, ("markdown-it-py==4.3.0", "linkify-it-py==2.2.0")),
    Candidate("mistune", "Python", mistune, ("mistune==3.4.0",)),
    Candidate("marko", "Python", marko, ("marko==2.2.4",)),
]
