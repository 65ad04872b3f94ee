"""System checks: a weak setting or a missing piece becomes a message with an id and a hint instead of a traceback."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def cover_hosts_are_names(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"COVER_HOSTS holds {host!r}, which is no host name.",
            hint="Give bare host names, such as images.unsplash.com: no scheme, port, path or wildcard.",
            id="minernews.E001",
        )
        for host in settings.COVER_HOSTS
        if not host or urlsplit(f"//{host}").hostname != host or "*" in host
    ]


@register()
def shipped_catalogue_is_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    from companies.shipped import SHIPPED

    if SHIPPED.is_file():
        return []
    return [
        Warning(
            f"The catalogue of companies is missing: {SHIPPED}",
            hint="Restore samples/companies.toml, or load another with manage.py import_companies.",
            id="companies.W001",
        )
    ]


@register(deploy=True)
def several_processes_share_no_memory(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Locmem is per process: fine for one machine with SQLite, surprising beside PostgreSQL and many workers."""
    backend = settings.CACHES["default"]["BACKEND"]
    engine = str(settings.DATABASES["default"]["ENGINE"])
    if backend.endswith("LocMemCache") and not engine.endswith("sqlite3"):
        return [
            Warning(
                "Each process keeps a cache of its own.",
                hint="Set CACHE_URL to a Redis, such as redis://127.0.0.1:6379/0.",
                id="minernews.W002",
            )
        ]
    return []
