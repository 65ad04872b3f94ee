"""import_seeds PATH…: files and folders into articles and documents."""

import json
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from articles import importer
from articles.collecting import collect
from companies.shipped import import_shipped_if_empty
from sources.database import require_tables


class Command(BaseCommand):
    help = "Imports any mix of files and folders: front matter becomes articles, plain text documents with their calls."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--accept-calls", action="store_true", help="accept the calls and events that are read")
        parser.add_argument("--accept-theirs", action="store_true", help="settle conflicts in favour of the files")
        parser.add_argument("--report", metavar="FILE", help="write one JSON line a file")

    def handle(self, *args: Any, **options: Any) -> None:
        require_tables()
        if options["report"]:
            try:
                Path(options["report"]).touch()
            except OSError as error:
                raise CommandError(f"--report {options['report']}: {error.strerror}") from None
        self.verbosity = options["verbosity"]
        with transaction.atomic() if options["dry_run"] else nullcontext():
            loaded = import_shipped_if_empty()
            if loaded:
                self.stdout.write(loaded)
            chosen = importer.ImportOptions(options["accept_calls"], options["accept_theirs"], options["dry_run"])
            report = importer.import_files(collect(options["paths"]), chosen, timezone.now(), self.say)
            if options["dry_run"]:
                transaction.set_rollback(True)
            else:
                names = ("paths", "accept_calls", "accept_theirs")
                importer.record(report, timezone.now(), {name: options[name] for name in names})
        if options["report"]:
            lines = [json.dumps(item.as_record(), ensure_ascii=False) + "\n" for item in report.items]
            Path(options["report"]).write_text("".join(lines), encoding="utf-8")
        if not report.items:
            self.stdout.write("No files found.")
        elif report.counts()["unchanged"] == len(report.items):
            self.stdout.write("Nothing changed.")
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was saved. A real run would have:")
        self.stdout.write(report.summary())
        if report.failed:
            raise CommandError(f"{len(report.failed)} of {len(report.items)} files failed", returncode=1)

    def say(self, item: importer.Item) -> None:
        place = f"{item.path}:{item.line}" if item.line else item.path
        if item.outcome == "failed":
            self.stderr.write(f"{place}: {item.reason}", self.style.ERROR)
            return
        for warning in item.warnings:
            self.stderr.write(f"{item.path}: {warning}", self.style.WARNING)
        if item.outcome != "unchanged" and self.verbosity:
            self.stdout.write(f"{item.outcome} {item.kind} {item.path}: {item.note}")
            for repair in item.repairs:
                self.stdout.write(f"  encoding repaired in {repair['field'] or 'line ' + str(repair['line'])}")
            for difference in item.differences:
                word = "conflict in" if difference["conflict"] else "changed"
                self.stdout.write(f"  {word} {difference['field']}: {_short(difference)}")


def _short(difference: dict[str, Any]) -> str:
    def cut(value: Any) -> str:
        text = json.dumps(value, ensure_ascii=False)
        return text if len(text) <= 60 else text[:59] + "…"

    parts = [f"here {cut(difference['ours'])}", f"file {cut(difference['theirs'])}"]
    return ", ".join([f"before {cut(difference['base'])}", *parts] if difference["conflict"] else parts)
