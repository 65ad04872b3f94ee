#!/usr/bin/env python3
"""Runs minernews' management commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minernews.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("minernews: Django is not installed for this Python; run `make setup` and use .venv/bin/python")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"minernews: {error}")


if __name__ == "__main__":
    main()
