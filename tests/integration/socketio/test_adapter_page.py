"""The application of docs/ADAPTER.md as two processes, its worker as a third, and npm's and Python's clients."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import socketio

from tests.fixtures.redis import RedisServer
from tests.support.balancer import balanced
from tests.support.net import free_port
from tests.support.platform import ROOT, child
from tests.support.wait import until
from tests.wire.engine.echo import wait_ready

NODE = ROOT / "tests" / "wire" / "node"
TOOLS = ROOT / ".tools" / "bin"


@dataclass
class Application:
    """Two nodes of the page's application, and how to run its worker."""

    ports: list[int]
    processes: list["subprocess.Popen[bytes]"]
    emit: list[str]

    async def worker(self) -> None:
        worker = await asyncio.create_subprocess_exec(*self.emit, env=_environment())
        assert await worker.wait() == 0


@pytest.fixture
def application(redis_server: RedisServer, tmp_path: Path) -> Iterator[Application]:
    node, emitter = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "ADAPTER.md").read_text(), re.DOTALL)
    (tmp_path / "node.py").write_text(node)
    (tmp_path / "emit.py").write_text(emitter)
    ports, processes = [free_port(), free_port()], []
    with ExitStack() as kept:
        for port in ports:
            command = [sys.executable, str(tmp_path / "node.py"), str(port), redis_server.url, "a secret of all nodes"]
            log = tmp_path / f"{port}.log"
            process = kept.enter_context(child(command, environment=_environment(), log=log))
            wait_ready(port, process, log)
            processes.append(process)
        yield Application(ports, processes, [sys.executable, str(tmp_path / "emit.py"), redis_server.url])


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{TOOLS}:{os.environ['PATH']}"}


@pytest.mark.parametrize("transports", ["polling", "websocket"])
async def test_npm_clients_on_two_nodes(application: Application, transports: str) -> None:
    urls = [f"http://127.0.0.1:{port}" for port in application.ports]
    story = await asyncio.create_subprocess_exec(
        "node",
        "across.mjs",
        *urls,
        transports,
        cwd=NODE,
        env=_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert story.stdout is not None
    assert story.stderr is not None
    try:
        async with asyncio.timeout(60):
            assert await story.stderr.readline() == b"ready\n", await story.stderr.read()
            await application.worker()
            seen = json.loads(await story.stdout.read())
    finally:
        if story.returncode is None:
            story.kill()
            await story.wait()
    assert seen == {
        "text": "ñandú",
        "bytes": "00ff",
        "answer": "really? indeed",
        "told": ["from a worker", "from a worker"],
        "reason": "io server disconnect",
    }


@pytest.mark.parametrize("transports", [["polling"], ["polling", "websocket"]])
async def test_python_clients_on_any_node(application: Application, transports: list[str]) -> None:
    """Behind a balancer without sticky sessions; one node is killed, and its clients go on by the other."""
    async with balanced(application.ports) as port:
        clients = [socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.1) for _ in range(4)]
        heard: list[list[str]] = [[] for _ in clients]
        for client, said in zip(clients, heard, strict=True):
            client.on("said", said.append)
            client.on("question", lambda question: question)
            client.on("connect", _joining(client))
            await client.connect(f"http://127.0.0.1:{port}", transports=transports)
        await _talk(clients, heard, "before")
        for asked in clients:
            assert await clients[0].call("ask", (asked.get_sid(), "who?")) == "who?"
        application.processes[0].kill()
        await until(lambda: _all_hear(clients[-1], clients, heard), within=30, what="all are back")
        await _talk(clients, heard, "after")
        for client in clients:
            await client.disconnect()


def _joining(client: socketio.AsyncClient) -> object:
    async def join() -> None:
        await client.emit("join", "lobby")

    return join


async def _talk(clients: list[socketio.AsyncClient], heard: list[list[str]], word: str) -> None:
    """Each says something, which all others hear once."""
    for client in clients:
        await client.call("join", "lobby")
    for number, client in enumerate(clients):
        await client.call("say", ("lobby", f"{word} {number}"))
    for number, said in enumerate(heard):
        expected = [f"{word} {other}" for other in range(len(clients)) if other != number]
        await until(partial(_heard, said, word, expected), what=f"{expected}")


def _heard(said: list[str], word: str, expected: list[str]) -> bool:
    return [text for text in said if text.startswith(word)] == expected


async def _all_hear(speaker: socketio.AsyncClient, clients: list[socketio.AsyncClient], heard: list[list[str]]) -> bool:
    try:
        for client in clients:
            await client.call("join", "lobby", timeout=2)
        await speaker.call("say", ("lobby", "there?"), timeout=2)
    except (socketio.exceptions.TimeoutError, socketio.exceptions.BadNamespaceError):
        return False
    return all("there?" in said for said, client in zip(heard, clients, strict=True) if client is not speaker)
