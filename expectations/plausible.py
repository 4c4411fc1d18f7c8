"""The gate on what is sound by every rule and yet cannot be: one look per kind.

Row rules see one row. Whether a scale changed its unit, a sender breaks one rule all
day or a code means nothing to anybody shows only beside other rows. All of it only
warns, and names its evidence.
"""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check
from expectations.thresholds import (
    LARGEST_FACTOR_OF_USUAL_LOAD,
    LEAST_TOP_MARK,
    MOST_OF_ONE_RULE,
    RECENT_DAYS,
    TRAILING_DAYS,
)

# Only what is news: the last weeks, and whatever tonight's load brought.
_IS_NEWS = f"""
    business_date > parameters.as_of_date - {RECENT_DAYS}
    or load_date = parameters.as_of_date
"""

ONE_RULE = Check(
    title="磅单集中违规",
    rows=f"""
        with

        tickets as (
            select
                tickets.facility_id,
                tickets.business_date,
                tickets.load_date,
                tickets.rule
            from restricted.checked_tickets as tickets
            inner join restricted.checked_files as files
                on
                    tickets.load_id = files.load_id
                    and tickets.file = files.file
                    and files.verdict = 'accepted'
            where tickets.verdict != 'ignored'
        ),

        days as (
            select
                facility_id,
                business_date,
                max(load_date) as load_date,
                count(*) as tickets
            from tickets
            group by facility_id, business_date
        )

        select
            tickets.facility_id,
            tickets.business_date,
            tickets.rule,
            count(*) / any_value(days.tickets) as share_of_one_rule
        from tickets
        inner join days using (facility_id, business_date)
        cross join ops.parameters as parameters
        where
            tickets.rule is not null
            and (
                days.business_date > parameters.as_of_date - {RECENT_DAYS}
                or days.load_date = parameters.as_of_date
            )
        group by tickets.facility_id, tickets.business_date, tickets.rule
        order by tickets.business_date desc, tickets.facility_id, tickets.rule
    """,  # noqa: S608 - our own words
    where=("facility_id", "business_date", "rule"),
    suite=ExpectationSuite(
        name="tickets_of_one_rule",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="share_of_one_rule",
                max_value=MOST_OF_ONE_RULE,
                severity="warning",
                notes=f"该设施当日超过 {MOST_OF_ONE_RULE:.0%} 的磅单违反同一条规则，"
                "多半是磅秤软件的设置或导出格式变了，不是逐张填错。"
                "请设施运营单位核对后整份重报。",
            ),
        ],
    ),
)

LOADS = Check(
    title="每车重量",
    rows=f"""
        with

        days as (
            select
                facility_id,
                file_date as business_date,
                max(load_date) as load_date,
                sum(net_kg) / count(*) as kg_per_ticket
            from restricted.checked_tickets
            where verdict = 'accepted' and ticket_status != '作废'
            group by facility_id, file_date
        ),

        beside as (
            select
                *,
                median(kg_per_ticket) over (
                    partition by facility_id
                    order by business_date
                    rows between {TRAILING_DAYS} preceding and 1 preceding
                ) as usual_kg
            from days
        )

        select
            beside.facility_id,
            beside.business_date,
            round(beside.kg_per_ticket, 1) as kg_per_ticket,
            round(beside.usual_kg, 1) as usual_kg_per_ticket,
            beside.kg_per_ticket / nullif(beside.usual_kg, 0) as times_usual_load
        from beside
        cross join ops.parameters as parameters
        where {_IS_NEWS}
        order by beside.business_date desc, beside.facility_id
    """,  # noqa: S608 - our own words
    where=("facility_id", "business_date"),
    suite=ExpectationSuite(
        name="load_per_ticket",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="times_usual_load",
                min_value=1 / LARGEST_FACTOR_OF_USUAL_LOAD,
                max_value=LARGEST_FACTOR_OF_USUAL_LOAD,
                severity="warning",
                notes="该设施当日平均每车净重与此前的中位数相差 "
                f"{LARGEST_FACTOR_OF_USUAL_LOAD:g} 倍以上，"
                "疑似单位弄错（吨写进了千克列，或反过来）。数值没有换算，照原样计入；"
                "请设施运营单位核对磅秤显示单位后整份重报。",
            ),
        ],
    ),
)

MARKS = Check(
    title="公厕评分口径",
    rows="""
        select
            strftime(register_month, '%Y-%m') as month,
            max(
                greatest(facility_score, cleaning_score, service_score)
            ) as top_mark
        from staging.stg_registers__toilets
        group by register_month
        order by register_month desc
        limit 2
    """,
    where=("month",),
    suite=ExpectationSuite(
        name="toilet_marks",
        expectations=[
            gxe.ExpectColumnValuesToBeBetween(
                column="top_mark",
                strict_min=True,
                min_value=LEAST_TOP_MARK,
                severity="warning",
                notes=f"整份公厕台账没有一个分数高于 {LEAST_TOP_MARK:g}，"
                "疑似按 40/40/20 的得分填报。"
                "三项分数都应按百分制填写，系统按 40/40/20 加权；请公厕主管股室核对。",
            ),
        ],
    ),
)

ODD_CASES = Check(
    title="案卷自相矛盾或编码无人认识",
    rows=f"""
        with

        warned as (
            select
                unnest(split(warning, '；')) as warning,
                case_id,
                business_date,
                load_date
            from restricted.checked_cases
            where warning is not null
        )

        select
            warned.warning as evidence,
            count(distinct warned.case_id) as odd_cases
        from warned
        cross join ops.parameters as parameters
        where {_IS_NEWS}
        group by warned.warning
        order by odd_cases desc, evidence
    """,  # noqa: S608 - our own words
    where=("evidence",),
    suite=ExpectationSuite(
        name="odd_cases",
        expectations=[
            gxe.ExpectColumnValuesToBeInSet(
                column="odd_cases",
                value_set=[0],
                severity="warning",
                notes="有案卷照常计算，但编码不在参照表（AW1）、状态与结案时间矛盾（AW2）"
                "或坐标为 0/0（AW3）。编码请补进参照表，矛盾请案卷平台更正；"
                "不在参照表的部门不参加考核计分。",
            ),
        ],
    ),
)

PLAUSIBLE = (ONE_RULE, LOADS, MARKS, ODD_CASES)
