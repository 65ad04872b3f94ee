"""What must be true before anything is installed or served: Python, DATA_DIR and the port.

Runs as a script under whatever Python is there, so it imports nothing but the standard library and uses no syntax
newer than Python 3.0: an old interpreter must get as far as the message that says it is too old.
"""

import errno
import os
import socket
import sys
import tempfile

OLDEST = (3, 11)


def python_problem(version: "tuple[int, ...] | None" = None, executable: "str | None" = None) -> "str | None":
    """The sentence that says why this Python will not do, or None."""
    version = tuple(version or sys.version_info[:3])
    if version[:2] < OLDEST:
        return "Python %d.%d or newer is needed, this is %s (%s); name another: make run PYTHON=python3.12" % (
            OLDEST[0],
            OLDEST[1],
            ".".join(str(part) for part in version),
            executable or sys.executable,
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "this Python has no venv module (%s); on Debian and Ubuntu: apt install python3-venv" % sys.executable
    return None


def data_dir_problem(path: object) -> "str | None":
    """The sentence that says why `path` cannot hold the data, or None. Creates the folder when it is missing."""
    path = os.path.abspath(str(path))
    try:
        os.makedirs(path, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        return "DATA_DIR is not writable: %s (%s); name another: make run DATA_DIR=/some/folder" % (
            path,
            error.strerror or error,
        )
    return None


def port_problem(host: str, port: object) -> "str | None":
    """The sentence that says why the site cannot listen on host:port, or None."""
    if not (str(port).isdigit() and 0 < int(str(port)) < 65536):
        return "PORT must be a number from 1 to 65535, not %r" % (port,)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(str(port))))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "port %s on %s is in use; choose another with PORT=%d" % (port, host, int(str(port)) + 1)
            return "cannot listen on %s port %s: %s" % (host, port, error.strerror or error)
    return None


def main(arguments: "list[str]") -> int:
    problem = python_problem()
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    # A .env may name another place and port; the settings read it, and `serve` looks again with what they say.
    if problem is None and "run" in arguments and not os.path.exists(os.path.join(here, ".env")):
        problem = data_dir_problem(os.environ.get("DATA_DIR") or os.path.join(here, "var"))
        if problem is None:
            problem = port_problem(os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000")
    if problem:
        sys.stderr.write("minernews: %s\n" % problem)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
