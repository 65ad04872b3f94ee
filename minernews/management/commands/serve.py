"""serve: makes the installation ready, whatever is missing, and serves the site. What `make run` runs."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from minernews import first_run, preflight
from minernews.supervising import supervise
from sources.database import require_connection


class Command(BaseCommand):
    help = "Migrates, collects static files, imports the samples the first time, and serves the site with granian."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="get everything ready, serve nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        problem = preflight.data_dir_problem(settings.DATA_DIR)
        if not options["prepare_only"]:
            problem = problem or preflight.port_problem(settings.HOST, settings.PORT)
        if problem:
            raise CommandError(problem)
        require_connection()
        self.check()
        call_command("migrate", verbosity=0, interactive=False)
        first_run.collect_static_files()
        address = f"http://{settings.HOST}:{settings.PORT}"
        password = first_run.create_administrator()
        if password:
            self.stdout.write(f"Admin  user {first_run.ADMINISTRATOR}, password {password} (shown this once)")
            self.stdout.flush()
        if first_run.is_new():
            self.stdout.write("First run: importing the samples …")
            self.stdout.write(first_run.import_samples())
        self.stdout.write(f"Site   {address}/")
        self.stdout.write(f"Admin  {address}/admin/")
        self.stdout.flush()
        if not options["prepare_only"]:
            code = supervise(
                [sys.executable, *self.server()], [sys.executable, *self.worker()], lambda word: self.stderr.write(word)
            )
            if code:
                raise CommandError(f"the server ended with {code}", returncode=code)

    def worker(self) -> list[str]:
        """The background worker, which ends with this process, however that ends."""
        return [str(settings.BASE_DIR / "manage.py"), "work", "--parent", str(os.getpid()), "--verbosity", "0"]

    def server(self) -> list[str]:
        """granian, one worker process: SQLite has one writer, and threads answer the readers."""
        settled = ["--interface", "wsgi", "--host", settings.HOST, "--port", settings.PORT]
        return [
            "-m",
            "granian",
            *settled,
            "--blocking-threads",
            "4",
            "--log-level",
            "warning",
            "minernews.wsgi:application",
        ]
