"""Eight editors save articles in the admin without a pause while files are imported into the same database.

writers.py [--files 5000] [--writers 8]. Each editor saves articles of their own, some that all of them edit, and the one
that was imported last. Exits 1 if any save fails, or a save that the admin confirmed is not in the database.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import corpus
from form_filling import complaints, values_of
from workbench import Database, Databases, databases, on_postgresql, print_table

PRESENT = 120  # articles before the import
SHARED = 4  # of them, those that all editors change
SLOWEST = 3.0


@dataclass
class Editor:
    """One thread's saves: `confirmed` holds (article, description) of those that the admin said it had made."""

    number: int
    own: list[int]
    shared: list[int]
    confirmed: list[tuple[int, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    errors: list[str] = field(default_factory=list)

    def work(self, over: threading.Event) -> None:
        from django.contrib.auth.models import User
        from django.db import connection
        from django.test import Client

        draw = random.Random(self.number)
        client = Client()
        try:
            client.force_login(User.objects.get(username=f"editor{self.number}"))
            while not over.is_set():
                self._save(client, draw)
        except Exception as error:  # noqa: BLE001 - any at all is what is looked for
            self.errors.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def _save(self, client: Any, draw: random.Random) -> None:
        from django.db import close_old_connections

        from articles.models import Article

        chosen = draw.random()
        if chosen < 0.5:
            article = draw.choice(self.own)
        elif chosen < 0.8:
            article = draw.choice(self.shared)
        else:
            article = Article.objects.order_by("-pk").values_list("pk", flat=True)[0]
        address = f"/admin/articles/article/{article}/change/"
        page = client.get(address)
        # As in production, where a connection lives as long as a request, or a minute.
        close_old_connections()
        if page.status_code != 200:
            self.errors.append(f"{address}: {page.status_code}")
            return
        values = values_of(page.content.decode(), "article_form")
        text = f"Editor {self.number}, save {len(self.seconds) + 1}."
        values["description"] = [text]
        if draw.random() < 0.5:
            values["title"] = [f"{values['title'][0].partition(' (edited')[0][:200]} (edited by {self.number})"]
        begun = time.perf_counter()
        answer = client.post(address, {**values, "_save": "Save"})
        self.seconds.append(time.perf_counter() - begun)
        close_old_connections()
        if answer.status_code == 302:
            self.confirmed.append((article, text))
        elif answer.status_code == 200 and article not in self.own:
            self.refused += 1  # somebody else was faster, and the form says so
        else:
            self.errors.append(f"{address}: {answer.status_code} {complaints(answer.content.decode())[:3]}")


def prepare(made: Databases, writers: int) -> Database:
    """A database with some articles and an account for each editor; this process's Django is turned to it."""
    database = made.with_catalogue(made.migrated())
    done = database.manage("import_seeds", *corpus.write(made.folder / "present", PRESENT, seed=1))
    if done.returncode:
        raise SystemExit(done.stderr)
    os.environ.update(database.environment())
    import django
    from django.conf import settings

    django.setup()
    # The names of collected static files come from a manifest that only collectstatic writes.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from django.contrib.auth.models import User
    from django.db import connection

    for number in range(writers):
        User.objects.create_superuser(f"editor{number}")
    connection.close()
    return database


def editors_of(count: int) -> list[Editor]:
    from articles.models import Article

    articles = list(Article.objects.order_by("pk").values_list("pk", flat=True))
    shared, rest = articles[:SHARED], articles[SHARED:]
    return [Editor(number, rest[number::count], shared) for number in range(count)]


def import_with(
    database: Database, folder: Any, editors: list[Editor]
) -> tuple[float, subprocess.CompletedProcess[str]]:
    """Imports in another process while `editors` save; gives its seconds."""
    over = threading.Event()
    threads = [threading.Thread(target=editor.work, args=[over]) for editor in editors]
    for thread in threads:
        thread.start()
    begun = time.monotonic()
    done = database.manage("import_seeds", folder)
    seconds = time.monotonic() - begun
    over.set()
    for thread in threads:
        thread.join()
    return seconds, done


def lost(editors: list[Editor]) -> list[str]:
    """Confirmed saves of which there is no revision, and articles that do not say what their only editor said last."""
    from articles.models import Article
    from articles.revisions import HistoricalArticle

    revisions = set(
        HistoricalArticle.objects.filter(description__startswith="Editor ").values_list("id", "description")
    )
    wrong = [
        f"no revision of article {pk}: {text}"
        for e in editors
        for pk, text in e.confirmed
        if (pk, text) not in revisions
    ]
    now = dict(Article.objects.values_list("pk", "description"))
    for editor in editors:
        last = {pk: text for pk, text in editor.confirmed if pk in editor.own}
        wrong += [f"article {pk} says {now[pk]!r}, not {text!r}" for pk, text in last.items() if now[pk] != text]
    return wrong


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--writers", type=int, default=8)
    options = parser.parse_args(arguments)
    with databases() as made:
        database = prepare(made, options.writers)
        folder = made.folder / "corpus"
        corpus.write(folder, options.files)
        alone_in = made.copy(database)
        alone, done = import_with(alone_in, folder, [])
        made.drop(alone_in)
        beside, done_beside = import_with(database, folder, editors := editors_of(options.writers))
        problems = [error for editor in editors for error in editor.errors] + lost(editors)
        for one in (done, done_beside):
            problems += [one.stderr] if one.returncode or "Traceback" in one.stderr else []
        from django.db import connection

        from articles.models import Article

        there = Article.objects.count()
        connection.close()
    saves = sorted(second for editor in editors for second in editor.seconds)
    if not saves:
        problems.append("nobody saved anything")
        saves = [0.0]
    print(f"{options.files:,} files, {options.writers} editors, {'PostgreSQL' if on_postgresql() else 'SQLite'}\n")
    print_table(
        ("", "seconds", "files/s"),
        [
            ("import alone", f"{alone:.1f}", f"{options.files / alone:,.0f}"),
            ("import beside the editors", f"{beside:.1f}", f"{options.files / beside:,.0f}"),
        ],
    )
    refused = sum(editor.refused for editor in editors)
    print(f"\n{len(saves)} saves, {len(saves) / beside:.1f} a second; {refused} refused because others were faster")
    print(f"median {median(saves):.2f} s, one in a hundred over {saves[int(len(saves) * 0.99)]:.2f} s")
    print(f"{there:,} articles in the end")
    for problem, count in Counter(problems).most_common(10):
        print(f"PROBLEM ({count} ×): {problem[:1500]}")
    print(f"slowest save {saves[-1]:.2f} s ({'reached' if saves[-1] < SLOWEST else 'missed'}: under {SLOWEST:.0f} s)")
    print(f"{len(problems)} errors")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
