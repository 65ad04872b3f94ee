"""Editors save in the admin while thousands of files are imported: nothing fails, nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "bench"
FILES = "3000" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "5000"


def test_eight_editors_save_while_files_are_imported() -> None:
    command = [sys.executable, "-W", "ignore", str(BENCH / "writers.py"), "--files", FILES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    lines = done.stdout.splitlines() or [""]
    assert (done.returncode, lines[-1]) == (0, "0 errors"), done.stdout + done.stderr
