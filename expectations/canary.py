"""The canary: rows that no gate may let pass.

Every night the audit shows them to itself first. A gate that lets them through is
broken, and then no number goes out.
"""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check
from expectations.indicator_values import VALUES

# Wrong in every way that the suite of the values calls critical.
IMPOSSIBLE = Check(
    title="金丝雀：不可能的数值",
    rows="""
        select
            '指标' as indicator_id,
            '期间' as period,
            '区域' as area_code,
            *
        from (
            values
            (142.0, null, 0.0, 'because', '很好', 1.2, 'ge', 'share'),
            (null, null, 100.0, null, '达标', null, 'ge', 'share'),
            (90.0, 95.0, 100.0, null, '达标', 1.0, 'ge', 'share')
        ) as wrong (
            value, target, denominator, null_reason, status, completeness, direction,
            kind
        )
    """,
    where=VALUES.where,
    suite=VALUES.suite,
)

UNANSWERABLE = Check(
    title="金丝雀：答不出的问题",
    rows="select 1 as present",
    where=("present",),
    suite=ExpectationSuite(
        name="canary_unanswerable",
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(
                column="absent",
                severity="warning",
                notes="不存在的列：查不了的检验不能算通过。",
            ),
        ],
    ),
)

MERELY_ODD = Check(
    title="金丝雀：只该提醒的数值",
    rows="select 'I00' as indicator_id, 142.0 as value",
    where=("indicator_id",),
    suite=ExpectationSuite(
        name="canary_odd",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="value",
                max_value=100,
                severity="warning",
                notes="提醒不能拦住发布，也不能没有声音。",
            ),
        ],
    ),
)

CANARY = (IMPOSSIBLE, UNANSWERABLE, MERELY_ODD)
