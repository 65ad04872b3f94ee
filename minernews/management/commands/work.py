"""work: the background worker, which reads and imports what was uploaded in the admin. `serve` starts it by itself."""

import logging
import os
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from articles import uploads
from articles.tasks import import_uploads, preview_uploads
from articles.workers import fail_abandoned, new_worker_id
from sources.database import require_tables

logger = logging.getLogger(__name__)
_PATIENCE = 10


class Command(BaseCommand):
    help = "Runs the background worker: previews and imports of what was uploaded in the admin."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--parent", type=int, metavar="PID", help="end when this process, which started it, ends")
        parser.add_argument("--once", action="store_true", help="do what waits, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        require_tables()
        if options["parent"]:
            threading.Thread(target=_end_with_parent, args=[options["parent"]], daemon=True).start()
        take_up_interrupted()
        worker = _worker(options["once"])
        worker.configure_signals()
        while True:
            try:
                worker.run()
                return
            except OperationalError as error:
                # The database was busy for longer than one waits, or is being restarted.
                logger.warning("the worker begins again: %s", error)
                close_old_connections()
                time.sleep(1)


def take_up_interrupted() -> int:
    """Queues again what a killed worker left half-way; an import goes on where it was. Gives how many runs.

    A run that another worker is busy with, or whose task still waits, is queued in vain: when its turn comes, none of
    its uploads is left.
    """
    fail_abandoned()
    imports, previews = uploads.interrupted()
    for run in imports:
        import_uploads.enqueue(run.pk)
    for run in previews:
        preview_uploads.enqueue(run.pk)
    return len(imports) + len(previews)


def _worker(once: bool) -> Worker:
    return Worker(
        queue_names=["default"],
        excluded_queue_names=[],
        interval=1,
        batch=once,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=new_worker_id(),
    )


def _end_with_parent(parent: int) -> None:
    """The site was stopped or killed: the worker finishes nothing for it. An import that it is in goes on next time."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE)
    os._exit(1)
