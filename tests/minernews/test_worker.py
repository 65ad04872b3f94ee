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
def test_serve_starts_the_server_and_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("minernews.management.commands.serve.supervise", lambda *both: started.extend(both[:2]) or 0)
    monkeypatch.setattr("minernews.preflight.port_problem", lambda *_: "")
    monkeypatch.setattr("minernews.first_run.is_new", lambda: False)
    monkeypatch.setattr("minernews.first_run.collect_static_files", lambda: None)
    call_command("serve")
    server, worker = started
    assert server[1:3] == ["-m", "granian"]
    assert worker[1:] == [str(ROOT / "manage.py"), "work", "--parent", str(os.getpid()), "--verbosity", "0"]


# A process that writes its number and each signal it gets into a file, and a child that does the same.
SLEEPER = """
import os, signal, subprocess, sys, time
name, kind = sys.argv[1:3]
def note(word):
    with open(name, "a") as file: file.write(f"{kind} {os.getpid()} {word}\\n")
def end(number, frame):
    note(f"signal {number}")
    if kind != "stubborn": sys.exit(0)
signal.signal(signal.SIGINT, end); signal.signal(signal.SIGTERM, end)
if kind in ("server", "stubborn"): subprocess.Popen([sys.executable, "-c", open(sys.argv[3]).read(), name, "child", sys.argv[3]])
note("began")
time.sleep(0 if kind == "short" else 60)
"""
SUPERVISOR = """
import sys
from minernews.supervising import supervise
name, script, server, worker = sys.argv[1:]
command = lambda kind: [sys.executable, "-c", open(script).read(), name, kind, script]
sys.exit(supervise(command(server), command(worker), lambda word: print(word, flush=True)))
"""


class Supervised:
    def __init__(self, folder: Path, server: str = "server", worker: str = "worker") -> None:
        self.notes = folder / "notes"
        (folder / "script").write_text(SLEEPER)
        arguments = [str(self.notes), str(folder / "script"), server, worker]
        self.process: Any = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, *arguments],
            cwd=ROOT,
            start_new_session=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.until(lambda: sum(line.endswith("began") for line in self.lines()) >= 3)

    def lines(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def alive(self) -> list[str]:
        return [line for line in self.lines() if line.endswith("began") and is_alive(int(line.split()[1]))]

    def until(self, true: Any, seconds: float = 15) -> None:
        end = time.monotonic() + seconds
        while not true() and time.monotonic() < end:
            time.sleep(0.05)
        assert true(), self.lines()


def test_a_ctrl_c_of_a_terminal_ends_both_and_reaches_each_once(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path)
    os.killpg(supervised.process.pid, signal.SIGINT)
    assert supervised.process.wait(timeout=15) == 0
    signals = sorted(line.split()[0] + " " + line.split()[-1] for line in supervised.lines() if "signal" in line)
    assert signals == ["server 2", "worker 15"]
    supervised.until(lambda: not supervised.alive())


def test_a_worker_that_ends_is_started_again_and_said_to_be(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, worker="short")
    supervised.until(lambda: sum(line.startswith("short") for line in supervised.lines()) >= 3)
    supervised.process.send_signal(signal.SIGTERM)
    out, _ = supervised.process.communicate(timeout=15)
    assert "The background worker ended (0) and is started again." in out


def test_what_does_not_end_when_asked_twice_is_ended(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, server="stubborn")
    supervised.process.send_signal(signal.SIGINT)
    supervised.until(lambda: any("stubborn" in line and "signal" in line for line in supervised.lines()))
    supervised.process.send_signal(signal.SIGINT)
    assert supervised.process.wait(timeout=5) == 0
    supervised.until(lambda: not supervised.alive())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_supervisor_that_is_killed_takes_both_with_it(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path)
    supervised.process.kill()
    supervised.process.wait()
    both = [line for line in supervised.lines() if line.endswith("began") and not line.startswith("child")]
    supervised.until(lambda: not any(is_alive(int(line.split()[1])) for line in both))
    for line in supervised.alive():
        os.kill(int(line.split()[1]), signal.SIGKILL)


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
