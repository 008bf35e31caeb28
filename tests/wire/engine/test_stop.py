"""The server is stopped while clients are connected. (Node.js' just ends.)"""

import asyncio
import signal
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.wire.engine.echo import PATIENCE, serving
from tests.wire.engine.sessions import opened, polling


async def test_a_stop_tells_everybody(tmp_path: Path) -> None:
    """A WebSocket is closed with 1001, a waiting poll ends, the process too, and its log has no trace."""
    with serving(tmp_path, 25.0, 20.0) as (echo, server):
        async with polling(echo, "/engine.io/") as poller, opened(echo, "/engine.io/") as wire:
            waiting = await poller.waiting()
            server.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                await wire.next()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001
            await waiting
            assert await asyncio.to_thread(server.wait, PATIENCE) in {0, -signal.SIGTERM}
    assert "Traceback" not in (tmp_path / "echo.log").read_text()
