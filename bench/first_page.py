"""Seconds from `make run` in a fresh clone to a served front page with the samples, and the same for a second start.

Clones what is committed (HEAD), not what is being edited. Exits 1 when the first start takes longer than 90 seconds, or
a start fails. Whatever it started it stops again; clone, data and port are its own.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from workbench import ROOT, print_table

LIMIT = 90.0
GIVE_UP = 600.0  # a start that takes longer is not waited for
PATIENCE = 20.0  # for a server that was told to stop

# What an outer make or a configured site hands down, and a newcomer's shell does not have.
NOT_INHERITED = (
    "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "VIRTUAL_ENV", "PYTHONPATH", "DJANGO_SETTINGS_MODULE",
    "DATABASE_URL", "CACHE_URL", "SECRET_KEY", "DEBUG", "HTTPS", "HOST", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS",
    "SITE_NAME", "COVER_HOSTS",
)  # fmt: skip
_ARTICLE = re.compile(rb'href="/articles/[a-z0-9-]+/"')
# A proxy of the environment is for the network, not for this machine.
_open = build_opener(ProxyHandler({})).open


class Failed(Exception):
    pass


def clone(target: Path) -> str:
    """Clones HEAD and gives its short name."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(target)], check=True)
    name = ["git", "-C", str(target), "rev-parse", "--short", "HEAD"]
    return subprocess.run(name, check=True, capture_output=True, text=True).stdout.strip()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def front_page(port: int) -> bytes | None:
    try:
        with _open(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return response.read() if response.status == 200 else None
    except (URLError, OSError):
        return None


def start(checkout: Path, data: Path, log: Path) -> tuple[float, float, int]:
    """Runs `make run` until the front page is served: seconds to it, seconds of installing, articles on the page."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment |= {"PORT": str(port), "DATA_DIR": str(data)}
    installed_mark = checkout / ".venv" / ".runtime"
    begun = time.monotonic()
    installed = 0.0 if installed_mark.exists() else None
    with log.open("wb") as out:
        # A session of its own: what make starts can be stopped as one group.
        make = subprocess.Popen(
            ["make", "run"],
            cwd=checkout,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while True:
            seconds = time.monotonic() - begun
            if installed is None and installed_mark.exists():
                installed = seconds
            page = front_page(port)
            if page is not None:
                return time.monotonic() - begun, installed or 0.0, len(set(_ARTICLE.findall(page)))
            if make.poll() is not None:
                raise Failed(f"make run ended with {make.returncode} after {seconds:.0f} s")
            if seconds > GIVE_UP:
                raise Failed(f"no page after {seconds:.0f} s")
            time.sleep(0.05)
    finally:
        stop(make)


def stop(make: subprocess.Popen[bytes]) -> None:
    """Ends the whole group: first asked, then made to."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(make.pid, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and _group_lives(make):
            time.sleep(0.05)
    make.wait()


def _group_lives(make: subprocess.Popen[bytes]) -> bool:
    make.poll()  # a child that nobody waits for would count as living
    try:
        os.killpg(make.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    sys.exit(128 + number)


def main() -> int:
    signal.signal(signal.SIGTERM, _leave)  # so that what was started is stopped when this is
    with tempfile.TemporaryDirectory(prefix="minernews-bench-") as name:
        folder = Path(name)
        commit = clone(folder / "minernews")
        log = folder / "log"
        try:
            first = start(folder / "minernews", folder / "data", log)
            second = start(folder / "minernews", folder / "data", log)
        except Failed as error:
            print(log.read_text("utf-8", "replace"), file=sys.stderr)
            print(f"{commit}: {error}", file=sys.stderr)
            return 1
    print(f"make run in a fresh clone of {commit}, to GET / answering 200\n")
    rows = [
        (start_name, f"{seconds:.1f}", f"{installing:.1f}", f"{seconds / first[0]:.2f}", articles)
        for start_name, (seconds, installing, articles) in (("first start", first), ("second start", second))
    ]
    print_table(("", "seconds", "of it installing", "× first", "articles on the page"), rows)
    problems = [f"the first start took more than {LIMIT:.0f} s"] if first[0] > LIMIT else []
    problems += ["a front page without articles"] if not (first[2] and second[2]) else []
    for problem in problems:
        print(f"\n{problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
