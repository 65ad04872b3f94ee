"""Whose turn it is to write to an SQLite file: first come, first served, among threads and among processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from minernews.sqlite3.turns import Queue, TurnNotGiven

SPAWN = multiprocessing.get_context("spawn")


def hold(path: str, seconds: float, said: Any) -> None:
    queue = Queue(path)
    queue.take(10)
    said.put(("has", os.getpid(), time.monotonic()))
    time.sleep(seconds)
    queue.give()


@pytest.fixture
def other(tmp_path: Path) -> Any:
    """A process that has the turn, once this returns; killed at the end."""
    said = SPAWN.Queue()
    started = []

    def start(seconds: float) -> Any:
        process = SPAWN.Process(target=hold, args=(str(tmp_path / "db"), seconds, said))
        process.start()
        started.append(process)
        said.get(timeout=20)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.005)
    assert true()


def test_threads_have_their_turns_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    queue = Queue(str(tmp_path / "db"))
    order: list[int] = []

    def work(number: int) -> None:
        queue.take(10)
        order.append(number)
        queue.give()

    queue.take(1)
    threads = []
    for number in range(8):
        threads.append(threading.Thread(target=work, args=[number]))
        threads[-1].start()
        until(lambda n=number: len(queue._waiting) == n + 2)
    queue.give()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_another_process_is_waited_for_and_then_the_turn_is_given(
    tmp_path: Path, other: Callable[[float], Any]
) -> None:
    other(0.5)
    queue = Queue(str(tmp_path / "db"))
    assert queue.is_wanted()
    begun = time.monotonic()
    queue.take(10)
    assert 0.2 < time.monotonic() - begun < 5
    queue.give()


def test_who_waited_too_long_is_told_and_keeps_nobody_back(tmp_path: Path, other: Callable[[float], Any]) -> None:
    process = other(60)
    queue = Queue(str(tmp_path / "db"))
    with pytest.raises(TurnNotGiven):
        queue.take(0.1)
    assert not queue._waiting
    process.kill()
    process.join()
    queue.take(5)
    queue.give()


def test_the_turn_of_a_process_that_was_killed_is_free(tmp_path: Path, other: Callable[[float], Any]) -> None:
    process = other(60)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    queue = Queue(str(tmp_path / "db"))
    assert not queue.is_wanted()
    queue.take(5)
    queue.give()


def test_to_ask_whether_others_write_gives_up_nobodys_turn(tmp_path: Path) -> None:
    path = str(tmp_path / "db")
    queue = Queue(path)
    queue.take(1)
    asked: list[bool] = []
    thread = threading.Thread(target=lambda: asked.append(queue.is_wanted()))
    thread.start()
    thread.join()
    assert asked == [True]
    said = SPAWN.Queue()
    process = SPAWN.Process(target=hold, args=(path, 0, said))
    process.start()
    time.sleep(1)
    assert said.empty()
    queue.give()
    assert said.get(timeout=20)[0] == "has"
    process.join()


def test_where_no_file_can_be_made_sqlites_own_waiting_is_left(tmp_path: Path) -> None:
    queue = Queue(str(tmp_path / "no" / "folder" / "db"))
    queue.take(1)
    assert not Queue(str(tmp_path / "no" / "folder" / "db")).is_wanted()
    queue.give()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own order")
@pytest.mark.django_db(transaction=True)
def test_a_transaction_has_the_turn_until_it_ends_however_it_ends() -> None:
    wrapper: Any = connection
    with transaction.atomic():
        assert wrapper._turn is not None
        with transaction.atomic():
            assert wrapper._turn is not None
    assert wrapper._turn is None
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert wrapper._turn is None
    with transaction.atomic():
        connection.close()
        assert wrapper._turn is None
        transaction.set_rollback(True)
    assert wrapper._turn is None


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own order")
@pytest.mark.django_db(transaction=True)
def test_a_turn_that_does_not_come_is_djangos_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Queue, patience: float) -> None:
        raise TurnNotGiven

    monkeypatch.setattr(Queue, "take", refuse)
    with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
        pass
