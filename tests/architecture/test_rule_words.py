"""A rule that can refuse a row has words for whoever must mend it."""

import re
from pathlib import Path

from dashboards import wording

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "dbt_project" / "models"


def rules_in_force() -> set[str]:
    """Return every rule code that a parsed or checked model names."""
    sql = "\n".join(
        path.read_text(encoding="utf-8")
        for layer in ("parsed", "checked")
        for path in (MODELS / layer).glob("*.sql")
    )
    return set(re.findall(r"'([A-F][0-9]{2})(?= |')", sql)) | set(
        re.findall(r"'(AW[0-9]) ", sql)
    )


def test_every_rule_has_words_on_the_pages_and_in_the_handbook() -> None:
    rules = rules_in_force()
    handbook = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")

    assert len(rules) > 30
    assert sorted(rules - set(wording.RULES)) == []
    assert sorted(set(wording.RULES) - rules) == []
    assert [rule for rule in sorted(rules) if not told(rule, handbook)] == []


def told(rule: str, handbook: str) -> bool:
    """Say whether the handbook names a rule, by itself or within a row of them."""
    if rule in handbook:
        return True
    ranges = re.findall(r"([A-F])(\d\d)–[A-F](\d\d)", handbook)
    return any(
        rule[0] == letter and int(first) <= int(rule[1:]) <= int(last)
        for letter, first, last in ranges
    )
