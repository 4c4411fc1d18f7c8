"""Contractors: what no month, however odd, may do to a score or to money."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, pairwise

import pytest
from assessed_contractor import (
    DEFAULT,
    ITEMS,
    MODULES,
    Contractor,
    Found,
    Sheet,
    assess,
    county,
    scheme_rows,
)
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rendered_models import Models

from cityledger.scheme import Scheme

SLACK = 1e-9
HOURS_OF_MAY = 31 * 24
few_examples = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(scope="module", autouse=True)
def _county() -> Iterator[None]:
    yield
    county().close()


@st.composite
def findings(draw: st.DrawFn, module: str) -> Found:
    return Found(
        item=draw(st.sampled_from([item for item in ITEMS if item[:2] == module])),
        quantity=draw(st.sampled_from((0.5, 1, 2, 3, 20))),
        rectified_after=draw(st.sampled_from((None, 1, 23, 30, 400))),
    )


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    modules = draw(st.sets(st.sampled_from(MODULES), min_size=1, max_size=3))
    found = st.sampled_from(sorted(modules)).flatmap(findings)
    return Sheet(
        hour=draw(st.integers(0, HOURS_OF_MAY - 1)),
        modules=tuple(sorted(modules)),
        found=tuple(draw(st.lists(found, max_size=3))),
        kind=draw(st.sampled_from(("DAILY", "DAILY", "DAILY", "JOINT"))),
        place=draw(st.sampled_from(("人民路", "上庸街"))),
        status=draw(st.sampled_from(("已确认", "已确认", "申诉中", "已撤销"))),
    )


@st.composite
def contractors(draw: st.DrawFn, least: int = 0) -> Contractor:
    return Contractor(
        sheets=tuple(draw(st.lists(sheets(), min_size=least, max_size=6))),
        cases=tuple(draw(st.lists(st.booleans(), max_size=5))),
        ratings=tuple(draw(st.sampled_from(((), (True,) * 40, (True, False) * 15)))),
        events=tuple(
            draw(st.lists(st.sampled_from(("P1", "P2", "P5", "B1")), max_size=3))
        ),
    )


def changed(contractor: Contractor, position: int, sheet: Sheet) -> Contractor:
    """Return the contractor with one sheet replaced."""
    before, after = contractor.sheets[:position], contractor.sheets[position + 1 :]
    return replace(contractor, sheets=(*before, sheet, *after))


def no_better(worse: Contractor, better: Contractor) -> bool:
    """Say whether the first has neither the higher score nor the more money."""
    cards = assess({"worse": worse, "better": better})
    low, high = cards["worse"], cards["better"]
    if low["score"] is None or high["score"] is None:
        return bool(low["score"] == high["score"])
    return bool(
        low["score"] <= high["score"] and low["payable_yuan"] <= high["payable_yuan"]
    )


@few_examples
@given(contractors(least=1), st.data())
def test_another_deduction_never_raises_a_score(
    contractor: Contractor, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(contractor.sheets) - 1), label="sheet")
    sheet = contractor.sheets[position]
    one_more = data.draw(findings(data.draw(st.sampled_from(sheet.modules))))
    worse = replace(sheet, found=(*sheet.found, one_more))

    assert no_better(changed(contractor, position, worse), contractor)


@few_examples
@given(contractors(least=1), st.data())
def test_a_worse_deduction_never_raises_a_score(
    contractor: Contractor, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(contractor.sheets) - 1), label="sheet")
    sheet = contractor.sheets[position]
    more = data.draw(st.sampled_from((1, 1.5, 10)), label="times")
    is_left = data.draw(st.booleans(), label="left as it is")
    worse = replace(
        sheet,
        found=tuple(
            replace(
                found,
                quantity=found.quantity * more,
                rectified_after=None if is_left else found.rectified_after,
            )
            for found in sheet.found
        ),
    )

    assert no_better(changed(contractor, position, worse), contractor)


@few_examples
@given(contractors(least=1), st.data())
def test_a_lighter_deduction_of_a_known_fact_changes_nothing(
    contractor: Contractor, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(contractor.sheets) - 1), label="sheet")
    sheet = contractor.sheets[position]
    module = data.draw(st.sampled_from(sheet.modules), label="module")
    heavy = Found(f"{module}01", quantity=8, fact="F")
    light = Found(f"{module}01", quantity=0.5, fact="F")
    once = changed(contractor, position, replace(sheet, found=(heavy,)))
    twice = changed(contractor, position, replace(sheet, found=(light, heavy)))

    cards = assess({"once": once, "twice": twice})

    assert cards["once"]["score"] == cards["twice"]["score"]


@few_examples
@given(contractors())
def test_what_is_missing_never_counts_as_zero(contractor: Contractor) -> None:
    """A mean of what there is lies between the least and the most of it."""
    card = assess({"one": contractor})["one"]
    parts = county().ask(
        "select component_id, value from contractor_parts "
        "where part = 'module' and value is not null"
    )

    for kind in ("DAILY", "JOINT"):
        values = [value for component, value in parts if component == kind]
        shown = card[kind.lower()]
        assert (shown is None) == (not values)
        if values:
            assert min(values) - SLACK <= shown <= max(values) + SLACK
    present = [card[name] for name in ("daily", "joint", "data", "public")]
    present = [value for value in present if value is not None]
    assert (card["score"] is None) == (not present)
    if present:
        low, high = min(present) + card["bonus"], max(present) + card["bonus"]
        assert min(low, 100) - 0.005 <= card["score"] + SLACK
        assert card["score"] <= min(high, 100) + 0.005 + SLACK


@few_examples
@given(contractors(), st.sampled_from(MODULES))
def test_a_faultless_sheet_more_never_lowers_a_score(
    contractor: Contractor, module: str
) -> None:
    clean = Sheet(hour=700, modules=(module,))
    # A first sheet brings its component into being, and that may be the better one.
    known = replace(contractor, sheets=(*contractor.sheets, clean))
    better = replace(contractor, sheets=(*known.sheets, replace(clean, hour=701)))

    assert no_better(known, better)


@few_examples
@given(contractors())
def test_the_order_of_what_is_landed_is_irrelevant(contractor: Contractor) -> None:
    mart = "contractor_scores"

    landed = assess({"one": contractor}, mart)

    assert landed == assess({"one": contractor}, mart, is_turned=True)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """A scheme whose bands start anywhere and deduct anything, if it may be used."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=4)))
    slopes = draw(
        st.lists(
            st.sampled_from(("0", "0.25", "0.5", "1.3")),
            min_size=len(cuts) + 1,
            max_size=len(cuts) + 1,
        )
    )
    steps = draw(
        st.lists(st.integers(0, 5), min_size=len(cuts) + 1, max_size=len(cuts) + 1).map(
            lambda each: list(accumulate(each))
        )
    )
    edges = [0, *cuts, Decimal("100.01")]
    bands: list[dict[str, Decimal]] = []
    base = Decimal(0)
    for number, (low, high) in enumerate(reversed(list(pairwise(edges)))):
        ref = min(Decimal(high), Decimal(100))
        slope = Decimal(slopes[number])
        bands.append(
            {
                "from": Decimal(low),
                "to": Decimal(high),
                "base_pct": base + steps[number],
                "per_point": slope,
                "ref": ref,
            }
        )
        base += steps[number] + slope * (ref - low)
    assume(all(band["base_pct"] <= 100 for band in bands))
    content = DEFAULT.model_dump(by_alias=True)
    content["payment"]["bands"] = bands
    content["payment"]["total_cap_pct"] = draw(st.integers(0, 100))
    return Scheme.model_validate(content)


