"""An import that is killed and run again gives what an undisturbed one gives; so does an export."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench"


def test_what_is_killed_at_any_moment_and_done_again_is_whole() -> None:
    command = [sys.executable, str(BENCH / "kill.py"), "--points", "64", "--files", "30"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    lines = done.stdout.splitlines() or [""]
    assert (done.returncode, lines[-1]) == (0, "64 points: 64 equal, 0 different"), done.stdout + done.stderr
