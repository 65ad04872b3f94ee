"""What the documentation says exists, exists."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from django.core.management import get_commands

from articles.fields import KEYS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_command_of_the_readme_exists_and_every_command_of_ours_is_in_it() -> None:
    ours = {name for name, app in get_commands().items() if app in ("articles", "companies", "sources", "minernews")}
    run = set(re.findall(r"manage\.py (\w+)", README))
    assert run <= set(get_commands())
    assert set(re.findall(r"^\| `(\w+)", README, re.MULTILINE)) & set(get_commands()) == ours


def test_every_make_target_that_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"^ {4}make (\w+)|`make (\w+)", (ROOT / document).read_text("utf-8"), re.MULTILINE))
        assert {first or second for first, second in named} <= targets


def test_the_front_matter_reference_lists_exactly_the_keys_that_the_code_knows() -> None:
    rows = re.findall(r"^\| (`.+?) \|", (ROOT / "docs" / "front-matter.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(key for row in rows for key in re.findall(r"`([\w.]+)`", row)) == sorted(KEYS)


def test_every_runtime_dependency_has_its_line_in_the_readme() -> None:
    requirements = (ROOT / "requirements.txt").read_text()
    names = re.findall(r"^([A-Za-z][\w-]*)", requirements, re.MULTILINE)
    table = README[README.index("## What it stands on") : README.index("For development")]
    named = {name for row in re.findall(r"^\| ([\w, -]+) \|", table, re.MULTILINE) for name in row.split(", ")}
    assert named - {"dependency"} == set(names)


def test_every_link_of_the_documents_leads_to_a_file() -> None:
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "front-matter.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_python_that_the_documents_ask_for_is_the_one_that_the_tools_are_set_to() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["requires-python"] == ">=3.11"
    assert "Python 3.11 or newer" in README
