"""What the admin tells of an import: how far it is, whether anybody is at it, and which files want a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles.import_lock import is_locked
from articles.import_log import COUNTED, may_live
from articles.models import ImportItem, ImportRun
from articles.tasks import import_uploads, preview_uploads
from articles.workers import is_done_now

PATIENCE = dt.timedelta(seconds=30)
NO_WORKER = "Nobody has begun with it for a while: the worker (manage.py work) does not seem to run."
NO_COMMAND = "The command that was to do this seems to have ended. Run it again."
UNDER_WAY = (ImportRun.State.READING, ImportRun.State.QUEUED, ImportRun.State.RUNNING)
_DUPLICATE = "possible duplicate"


@dataclass(frozen=True)
class Progress:
    """`done` is None while it cannot be told, `total` while nobody knows; `trouble` says why nothing moves, if so."""

    done: int | None
    total: int | None
    trouble: str = ""


def progress_of(run: ImportRun, now: dt.datetime) -> Progress:
    """How far a run is that is under way."""
    if run.state == ImportRun.State.RUNNING:
        return Progress(sum(getattr(run, name) for name in COUNTED.values()), run.total)
    done = None if run.state == ImportRun.State.READING else 0
    return Progress(done, run.total, _trouble(run, now))


def _trouble(run: ImportRun, now: dt.datetime) -> str:
    if run.process:
        waits = now - run.started_at < PATIENCE or is_locked()
        return "" if waits else NO_COMMAND
    task = _task_of(run)
    if task is not None and task.status == TaskResultStatus.FAILED:
        return f"It failed: {task.traceback.strip().splitlines()[-1]}" if task.traceback.strip() else "It failed."
    since = task.enqueued_at if task else run.started_at
    if now - since < PATIENCE:
        return ""
    # One task at a time: while this one or another is being done, waiting is in order.
    return "" if any(is_done_now(task, now) for task in DBTaskResult.objects.running()) else NO_WORKER


def _task_of(run: ImportRun) -> DBTaskResult[..., Any] | None:
    """The task queued last for a run of uploads."""
    wanted = preview_uploads if run.state == ImportRun.State.READING else import_uploads
    tasks = DBTaskResult.objects.filter(task_path=wanted.module_path, args_kwargs__args=[run.pk])
    found: DBTaskResult[..., Any] | None = tasks.order_by("-enqueued_at").first()
    return found


def was_left(run: ImportRun) -> bool:
    """Whether the run stopped half-way: it says so itself, or the process that was to end it is gone."""
    return run.state == ImportRun.State.INTERRUPTED or (run.state == ImportRun.State.RUNNING and not is_locked())


def is_at_work(run: ImportRun) -> bool:
    """Whether a process that may be there holds on to the run, importing or waiting for its turn with it."""
    if run.state == ImportRun.State.RUNNING:
        return is_locked()
    return run.state == ImportRun.State.QUEUED and bool(run.process) and may_live(run.process)


def can_go_on(run: ImportRun, now: dt.datetime) -> bool:
    """Whether there are uploads left and nobody who would import them: the run stopped, or its task is gone."""
    abandoned = was_left(run)
    if run.state == ImportRun.State.QUEUED and not run.process:
        task = _task_of(run)
        abandoned = task is None or not (task.status == TaskResultStatus.READY or is_done_now(task, now))
    return abandoned and run.items.filter(raw__isnull=False).exists()


def go_on(run: ImportRun, now: dt.datetime) -> bool:
    """Makes a run wait again that has uploads left; False if there is nothing to go on with."""
    if not can_go_on(run, now):
        return False
    stopped = ImportRun.objects.filter(pk=run.pk, state=run.state)
    return bool(stopped.update(state=ImportRun.State.QUEUED, error="", process=""))


def items_in_order(run: ImportRun) -> QuerySet[ImportItem]:
    """The files of a run, those first that want a person: failed, in conflict, possible duplicates."""
    rank = Case(
        When(outcome=ImportItem.Outcome.FAILED, then=0),
        When(outcome=ImportItem.Outcome.CONFLICT, then=1),
        When(_is_duplicate(), then=2),
        default=3,
    )
    return _with_words(run).alias(rank=rank).order_by("rank", "pk")


def items_to_look_at(run: ImportRun) -> QuerySet[ImportItem]:
    wanting = Q(outcome__in=[ImportItem.Outcome.FAILED, ImportItem.Outcome.CONFLICT]) | _is_duplicate()
    found: QuerySet[ImportItem] = items_in_order(run).filter(wanting)
    return found


def possible_duplicates(run: ImportRun) -> int:
    return int(_with_words(run).filter(_is_duplicate()).count())


def _with_words(run: ImportRun) -> QuerySet[ImportItem]:
    found: QuerySet[ImportItem] = run.items.alias(words=Cast("warnings", TextField()))
    return found


def _is_duplicate() -> Q:
    return Q(words__contains=_DUPLICATE)
