"""export_articles DIR: articles back to front-matter files."""

import tempfile
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles import exporter
from articles.fields import read_time
from articles.querysets import ArticleQuerySet
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
        lang, query = options["lang"] or "", options["query"] or ""
        articles = exporter.chosen(lang, since, query)
        target, dry_run = Path(options["target"]), options["dry_run"]
        problems: list[str] = []
        try:
            if target.suffix.lower() == ".zip":
                counts = Counter(created=self.to_zip(articles, target, dry_run, problems))
                counts["failed"] = len(problems)
            else:
                counts = exporter.export_to_folder(
                    articles, target, dry_run, not (lang or since or query), problems.append
                )
        except OSError as error:
            raise CommandError(f"{error.filename or target}: {error.strerror or error}", returncode=1) from None
        if not counts.total():
            self.stdout.write("No articles found.")
        for problem in problems:
            self.stderr.write(problem, self.style.ERROR)
        if dry_run:
            self.stdout.write("Dry run: nothing was written. A real run would have:")
        if counts["removed"]:
            self.stdout.write(
                f"{counts['removed']} files removed that an earlier export wrote for these or gone articles"
            )
        named = [f"{name} {counts[name]}" for name in ("created", "updated", "unchanged")]
        self.stdout.write(f"{', '.join(named)}, conflicts 0, failed {len(problems)}")
        if problems:
            raise CommandError(f"{len(problems)} articles cannot be written as files", returncode=1)

    def to_zip(self, articles: ArticleQuerySet, target: Path, dry_run: bool, problems: list[str]) -> int:
        if not dry_run:
            return exporter.export_to_zip_file(articles, target, problems.append)
        with tempfile.TemporaryFile() as nowhere:
            return exporter.export_to_zip(articles, nowhere, problems.append)
