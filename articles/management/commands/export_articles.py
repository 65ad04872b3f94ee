"""export_articles DIR: articles back to front-matter files."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles import exporter
from articles.fields import read_time
from sources.database import require_tables


class Command(BaseCommand):
    help = (
        "Writes articles as the files they came from, into a folder or a .zip; what was changed here is changed there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", metavar="DIR", help="a folder, created if need be, or the name of a .zip")
        parser.add_argument("--lang", choices=[code for code, _ in settings.LANGUAGES], help="only this language")
        parser.add_argument("--since", metavar="DATE", help="only what was published, or changed here, since (UTC)")
        parser.add_argument("--query", metavar="WORDS", help="only what the site's search finds")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        require_tables()
        try:
            since = read_time(options["since"]) if options["since"] else None
        except ValueError:
            raise CommandError(f"--since must be a date like 2026-02-06, not {options['since']!r}") from None
        articles = exporter.chosen(options["lang"] or "", since, options["query"] or "")
        target = Path(options["target"])
        try:
            if target.suffix.lower() == ".zip":
                created = articles.count() if options["dry_run"] else exporter.export_to_zip_file(articles, target)
                counts = {"created": created}
            else:
                counts = dict(exporter.export_to_folder(articles, target, options["dry_run"]))
        except OSError as error:
            raise CommandError(f"{error.filename or target}: {error.strerror or error}", returncode=1) from None
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written. A real run would have:")
        named = [f"{name} {counts.get(name, 0)}" for name in ("created", "updated", "unchanged")]
        self.stdout.write(f"{', '.join(named)}, conflicts 0, failed 0")
