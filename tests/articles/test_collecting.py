"""Paths into files, and the two kinds of document told apart by what stands in them."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from articles.collecting import collect, read_bytes, uploaded
from articles.kinds import ARTICLE, DOCUMENT, kind_of
from sources.encoding import MAXIMUM_FILE_BYTES, UnreadableText, decode


def test_a_folder_is_walked_in_order_of_name_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b/2.md", "b/1.txt", "a.md", ".git/config", "b/.hidden.md", "c/.cache/x.md", "B.md", "c/deep/er/z"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    files = list(collect([tmp_path]))
    assert [Path(file.name).relative_to(tmp_path).as_posix() for file in files] == [
        "B.md",
        "a.md",
        "b/1.txt",
        "b/2.md",
        "c/deep/er/z",
    ]
    assert read_bytes(files[2].name) == b"b/1.txt"


def test_files_and_folders_can_be_mixed_and_keep_the_order_they_are_given_in(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_bytes(b"1")
    (tmp_path / "z").write_bytes(b"2")
    names = [file.name for file in collect([str(tmp_path / "z"), tmp_path / "folder"])]
    assert names == [str(tmp_path / "z"), str(tmp_path / "folder" / "a")]


def test_a_hidden_file_that_is_asked_for_by_name_is_read(tmp_path: Path) -> None:
    (tmp_path / ".note.md").write_bytes(b"x")
    assert [read_bytes(file.name) for file in collect([tmp_path / ".note.md"])] == [b"x"]


def test_an_empty_folder_gives_no_files(tmp_path: Path) -> None:
    assert list(collect([tmp_path])) == []
    assert list(collect([])) == []


def test_what_does_not_exist_comes_along_and_says_so_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"x")
    missing, there = collect([tmp_path / "not-there", tmp_path / "there"])
    with pytest.raises(UnreadableText, match=r"^no such file or folder$"):
        read_bytes(missing.name)
    assert read_bytes(there.name) == b"x"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(5 * 1024 * 1024)
    with pytest.raises(UnreadableText, match=r"^the file has 5,242,880 bytes, more than the 2,097,152 allowed$"):
        read_bytes(next(collect([path])).name)
    with path.open("wb") as file:
        file.truncate(MAXIMUM_FILE_BYTES)
    assert len(read_bytes(next(collect([path])).name)) == MAXIMUM_FILE_BYTES


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableText, match=r"^not a regular file$"):
        read_bytes(next(collect([tmp_path])).name)


def test_a_link_that_leads_nowhere_is_reported_and_one_in_a_circle_followed_once(tmp_path: Path) -> None:
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    (tmp_path / "circle").symlink_to(tmp_path, target_is_directory=True)
    (lost,) = collect([tmp_path])
    with pytest.raises(UnreadableText, match="no such file"):
        read_bytes(lost.name)


def test_an_uploaded_file_is_what_was_uploaded() -> None:
    file = uploaded("hall.md", b"bytes")
    assert (file.name, file.raw) == ("hall.md", b"bytes")


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\n---\n",
        "\ufeff\n\n---\r\nx",
        "+++\ntitle = 1\n+++\n",
        "---\n- a list\n---\n",
        "---\nnever closed",
    ],
)
def test_what_opens_a_header_is_an_article_even_if_a_bad_one(text: str) -> None:
    assert kind_of(text) == ARTICLE


@pytest.mark.parametrize(
    "text",
    [
        "A headline\n\nA sentence that is long enough.\n",
        "A headline: with a colon\n\nText.",
        "Titles: a history\n\nText.",
        "A headline\n---\ntitle: x\n---\n",
        "",
        "<html>",
    ],
)
def test_anything_else_is_a_document(text: str) -> None:
    assert kind_of(text) == DOCUMENT


@pytest.mark.parametrize(
    "text", ["title: A hall\n---\n", "\ufeffdescription: x\n", "\n externalId: '7'\n", "publishedAt: 2026\n"]
)
def test_keys_without_their_opening_fence_are_refused(text: str) -> None:
    with pytest.raises(UnreadableText) as refusal:
        kind_of(text)
    assert (refusal.value.reason, refusal.value.line) == ("front matter without its opening --- line", 1)


@pytest.mark.parametrize("name", ["hall.txt", "hall.md", "hall.en.md", "hall", "hall.jpg"])
def test_the_name_of_a_file_says_nothing_about_its_kind(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("---\ntitle: x\n---\n")
    assert kind_of(decode(read_bytes(next(collect([tmp_path])).name))) == ARTICLE


def test_a_link_that_leads_to_itself_keeps_nothing_else_from_being_read(tmp_path: Path) -> None:
    for name in ("a.md", "b.md", "c.md"):
        (tmp_path / name).write_text(name)
    (tmp_path / "aa").symlink_to(tmp_path / "aa")
    files = list(collect([tmp_path]))
    assert [Path(file.name).name for file in files] == ["a.md", "aa", "b.md", "c.md"]
    with pytest.raises((UnreadableText, OSError)):
        read_bytes(files[1].name)


def test_folders_in_folders_in_folders_are_walked_however_deep(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    top = here
    for _ in range(1_100):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        if here != top:
            os.close(here)
        here = inner
    os.close(here), os.close(top)
    try:
        assert list(collect([tmp_path])) == []
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


def test_a_name_that_is_not_utf8_is_a_problem_of_that_file_alone(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("b")
    with open(os.fsencode(tmp_path) + b"/caf\xe9.md", "wb") as file:
        file.write(b"x")
    good, bad = collect([tmp_path])
    assert (Path(good.name).name, good.problem) == ("b.md", "")
    assert (Path(bad.name).name, bad.problem) == ("caf\ufffd.md", "its name is not UTF-8")


def test_a_folder_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.scandir", refuse)
    (file,) = collect([tmp_path])
    assert (file.name, file.problem) == (str(tmp_path), "the folder cannot be read: Permission denied")


def test_a_zip_that_is_given_by_name_is_taken_apart_and_a_damaged_one_is_a_problem(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in/x.md", "x")
        archive.writestr("y.md", "y")
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 and no more")
    first, second, third = collect([tmp_path / "a.zip", tmp_path / "b.zip"])
    assert [(file.name, file.raw) for file in (first, second)] == [
        (f"{tmp_path}/a.zip/in/x.md", b"x"), (f"{tmp_path}/a.zip/y.md", b"y"),
    ]  # fmt: skip
    assert third.name == str(tmp_path / "b.zip")
    assert third.problem.startswith("the zip cannot be read: ")
