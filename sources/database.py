"""A database that commands can work with, or one clear line about why not."""

from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor


def require_connection() -> None:
    """Raises CommandError when the database cannot be reached."""
    try:
        connections[DEFAULT_DB_ALIAS].ensure_connection()
    except OperationalError as error:
        reason = str(error).splitlines()[0]
        # SQLite says no more than this when there is not one byte left to begin a transaction with.
        hint = "; is the disk full?" if "disk" in reason.lower() else ""
        raise CommandError(f"the database cannot be reached: {reason}{hint}") from None


def require_tables() -> None:
    """Raises CommandError when the database cannot be reached or has not been migrated."""
    require_connection()
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        name = connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]
        raise CommandError(
            f"the database {name} is not up to date: run manage.py migrate, or give the DATA_DIR that make run was given"
        )
