"""The secret key of an installation: made once, kept in DATA_DIR, readable by its owner alone."""

import os
import secrets
from pathlib import Path


def read_or_create(path: Path) -> str:
    """The key in `path`; when there is none, a new one is written there with mode 600.

    Two processes starting together end up with the same key: the file appears under its name in one step, and whoever
    comes second reads it. Raises OSError when the folder cannot be written.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> str:
    key = path.read_text("ascii").strip()
    if len(key) < 50:
        raise ValueError(f"{path} holds no usable key: delete the file to have a new one made")
    return key
