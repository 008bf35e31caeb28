"""The broker on aioredis-cluster: the same suite, in an environment of its own, since it wants an older hiredis."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALLED = ".tools/aioredis-cluster/.installed"
FOLDER = "tests/contract/broker"
SUITE = [f"{FOLDER}/test_{name}.py" for name in ("append", "buckets", "keeping", "presence", "publish")]
TROUBLE = "killed_master or gives_way or moves or half_moved or frozen_master_is_served"


@pytest.mark.timeout(600)  # it may have to install the environment
def test_the_broker_on_aioredis_cluster_passes_the_suite() -> None:
    """[D1] [D2] [D3] On a Redis Cluster, on both loops."""
    subprocess.run(["make", "-s", INSTALLED], cwd=ROOT, check=True)
    python = ROOT / Path(INSTALLED).parent / "bin" / "python"
    for asked in (SUITE, [f"{FOLDER}/test_cluster_trouble.py", "-k", f"uvloop and ({TROUBLE})"]):
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *asked]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-1_000:]
