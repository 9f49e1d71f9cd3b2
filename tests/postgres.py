"""A real PostgreSQL server for the tests, started in a temporary folder and gone with it."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


def find_binaries() -> Path | None:
    """Give the folder of initdb and pg_ctl, or None where no server is installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    folders = [
        path for pattern in _FOLDERS for path in Path("/").glob(pattern[1:]) if (path / "initdb").exists()
    ]
    return max(folders, key=lambda path: path.parent.name, default=None)


def _as_server_user() -> list[str]:
    """PostgreSQL refuses to run as root: become the packaged user, or nobody."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise RuntimeError("no user to run PostgreSQL as")


@contextmanager
def running_server(binaries: Path) -> Iterator[str]:
    """Give the URL prefix of a fresh server that listens on a socket in its own folder only."""
    prefix = _as_server_user()
    with tempfile.TemporaryDirectory(prefix="dpg", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if prefix:
            shutil.chown(folder, *(int(part.split("=")[1]) for part in prefix[1:3]))
        data = folder / "data"

        def call(*command: str) -> None:
            subprocess.run([*prefix, *command], check=True, capture_output=True, cwd=folder, timeout=120)

        call(str(binaries / "initdb"), "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=50"
        call(
            *(
                str(binaries / "pg_ctl"),
                "-D",
                str(data),
                "-w",
                "-l",
                str(folder / "log"),
                "-o",
                options,
                "start",
            )
        )
        try:
            yield f"postgresql+psycopg://tester@/%s?host={folder}"
        finally:
            call(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")


def new_database(server: str) -> str:
    """Make an empty database on the server and give its URL."""
    import psycopg

    name = f"d{uuid.uuid4().hex[:12]}"
    plain = (server % "postgres").replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server % name
