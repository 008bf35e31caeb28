"""The npm socket.io-client, as browsers use it, over polling, WebSocket and the upgrade from one to the other."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import Server

FOLDER = Path(__file__).parent / "node"
TOOLS = Path(__file__).parents[2] / ".tools" / "bin"


async def _play(server: Server, transports: str) -> dict[str, Any]:
    token = await server.token("ana")
    environment = {**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}"}
    story = await asyncio.create_subprocess_exec(
        "node",
        "story.mjs",
        server.url,
        token,
        transports,
        cwd=FOLDER,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        output, errors = await story.communicate()
    assert story.returncode == 0, errors.decode()
    seen: dict[str, Any] = json.loads(output)
    return seen


@pytest.mark.parametrize(
    ("transports", "ends_on"), [("websocket", "websocket"), ("polling", "polling"), ("polling,websocket", "websocket")]
)
async def test_the_browsers_client_plays_the_story(live_server: Server, transports: str, ends_on: str) -> None:
    """[D1] [D3] Refusal, ready, join before frames, edit, replay."""
    seen = await _play(live_server, transports)
    assert seen["refused"]["data"] == {"code": "auth.invalid"}
    assert seen["ready"]["user"]["role"] == "agent"
    assert seen["upgraded"] == ends_on
    assert seen["answer"] == {"ok": True, "data": {"version": seen["joined"]["snapshot"]["version"] + 1}}
    assert seen["frame"]["seq"] == seen["joined"]["seq"] + 1
    assert seen["frame"]["data"]["change"]["notes"] == "ñandú 🌎"
    assert seen["frame"]["by"]["name"] == "Ana Quispe"
    assert seen["unknown"]["error"]["code"] == "command.unknown"
    assert seen["replayed"]["recovered"] is True
    assert seen["replayed"]["events"] == [seen["frame"]]
    room = seen["joined"]["room"]
    told = [entry for entry in seen["log"] if entry.get("room") == room]
    assert told[0] == {"ack": "room.join", "room": room}
