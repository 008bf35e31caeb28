"""Workflows inside `make run`, and nowhere near a node."""

import signal
import subprocess
import sys
from pathlib import Path

from backend.adapters.db import open_database
from backend.services.ports import Database
from tests.integration.workflows.crew import Crew
from tests.support.platform import embedded

MINUTE = 60


async def test_workflows_survive_a_restart(tmp_path: Path) -> None:
    """[D2.7] What was begun and not done is done by the next process; Ctrl-C ends the first in order."""
    with embedded(tmp_path) as platform:
        database = await _opened(tmp_path)
        await Crew(database, tmp_path, {}).reaches("housekeeping", "waiting")
        platform.web.send_signal(signal.SIGINT)
        assert platform.web.wait(MINUTE) == 0
        flow = await Crew(database, tmp_path, {}).begin("quotation", quotation_id="none")
        await database.close()
    assert (tmp_path / "workflows.db").exists()
    with embedded(tmp_path):
        database = await _opened(tmp_path)
        await Crew(database, tmp_path, {}).reaches(flow, "done")
        await database.close()


def test_no_node_loads_the_engine() -> None:
    """It would take 25 MB of each."""
    loaded = "{'dbos', 'croniter', 'psycopg', 'workers.workflows.engine'} & sys.modules.keys()"
    program = f"import realtime.app, realtime.node, workers.__main__, sys; sys.exit(bool({loaded}))"
    assert subprocess.run([sys.executable, "-c", program], timeout=MINUTE).returncode == 0


async def _opened(folder: Path) -> Database:
    database = open_database(f"sqlite:///{folder}/spirit.db")
    await database.start()
    return database
