"""A restore from a backup, as docs/OPERATIONS.md says it is done."""

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.support.client import Client
from tests.support.platform import ROOT, embedded
from tests.support.server import ROOMY, Server
from tests.wire.stories import draft, edit


async def _write(folder: Path, room: str, *notes: str) -> dict[str, object]:
    """Ana writes them one after the other; where the room's channel stands for her then."""
    with embedded(folder, **ROOMY) as platform:
        async with Server("sqlite+memory", platform).client("ana") as ana:
            await ana.join(room)
            for note in notes:
                await edit(ana, room, "notes", note)
                await ana.until(partial(_reads, ana, room, note))
            return {"epoch": ana.rooms[room].epoch, "seq": ana.rooms[room].seq}


def _reads(client: Client, room: str, note: str) -> bool:
    return bool(client.rooms[room].view.get("notes") == note)


def _start_channels_anew(folder: Path) -> None:
    command = [sys.executable, "-m", "backend.adapters.db.restored"]
    environment = {**os.environ, "SPIRIT_DATABASE_URL": f"sqlite:///{folder}/spirit.db"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


async def test_no_position_of_before_is_taken_for_one_of_after(tmp_path: Path) -> None:
    """[D1] [D3] Ana saw what the backup does not have; as much was written since, and she gets all of it."""
    data, backup = tmp_path / "data", tmp_path / "backup"
    data.mkdir()
    with embedded(data, **ROOMY) as platform:
        async with Server("sqlite+memory", platform).client("ana") as ana:
            room = f"quotation:{await draft(ana)}"
    await _write(data, room, "kept")
    shutil.copytree(data, backup)
    seen = await _write(data, room, "lost 1", "lost 2")
    shutil.rmtree(data)
    shutil.copytree(backup, data)
    _start_channels_anew(data)
    await _write(data, room, "new 1", "new 2", "new 3")
    with embedded(data, **ROOMY) as platform:
        async with Server("sqlite+memory", platform).client("ana") as ana:
            joined = await ana.join(room, since=seen)
    assert joined["recovered"] is False
    assert joined["snapshot"]["notes"] == "new 3"
