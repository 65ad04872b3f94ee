"""Django's SQLite, whose transactions wait for their turn instead of trying their luck."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from minernews.sqlite3.turns import Queue, TurnNotGiven, queue_for

# What is extended here the type stubs do not know.
_DjangosOwn: Any = base.DatabaseWrapper


class DatabaseWrapper(_DjangosOwn):  # type: ignore[misc]
    """One that writes from the beginning of a transaction (IMMEDIATE) takes a turn for it, and gives it back at its end."""

    _turn: Queue | None = None

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode == "IMMEDIATE" and not self.is_in_memory_db():
            queue = queue_for(str(self.settings_dict["NAME"]))
            try:
                queue.take(float(self.settings_dict["OPTIONS"].get("timeout", 5)))
            except TurnNotGiven:
                raise OperationalError("database is locked") from None
            self._turn = queue
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> Any:
        result = super()._commit()
        # One that fails is rolled back next.
        self._give_turn()
        return result

    def _rollback(self) -> Any:
        try:
            return super()._rollback()
        finally:
            self._give_turn()

    def _close(self) -> Any:
        try:
            return super()._close()
        finally:
            self._give_turn()

    def others_write(self) -> bool:
        """Whether another process waits to write, or does. Ask between two transactions."""
        return (
            self._turn is None and not self.is_in_memory_db() and queue_for(str(self.settings_dict["NAME"])).is_wanted()
        )

    def _give_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.give()
