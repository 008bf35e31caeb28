"""Other people's servers (PostgreSQL, Redis) for tests: started fast, never left behind.

A server runs under a shell that reads from a pipe whose other end this process holds. However this process ends,
also by SIGKILL, the kernel closes the pipe; the shell then ends the server and removes its folder. The shell has a
session of its own, so Ctrl-C in the terminal reaches the tests first and they stop what they started in order.

Two signals end a server at once: PostgreSQL heeds QUIT (and would wait for its clients after TERM), Redis heeds TERM
(and ignores QUIT, since a shell starts what is in its background so).
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_WATCH = """
folder=$1; shift; exec 2>/dev/null
"$@" </dev/null >"$folder/log" 2>&1 &
server=$!
read -r _
kill -QUIT $server; kill -TERM $server
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 $server 2>/dev/null || break; sleep 0.1; done
kill -KILL $server
wait $server
rm -rf "$folder"
"""


def unprivileged_user() -> str | None:
    """The user to run as a server that refuses root; None when we aren't root."""
    return "postgres" if os.geteuid() == 0 else None


@contextmanager
def server_folder(name: str, user: str | None = None) -> Iterator[Path]:
    """A short, private temporary folder (its path fits a unix socket's limit), owned by `user`."""
    folder = Path(tempfile.mkdtemp(prefix=f"spirit-{name}-", dir="/tmp"))
    if user is not None:
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str | Path],
    folder: Path,
    ready: Callable[[], bool],
    *,
    user: str | None = None,
    within: float = 30.0,
) -> Iterator[int]:
    """Runs `command` until the block ends, its output in `folder`/log; yields once `ready()` holds.

    Gives the process id of the watching shell. Raises RuntimeError with the log if the server isn't ready in time.
    """
    watcher = subprocess.Popen(
        ["sh", "-c", _WATCH, "watch", folder, *command],
        stdin=subprocess.PIPE,
        cwd=folder,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        start_new_session=True,
    )
    try:
        _wait_ready(ready, folder, within)
        yield watcher.pid
    finally:
        if watcher.stdin is not None:
            watcher.stdin.close()
        watcher.wait(timeout=15)


def _wait_ready(ready: Callable[[], bool], folder: Path, within: float) -> None:
    deadline = time.monotonic() + within
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError(f"server not ready within {within} s:\n{(folder / 'log').read_text()}")
        time.sleep(0.02)
