"""What is made from the server's schemas is what it was made from."""

from pathlib import Path

from scripts import browser_types

KEPT = Path("web/src/generated")


def test_the_browser_apps_types_are_current(tmp_path: Path) -> None:
    """Of REST and of the live protocol; whoever changes a schema sees in the pages' types what it breaks."""
    browser_types.write(tmp_path)
    made = {file.name: file.read_text() for file in tmp_path.iterdir()}
    kept = {file.name: file.read_text() for file in KEPT.iterdir()}
    assert made == kept, "run: make types"
