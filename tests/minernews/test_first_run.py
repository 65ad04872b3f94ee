"""What `make run` does the first time and every other time, and the one line it says when it cannot."""

from __future__ import annotations

import os
import re
import socket
import stat
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import get_finder
from django.core.management import CommandError, call_command

from articles.models import Article, ImportRun
from companies.models import AnalystCall
from minernews import checks, first_run, preflight, secret_key

ROOT = Path(__file__).resolve().parents[2]


def test_a_secret_key_is_made_once_and_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret_key"
    key = secret_key.read_or_create(path)
    assert len(key) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret_key.read_or_create(path) == key
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_a_damaged_secret_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short\n")
    with pytest.raises(ValueError, match="holds no usable key"):
        secret_key.read_or_create(tmp_path / "secret_key")


def test_an_old_python_is_told_so_in_one_line() -> None:
    assert preflight.python_problem((3, 9, 18), "/usr/bin/python3") == (
        "Python 3.11 or newer is needed, this is 3.9.18 (/usr/bin/python3); name another: make run PYTHON=python3.12"
    )
    assert preflight.python_problem((3, 11, 0)) is None


def test_preflight_has_no_syntax_that_an_old_python_would_not_read() -> None:
    """It must get as far as its message: no f-strings, no walrus, no match, no unquoted new annotations."""
    import ast

    source = (ROOT / "minernews" / "preflight.py").read_text()
    tree = ast.parse(source, feature_version=(3, 4))
    new = (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Match, ast.AsyncFunctionDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, new)]


def test_a_busy_port_is_told_in_one_line_with_the_next_one() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert preflight.port_problem("127.0.0.1", port) == (
            f"port {port} on 127.0.0.1 is in use; choose another with PORT={port + 1}"
        )
    assert preflight.port_problem("127.0.0.1", "http") == "PORT must be a number from 1 to 65535, not 'http'"


def test_a_data_dir_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    problem = preflight.data_dir_problem(tmp_path / "file" / "var")
    assert problem == (
        f"DATA_DIR is not writable: {tmp_path}/file/var (Not a directory); name another: make run DATA_DIR=/some/folder"
    )


def test_a_command_with_an_unwritable_data_dir_ends_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "file" / "var"), "SECRET_KEY": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "minernews.settings"
    result = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith("minernews: DATA_DIR cannot be used:")


@pytest.mark.parametrize(("name", "value"), [("HTTPS", "ture"), ("DEBUG", "enabled")])
def test_a_switch_that_is_neither_on_nor_off_is_refused_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    environment = {**os.environ, "DATA_DIR": str(tmp_path), name: value, "DJANGO_SETTINGS_MODULE": "minernews.settings"}
    result = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (result.returncode, result.stderr) == (1, f"minernews: {name} must be true or false, not {value!r}\n")


def test_a_data_dir_with_signs_of_addresses_in_its_name_holds_its_own_database(tmp_path: Path) -> None:
    odd = tmp_path / "a#b%20?c"
    environment = {**os.environ, "DATA_DIR": str(odd), "DJANGO_SETTINGS_MODULE": "minernews.settings"}
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    assert (odd / "minernews.sqlite3").is_file()
    assert list(tmp_path.iterdir()) == [odd]


@pytest.fixture
def static_root(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.DATA_DIR = tmp_path


@pytest.mark.django_db
@pytest.mark.usefixtures("static_root")
def test_the_first_run_makes_an_administrator_and_imports_the_samples_and_the_second_neither() -> None:
    out = StringIO()
    call_command("serve", "--prepare-only", stdout=out)
    password = re.search(r"user admin, password (\S+) \(shown this once\)", out.getvalue())
    assert password is not None
    assert User.objects.get(username="admin").check_password(password[1])
    assert "created 30, updated 0, unchanged 0, conflicts 0, failed 0" in out.getvalue()
    assert AnalystCall.objects.accepted().count() >= 40
    Article.objects.filter(lang="uk").delete()
    counts = Article.objects.count(), ImportRun.objects.count()
    out = StringIO()
    call_command("serve", "--prepare-only", stdout=out)
    assert "password" not in out.getvalue()
    assert (Article.objects.count(), ImportRun.objects.count()) == counts


@pytest.mark.django_db
@pytest.mark.usefixtures("static_root")
def test_serve_refuses_a_busy_port_before_it_touches_anything(settings: Any) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        settings.HOST, settings.PORT = "127.0.0.1", str(busy.getsockname()[1])
        with pytest.raises(CommandError, match="is in use"):
            call_command("serve")
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("static_root")
def test_a_first_run_that_was_interrupted_has_told_the_password_and_is_taken_up_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted() -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(first_run, "import_samples", interrupted)
    out = StringIO()
    with pytest.raises(KeyboardInterrupt):
        call_command("serve", "--prepare-only", stdout=out)
    assert "password" in out.getvalue()
    assert first_run.is_new()


@pytest.mark.usefixtures("static_root")
def test_static_files_are_collected_again_only_when_one_has_changed(settings: Any, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.css").write_text("a")
    settings.STATICFILES_DIRS = [own]
    get_finder.cache_clear()
    for text in ("a", "bb"):
        (own / "a.css").write_text(text)
        first_run.collect_static_files()
        assert (settings.STATIC_ROOT / "a.css").read_text() == text
        (settings.STATIC_ROOT / "a.css").unlink()
        first_run.collect_static_files()
        assert not (settings.STATIC_ROOT / "a.css").exists()
    get_finder.cache_clear()


@pytest.mark.django_db
def test_samples_that_were_deleted_do_not_come_back() -> None:
    ImportRun.objects.create(arguments={"paths": ["my/own"]})
    assert first_run.is_new()
    first_run.import_samples()
    Article.objects.all().delete()
    assert not first_run.is_new()


@pytest.mark.django_db
def test_a_newsroom_that_wants_no_samples_gets_none(settings: Any) -> None:
    settings.SAMPLES = False
    assert not first_run.is_new()


@pytest.mark.parametrize("host", ["https://images.example", "images.example:443", "*.example", "a/b", ""])
def test_a_cover_host_that_is_no_host_name_is_an_error_with_an_id(settings: Any, host: str) -> None:
    settings.COVER_HOSTS = ["images.unsplash.com", host]
    assert [message.id for message in checks.cover_hosts_are_names(None)] == ["minernews.E001"]
    settings.COVER_HOSTS = ["images.unsplash.com"]
    assert checks.cover_hosts_are_names(None) == []


def test_env_example_names_every_variable_that_the_settings_read() -> None:
    read = set(re.findall(r'(?:env\.\w+|_flag)\(\s*"(\w+)"', (ROOT / "minernews" / "settings.py").read_text()))
    named = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == named
