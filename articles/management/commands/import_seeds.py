"""import_seeds PATH…: files and folders into articles and documents."""

import json
import os
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, transaction
from django.utils import timezone

from articles import importer
from articles.collecting import collect
from articles.import_lock import ImportLocked
from articles.import_log import Item, RunLog, running
from articles.importing import ImportStopped, hopeless
from articles.options import ImportOptions, Settle
from articles.preparing_pool import ReadersDied
from articles.progress import Progress
from companies.models import Company
from companies.shipped import import_shipped_if_empty
from sources.database import require_tables

_SHOWN, _BEFORE = 60, 20  # characters of a value, and of them those before the difference
_RECORDED = ("paths", "accept_calls", "accept_theirs", "accept_ours", "reread")


class Command(BaseCommand):
    help = "Imports any mix of files and folders: front matter becomes articles, plain text documents with their calls."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder or a .zip")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--accept-calls", action="store_true", help="accept the calls and events that are read")
        sides = parser.add_mutually_exclusive_group()
        sides.add_argument("--accept-theirs", action="store_true", help="settle conflicts in favour of the files")
        sides.add_argument("--accept-ours", action="store_true", help="settle conflicts in favour of the editors")
        parser.add_argument(
            "--reread", action="store_true", help="read files whose size and time are those of their last import, too"
        )
        parser.add_argument("--no-wait", action="store_true", help="give up at once while another import is running")
        parser.add_argument("--report", metavar="FILE", help="write one JSON line a file")

    def handle(self, *args: Any, **options: Any) -> None:
        require_tables()
        self.verbosity, self.dry_run, self.no_wait = options["verbosity"], options["dry_run"], options["no_wait"]
        self.waited, self.settled = False, False
        settle = Settle.THEIRS if options["accept_theirs"] else Settle.OURS if options["accept_ours"] else Settle.ASK
        chosen = ImportOptions(options["accept_calls"], settle, options["reread"], self.dry_run)
        total = sum(1 for _ in collect(options["paths"])) if sys.stderr.isatty() else None
        self.progress = Progress(sys.stderr, time.monotonic, total)
        with ExitStack() as opened:
            if threading.current_thread() is threading.main_thread():
                # Whoever asks politely is heard like Ctrl-C.
                opened.callback(
                    signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, signal.default_int_handler)
                )
            self.report_file = opened.enter_context(_report(options["report"]))
            # A dry run in a database that has no companies yet tries them out as well, and nobody else is there to wait.
            tried = self.dry_run and not Company.objects.exists()
            opened.enter_context(transaction.atomic() if tried else nullcontext())
            try:
                loaded = import_shipped_if_empty()
                if loaded:
                    self.stdout.write(loaded)
                arguments = {name: options[name] for name in _RECORDED}
                report = self.run_import(options["paths"], chosen, arguments)
            except OperationalError as error:
                # Before the first file, or after the last one.
                raise CommandError(hopeless(error) or f"the database failed: {error}", returncode=1) from None
            if tried:
                transaction.set_rollback(True)
        self.sum_up(report)

    def run_import(self, paths: list[str], chosen: ImportOptions, arguments: dict[str, Any]) -> importer.Report:
        now = timezone.now()
        log = None if self.dry_run else RunLog.begin(arguments, now, total=self.progress.total)
        try:
            report = importer.import_files(collect(paths), chosen, now, self.say, log, waiting=self.wait)
        except ImportLocked:
            if log:
                log.run.delete()  # nothing was tried
            raise CommandError("nothing was imported", returncode=1) from None
        except (ImportStopped, ReadersDied, OSError) as error:
            self.progress.clear()
            if log:
                log.interrupted(str(error))
            raise CommandError(f"{error} (after {self.progress.done:,} files)", returncode=1) from None
        except KeyboardInterrupt:
            self.progress.clear()
            hint = "nothing was saved" if self.dry_run else "run it again: it goes on from here"
            raise CommandError(f"stopped after {self.progress.done:,} files; {hint}", returncode=130) from None
        self.progress.clear()
        return report

    def wait(self) -> bool:
        if not self.waited:
            self.waited = True
            run = running()
            who = f" (run {run.pk}, process {run.process}, since {run.started_at:%Y-%m-%d %H:%M} UTC)" if run else ""
            self.stderr.write(f"Another import is running{who}.{'' if self.no_wait else ' Waiting for it …'}")
        return not self.no_wait

    def say(self, item: Item) -> None:
        self.progress.step()
        self.settled = self.settled or bool(item.differences)
        if self.report_file is not None:
            self.report_file.write(json.dumps(item.as_record(), ensure_ascii=False) + "\n")
        if item.outcome == "failed" or item.warnings or item.differences or self.told_in_any_case(item):
            self.progress.clear()
            self.tell(item)

    def told_in_any_case(self, item: Item) -> bool:
        """Of thousands of new files each one's line is noise; of a document its calls are news."""
        return item.outcome != "unchanged" and (self.dry_run or self.verbosity > 1 or item.kind == "document")

    def tell(self, item: Item) -> None:
        if item.outcome == "failed":
            place = f"{item.path}:{item.line}" if item.line else item.path
            self.stderr.write(f"{place}: {item.reason}", self.style.ERROR)
            return
        for warning in item.warnings:
            self.stderr.write(f"{item.path}: {warning}", self.style.WARNING)
        if (item.outcome != "unchanged" or item.differences) and self.verbosity:
            self.stdout.write(f"{item.outcome} {item.kind} {item.path}: {item.note}")
            for repair in item.repairs:
                self.stdout.write(f"  encoding repaired in {repair['field'] or 'line ' + str(repair['line'])}")
            for difference in item.differences:
                self.stdout.write(f"  {_in_words(difference)}")

    def sum_up(self, report: importer.Report) -> None:
        if not report.files:
            self.stdout.write("No files found.")
        elif report.outcomes["unchanged"] == report.files and not self.settled:
            self.stdout.write("Nothing changed.")
        if self.dry_run:
            self.stdout.write("Dry run: nothing was saved. A real run would have:")
        self.stdout.write(report.summary())
        failed = report.outcomes["failed"]
        if failed:
            raise CommandError(f"{failed} of {report.files} files failed", returncode=1)


