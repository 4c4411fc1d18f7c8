"""The gate on departments: one measure, one number, and no score from nothing."""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check

# What floating point may add.
NOTHING = 1e-6

SAME_MEASURE = Check(
    title="案卷指标与规划指标",
    rows="""
        with

        pairs(metric_id, indicator_id) as (
            values
            ('timely_registration_rate', 'X06b'),
            ('on_time_closing_rate', 'X06c'),
            ('satisfaction_rate', 'I19'),
            ('share_service', 'X04a'),
            ('share_management', 'X04b'),
            ('share_enforcement', 'X04c')
        )

        select
            pairs.indicator_id,
            metrics.period,
            metrics.numerator - reported.numerator as numerator_difference,
            metrics.denominator - reported.denominator as denominator_difference
        from pairs
        inner join marts.case_metrics as metrics
            on
                pairs.metric_id = metrics.metric_id
                and metrics.dimension = 'county'
        inner join marts.indicator_values as reported
            on
                pairs.indicator_id = reported.indicator_id
                and metrics.period = reported.period
                and metrics.member = reported.area_code
    """,
    where=("indicator_id", "period"),
    suite=ExpectationSuite(
        name="case_metrics_agree_with_indicators",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column=column,
                min_value=-NOTHING,
                max_value=NOTHING,
                severity="critical",
                notes="案卷生命周期指标与同一口径的规划指标不相等：两处算出了两个数。"
                "请联系维护人员，不要手工调整。",
            )
            for column in ("numerator_difference", "denominator_difference")
        ],
    ),
)

SCORES = Check(
    title="单位考核得分",
    rows="""
        select
            dept_code,
            month,
            score - adjust_points as points_of_hundred,
            due_cases
        from marts.department_scores
        where score is not null
    """,
    where=("dept_code", "month"),
    suite=ExpectationSuite(
        name="department_scores",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="points_of_hundred",
                min_value=-NOTHING,
                max_value=100 + NOTHING,
                severity="critical",
                notes="单位得分（加减分之前）不在0–100之间：有记录被重复计入，"
                "或考核方案的分值有误。请检查 department_scheme。",
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="due_cases",
                min_value=1,
                severity="critical",
                notes="没有到期案件的单位得了分；没有案件应当不评分。请联系维护人员。",
            ),
        ],
    ),
)

DEPARTMENTS = (SAME_MEASURE, SCORES)
