"""Tests cite rules of docs/SPEC.md; a citation of a rule that isn't there proves nothing."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULE = re.compile(r"\[([PDS]\d+(?:\.\d+)?)\]")


def test_every_cited_rule_is_in_the_spec() -> None:
    spec = (ROOT / "docs" / "SPEC.md").read_text()
    rules = set(RULE.findall(spec)) | set(re.findall(r"\*\*([PDS]\d+\.\d+)\*\*", spec))
    cited = {
        (str(path.relative_to(ROOT)), rule)
        for path in (ROOT / "tests").rglob("*.py")
        for rule in RULE.findall(path.read_text())
    }
    assert {(path, rule) for path, rule in cited if rule not in rules} == set()
