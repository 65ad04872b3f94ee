"""The background worker beside the site: started with it, and gone when it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"


@pytest.mark.django_db
def test_serve_starts_the_worker_as_a_child_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("subprocess.Popen", lambda arguments, **_: started.append(arguments))
    monkeypatch.setattr("os.execv", lambda _, arguments: started.append(arguments))
    monkeypatch.setattr("minernews.preflight.port_problem", lambda *_: "")
    monkeypatch.setattr("minernews.first_run.is_new", lambda: False)
    monkeypatch.setattr("minernews.first_run.collect_static_files", lambda: None)
    call_command("serve")
    worker, server = started
    assert worker[1:] == [str(ROOT / "manage.py"), "work", "--parent", str(os.getpid()), "--verbosity", "0"]
    assert server[1:3] == ["-m", "granian"]


def test_the_worker_ends_when_the_process_that_started_it_was_killed(tmp_path: Path) -> None:
    """With a database of its own on disk; the parent is a process that does nothing else."""
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "minernews.settings",
        "DATABASE_URL": "",
    }
    manage = [sys.executable, str(ROOT / "manage.py")]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
    program = (
        "import os, subprocess, sys, time;"
        f"child = subprocess.Popen([*{manage!r}, 'work', '--parent', str(os.getpid())]);"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    parent: Any = subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    time.sleep(3)
    assert is_alive(worker)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while is_alive(worker) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_alive(worker)