def _report(name: str | None) -> Any:
    """The file of --report, opened before anything is imported: a name that cannot be written is said at once."""
    if not name:
        return nullcontext()
    try:
        opened: IO[str] = Path(name).open("w", encoding="utf-8")  # noqa: SIM115 - the caller closes it
    except OSError as error:
        raise CommandError(f"--report {name}: {error.strerror}") from None
    return opened


def _in_words(difference: dict[str, Any]) -> str:
    values = [json.dumps(difference[side], ensure_ascii=False) for side in ("base", "ours", "theirs")]
    base, ours, theirs = _around_the_difference(values if difference["conflict"] else ["", *values[1:]])
    if not difference["conflict"]:
        return f"changed {difference['field']}: here {ours}, file {theirs}"
    settled = {"ours": ", settled: here stays", "theirs": ", settled: file taken"}.get(difference["settled"], "")
    return f"conflict in {difference['field']}: before {base}, here {ours}, file {theirs}{settled}"


def _around_the_difference(texts: list[str]) -> list[str]:
    """Long values cut to the place where they part, so that one sees in what they differ."""
    if max(map(len, texts)) <= _SHOWN:
        return texts
    same = len(os.path.commonprefix([text for text in texts if text]))
    first = max(0, same - _BEFORE)

    def cut(text: str) -> str:
        part = text[first : first + _SHOWN]
        return f"{'…' if first and text else ''}{part}{'…' if len(text) > first + _SHOWN else ''}"

    return [cut(text) for text in texts]
