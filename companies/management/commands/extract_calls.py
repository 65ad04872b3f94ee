"""extract_calls FILE… --json: what the texts say about ratings and targets; touches no table."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from companies.catalogue import BadCatalogue, read_catalogue
from companies.extraction import Extraction, Extractor
from companies.shipped import SHIPPED
from sources.encoding import UnreadableText, decode


class Command(BaseCommand):
    help = "Reads analyst calls, companies and events from text files and prints them. Touches no table."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="one JSON line a file instead of a table")
        parser.add_argument("--companies", metavar="TOML", default=str(SHIPPED), help="the catalogue of names to use")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            extractor = Extractor.of(read_catalogue(Path(options["companies"]).read_text("utf-8")))
        except (OSError, BadCatalogue) as error:
            raise CommandError(f"{options['companies']}: {error}") from None
        failed = 0
        for path in map(Path, options["files"]):
            try:
                extraction = extractor.read(decode(path.read_bytes()))
            except (OSError, UnreadableText) as error:
                failed += 1
                line = f":{error.line}" if isinstance(error, UnreadableText) and error.line else ""
                self.stderr.write(f"{path}{line}: {getattr(error, 'strerror', None) or error}")
                continue
            self.stdout.write(
                json.dumps(extraction.as_record(path.stem), ensure_ascii=False)
                if options["json"]
                else _table(path, extraction)
            )
        if failed:
            raise CommandError(f"{failed} of {len(options['files'])} files failed", returncode=1)


def _table(path: Path, extraction: Extraction) -> str:
    lines = [f"{path}: {len(extraction.calls)} calls, {len(extraction.events)} events"]
    for call in extraction.calls:
        target = f"{call.target:f} {call.currency}" if call.target is not None else "—"
        lines.append(f"  {call.firm:<20} {call.ticker:<6} {call.rating or '—':<18} {target:<12} {call.action}")
    lines += [f"  {event.date} {event.kind} {' '.join(event.tickers)}" for event in extraction.events]
    return "\n".join(lines)