@pytest.fixture(scope="module")
def paying() -> Iterator[Models]:
    """The step from points to money alone, for scores of one's own choice."""
    tables = {name: columns for name, (columns, _) in scheme_rows([]).items()}
    tables |= {
        "contractor_months": (
            "contractor_code varchar, contractor_name varchar, month varchar, "
            "month_start date, scheme_key varchar, scheme_version varchar, "
            "fee_yuan decimal(14, 2), is_part_of_month boolean, is_frozen boolean, "
            "stage varchar"
        ),
        "contractor_parts": (
            "contractor_code varchar, month varchar, part varchar, "
            "component_id varchar, value double, weight_used double"
        ),
        "contractor_contract_events": (
            "contractor_code varchar, month varchar, points double, fee_pct double, "
            "forced_grade varchar"
        ),
    }
    models = Models(tables, ["contractor_results"])
    yield models
    models.close()


@settings(few_examples, suppress_health_check=list(HealthCheck))
@given(schemes(), st.lists(st.integers(0, 10_000), min_size=2, max_size=30))
def test_payment_follows_the_score_under_any_scheme_that_may_be_used(
    paying: Models, scheme: Scheme, hundredths: list[int]
) -> None:
    for name, (_, rows) in scheme_rows([scheme]).items():
        paying.fill(name, rows)
    month = {"month": "2025-05"}
    codes = {f"H{number}": value for number, value in enumerate(hundredths)}
    paying.fill(
        "contractor_months",
        [
            month
            | {
                "contractor_code": code,
                "scheme_key": scheme.key,
                "fee_yuan": 987654.32,
                "stage": "初报",
            }
            for code in codes
        ],
    )
    paying.fill(
        "contractor_parts",
        [
            month
            | {
                "contractor_code": code,
                "part": "component",
                "component_id": "DAILY",
                "value": value / 100,
                "weight_used": 1,
            }
            for code, value in codes.items()
        ],
    )

    paid = paying.ask("select score, payable_yuan from contractor_results order by all")

    assert [score for score, _ in paid] == sorted(value / 100 for value in hundredths)
    assert [amount for _, amount in paid] == sorted(amount for _, amount in paid)
    least = Decimal("987654.32") * (100 - scheme.payment.total_cap_pct) / 100
    assert all(amount >= least - Decimal("0.01") for _, amount in paid)
