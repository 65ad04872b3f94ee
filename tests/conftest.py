"""What every test may use, and the closed door: no socket but to the test's own servers."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
SAMPLES = Path(__file__).resolve().parents[1] / "samples"

NOW = dt.datetime(2026, 2, 10, 12, 0, tzinfo=dt.UTC)
_LOCAL = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(autouse=True)
def no_foreign_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network fails, whatever machine it runs on."""
    connect: Callable[..., Any] = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and str(address[0]) not in _LOCAL:
            raise AssertionError(f"a test tried to connect to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """The site's clock stands at the cast's NOW, whatever the day a test is run on."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return NOW


@pytest.fixture
def seed() -> Callable[[str], Path]:
    """The path of a real document by the beginning of its name; skips where the seeds are not at hand."""

    def find(prefix: str) -> Path:
        found = sorted(SEEDS.glob(f"{prefix}*")) if SEEDS.is_dir() else []
        if not found:
            pytest.skip(f"the seed documents are not on this machine ({SEEDS})")
        return found[0]

    return find
