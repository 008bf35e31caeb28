"""PostgreSQL and Redis as `make up` runs them: on free ports of this machine, their data below one folder."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtests.redis_cluster import HOST, Member, NotFormed, Refused, form, options
from loadtests.servers import free_port
from scripts.up.keeper import Failed, Job

NODE_TIMEOUT = 2.0
"""Seconds until the other members of the cluster agree that one has failed."""
_POSTGRES = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
_DATABASE_USER = "spirit"


def postgres(folder: Path, environment: Mapping[str, str]) -> tuple[Job, str]:
    """The server, made at the first time, and its database's URL. As root it runs as Debian's user `postgres`.

    Raises:
        Failed: it is not installed, or its user cannot enter the folder.
    """
    programs = _postgres_programs()
    user = "postgres" if os.geteuid() == 0 else None
    data = folder / "postgres"
    if not data.exists():
        data.mkdir(parents=True)
        if user:
            shutil.chown(data, user, user)
    if user and _as(user, "test", "-x", str(data)).returncode:
        raise Failed(f"PostgreSQL's user cannot enter {folder}; choose another folder: make up UP=/var/tmp/spirit")
    if not (data / "PG_VERSION").exists():
        _initdb(programs, data, user)
    port = free_port()
    settings = [f"-c{name}={value}" for name, value in _POSTGRES.items()]
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), *settings]
    job = Job(
        name="postgres",
        command=command,
        environment=environment,
        ready="ready to accept connections",
        ends_with=signal.SIGINT,
        user=user,
    )
    return job, f"postgresql://{_DATABASE_USER}@127.0.0.1:{port}/postgres"


@dataclass(frozen=True)
class Redis:
    """Servers, how they become what `url` names once they run, and that."""

    jobs: Sequence[Job]
    members: Sequence[Member]
    masters: int

    @property
    def url(self) -> str:
        if self.masters == 1:
            return f"redis://{HOST}:{self.members[0].port}/0"
        return "redis+cluster://" + ",".join(f"{HOST}:{member.port}" for member in self.members)

    def form(self) -> None:
        """Makes a cluster of the servers, if there are several. Raises Failed."""
        try:
            if self.masters > 1:
                form(self.members, self.masters)
        except (NotFormed, Refused, OSError) as failure:
            raise Failed(f"Redis formed no cluster: {failure}") from None


def servers_of_redis(folder: Path, masters: int, environment: Mapping[str, str]) -> Redis:
    """A cluster of so many masters with a replica each, or one plain server. Nothing is kept over a restart of all.

    Raises:
        Failed: it is not installed.
    """
    program = shutil.which("redis-server")
    if program is None:
        raise Failed("Redis is not installed: apt-get install redis-server")
    members = [Member(free_port(), free_port()) for _ in range(2 * masters if masters > 1 else 1)]
    jobs = []
    for number, member in enumerate(members, start=1):
        data = folder / f"redis.{number}"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        given = options(member, data, NODE_TIMEOUT) if masters > 1 else _plain(member, data)
        jobs.append(
            Job(
                name=data.name,
                command=[program, *given],
                environment=environment,
                ready="Ready to accept connections",
                ends_with=signal.SIGTERM,
            )
        )
    return Redis(jobs, members, masters)


def _plain(member: Member, data: Path) -> list[str]:
    return ["--port", str(member.port), "--bind", HOST, "--dir", str(data), "--save", "", "--appendonly", "no"]


def _postgres_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda programs: int(programs.parent.name))
    if not found:
        raise Failed("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1]


def _initdb(programs: Path, data: Path, user: str | None) -> None:
    asked = ["--no-locale", "--encoding=UTF8", "--auth=trust", f"--username={_DATABASE_USER}", "-D", str(data)]
    made = _as(user, str(programs / "initdb"), *asked)
    if made.returncode:
        raise Failed(f"PostgreSQL's data could not be made in {data}: {made.stderr.strip().splitlines()[-1:]}")


def _as(user: str | None, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
