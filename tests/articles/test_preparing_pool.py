"""Files prepared in other processes come back whole, in order; a process that dies is said to have died."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from articles.mentions import CompanyNames
from articles.preparing import FileToRead, PreparedArticle, UnreadableFile, prepare
from articles.preparing_pool import Readers, ReadersDied
from companies.names import KnownName, NameFinder
from tests.articles.test_importer import ARTICLE, STORY

NAMES = CompanyNames(NameFinder([KnownName("FJRD", "Fjordbyte Mining")]), {"FJRD": "Fjordbyte Mining ASA FJRD"})
GOOD = sorted((Path(__file__).parent / "good").glob("*.md"))


def many(count: int) -> list[FileToRead]:
    return [FileToRead(f"{n}.md", ARTICLE.replace("70000001", str(n)).encode()) for n in range(count)]


def test_other_processes_give_what_this_one_would() -> None:
    files = [
        *many(300),
        FileToRead("story.txt", STORY.encode()),
        *(FileToRead(str(path)) for path in GOOD),
        FileToRead("/nowhere"),
    ]
    with Readers(NAMES, processes=2) as readers:
        there = [readers.prepare(files[first : first + 100]) for first in range(0, len(files), 100)]
        assert readers.pool is not None
        prepared = [file for result in there for file in result()]
    assert prepared == [prepare(file, NAMES) for file in files]
    assert isinstance(prepared[0], PreparedArticle)
    assert prepared[0].links.companies[0].ticker == "FJRD"
    assert isinstance(prepared[-1], UnreadableFile)
    assert prepared[-1].reason == "no such file or folder"


def test_a_handful_of_files_starts_no_process() -> None:
    with Readers(NAMES) as readers:
        assert len(readers.prepare(many(50))()) == 50
        assert readers.prepare([])() == []
        assert readers.pool is None


def test_a_reader_that_is_killed_is_an_error_with_a_name_and_not_a_wait_for_ever() -> None:
    with Readers(NAMES, processes=2) as readers:
        readers.prepared_here = 10_000
        readers.prepare(many(1))()
        assert readers.pool is not None
        for pid in list(readers.pool._processes):
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(ReadersDied, match="killed, or out of memory"):
            for _ in range(50):
                readers.prepare(many(10))()


def test_a_file_that_crashes_the_reading_is_a_reason_and_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflow(text: str) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("articles.preparing.split", overflow)
    prepared = prepare(FileToRead("a.md", ARTICLE.encode()), NAMES)
    assert isinstance(prepared, UnreadableFile)
    assert prepared.reason == "cannot be read (RecursionError: too deep)"
