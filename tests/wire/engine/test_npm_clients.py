"""The npm socket.io-client and engine.io-client, over polling, WebSocket and the upgrade from one to the other."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.wire.engine.echo import Echo

FOLDER = Path(__file__).parents[1] / "node"
TOOLS = Path(__file__).parents[3] / ".tools" / "bin"
WAYS = [
    ("polling", "polling", "polling"),
    ("websocket", "websocket", "websocket"),
    ("polling,websocket", "polling", "websocket"),
]


async def _play(script: str, echo: Echo, transports: str) -> dict[str, Any]:
    story = await asyncio.create_subprocess_exec(
        "node",
        script,
        f"http://127.0.0.1:{echo.port}",
        transports,
        cwd=FOLDER,
        env={**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(60):
            output, errors = await story.communicate()
    finally:
        if story.returncode is None:
            story.kill()
            await story.wait()
    assert story.returncode == 0, errors.decode()
    seen: dict[str, Any] = json.loads(output)
    return seen


@pytest.mark.parametrize(("transports", "began", "ended"), WAYS)
async def test_socket_io_client(frequent_pings: Echo, transports: str, began: str, ended: str) -> None:
    """Texts, attachments, large messages, acknowledgements both ways, namespaces, pings, being sent away."""
    seen = await _play("talk.mjs", frequent_pings, transports)
    some = {"hex": "0001feff"}
    assert seen == {
        "began": began,
        "ended": ended,
        "auth": [{"token": "123"}],
        "inOrder": True,
        "texts": ["ñandú 🌎", {"deep": [None, 1.5, ""]}],
        "binary": ["two", some, [{"hex": ""}]],
        "large": [True, True],
        "ack": "once",
        "binaryAck": "0001feff",
        "answered": ["how many?", some],
        "customAuth": [{"token": "abc"}],
        "refusal": "Invalid namespace",
        "reason": "io server disconnect",
        "customStays": True,
        "left": "io client disconnect",
    }


@pytest.mark.parametrize(("transports", "began", "ended"), WAYS)
async def test_engine_io_client(frequent_pings: Echo, transports: str, began: str, ended: str) -> None:
    """Texts, bytes, large messages, all in order through the upgrade; pings; a close by either side."""
    seen = await _play("engine.mjs", frequent_pings, transports)
    assert seen == {
        "began": began,
        "ended": ended,
        "inOrder": True,
        "same": [True, True],
        "reason": "transport close",
        "own": "forced close",
    }
