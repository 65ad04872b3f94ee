"""The processes that do queued tasks: which of them is gone, and what becomes of the tasks that it left behind.

A worker's id says its machine and the number of its process. A task that is "running" is taken for left behind when that
process is no more, or is the one that asks, which has begun no task yet: after a restart numbers come again. Of another
machine nobody can tell from here, so that a task counts as being done there for a day. Should a worker be wronged by
this, no harm is done: it says itself how its task ended when it ends.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles.import_log import may_live, process

_LONGEST = dt.timedelta(days=1)


class WorkerGone(RuntimeError):
    """What a task failed of whose worker was killed."""


def new_worker_id() -> str:
    return f"{process()} {get_random_string(8)}"


def is_done_now(task: DBTaskResult[..., Any], now: dt.datetime) -> bool:
    """Whether a worker that may be there is busy with the task."""
    if task.status != TaskResultStatus.RUNNING:
        return False
    if task.started_at is not None and now - task.started_at > _LONGEST:
        return False
    described = str(task.worker_ids[-1]).rpartition(" ")[0] if task.worker_ids else ""
    return described != process() and may_live(described)


def fail_abandoned() -> int:
    """Marks as failed what workers that are gone were busy with. For a worker that has not begun yet; gives how many."""
    now = timezone.now()
    abandoned = [task for task in DBTaskResult.objects.running() if not is_done_now(task, now)]
    for task in abandoned:
        task.set_failed(WorkerGone("the worker was killed"))
    return len(abandoned)
