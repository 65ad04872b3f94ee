"""import_companies FILE: companies, their names, and analyst firms from a TOML catalogue."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from companies.catalogue import BadCatalogue, read_catalogue
from companies.importer import import_catalogue
from sources.database import require_tables
from sources.encoding import UnreadableText, decode


class Command(BaseCommand):
    help = "Imports companies, their names and analyst firms from a TOML file; all of it goes in, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--overwrite", action="store_true", help="replace values that are there already")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        require_tables()
        try:
            catalogue = read_catalogue(decode(Path(options["file"]).read_bytes()))
            counts = import_catalogue(catalogue, options["dry_run"], options["overwrite"])
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        except (BadCatalogue, UnreadableText) as error:
            raise CommandError(f"{options['file']}: {error}") from None
        self.stdout.write(
            f"created {counts['created']}, updated {counts['updated']}, unchanged {counts['unchanged']}, "
            f"conflicts 0, failed 0" + (" (dry run: nothing was saved)" if options["dry_run"] else "")
        )
