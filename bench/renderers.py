"""Markdown renderers beside each other: CommonMark's own examples, GitHub's additions, and documents a second.

renderers.py [N] [--spec FILE] [--hostile]: N bodies (default 1,000) for the speed. The candidates, at pinned versions,
and the examples come from the package index into a temporary folder. --spec reads the examples of another edition, a
spec.txt or its JSON; --hostile adds what each renderer does with input made to exhaust it.
"""

from __future__ import annotations

import multiprocessing
import re
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path

import corpus
from commonmark_examples import (
    Example,
    edition_of,
    examples_of_json,
    examples_of_text,
    normalised,
    published_examples,
)  # fmt: skip
from renderer_candidates import CANDIDATES, Candidate, Render, our_render
from workbench import print_table

BATCH = 100
PATIENCE = 5  # seconds for one hostile input
OURS = "comrak"  # what articles/rendering.py calls, with the options that it gives
YARDSTICK = "markdown-it-py"


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
