"""rerender_articles: the HTML of every article made again, and its companies found again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles.rerendering import rerender
from sources.database import require_tables


class Command(BaseCommand):
    help = "Renders every article again and finds its companies again, after the renderer or the names have changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        require_tables()
        counts = rerender(options["dry_run"])
        self.stdout.write(
            f"created 0, updated {counts['updated']}, unchanged {counts['unchanged']}, conflicts 0, failed 0"
            + (" (dry run: nothing was saved)" if options["dry_run"] else "")
        )
