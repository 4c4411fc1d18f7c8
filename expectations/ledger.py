"""The gate on the ledger: what was reported once stays as it was reported.

The audit provides `recorded_editions` (the ledger's files) and `shown_editions` (the
ledger in the published file); the warehouse has its own copy in the mart.
"""

from great_expectations import ExpectationSuite
from great_expectations import expectations as gxe

from expectations.check import Check

EDITION = """
    indicator_id, period, area_code, edition, stage, numerator, denominator, value,
    target, formula_version, target_claim_id, as_of, recorded_at, reason, run_id
"""

# One number for all that an edition says: comparing it is comparing everything.
CONTENT = (
    f"indicator_id, period, area_code, edition, run_id, hash({EDITION}) as content"
)

# Only what is wrong is fetched: the ledger itself grows for ever.
EDITIONS = Check(
    title="台账",
    rows=f"""
        with

        recorded as (select {CONTENT} from recorded_editions),

        shown as (select {CONTENT} from shown_editions),

        built as (select {CONTENT} from marts.indicator_ledger),

        lost_in_build as (
            select recorded.* from recorded anti join built using (content)
        ),

        lost_from_files as (
            select shown.* from shown anti join recorded using (content)
        ),

        unknown_editions as (
            select built.* from built anti join recorded using (content)
            where built.run_id != (select run_id from ops.parameters)
        ),

        misnumbered as (
            select indicator_id, period, area_code, max(edition) as edition
            from marts.indicator_ledger
            group by indicator_id, period, area_code
            having
                min(edition) != 1
                or max(edition) != count(*)
                or count(distinct edition) != count(*)
        )

        select indicator_id, period, area_code, edition,
            'x' as lost_in_build, null as lost_from_files,
            null as unknown_edition, null as misnumbered
        from lost_in_build
        union all
        select indicator_id, period, area_code, edition, null, 'x', null, null
        from lost_from_files
        union all
        select indicator_id, period, area_code, edition, null, null, 'x', null
        from unknown_editions
        union all
        select indicator_id, period, area_code, edition, null, null, null, 'x'
        from misnumbered
    """,  # noqa: S608 - our own words
    where=("indicator_id", "period", "area_code", "edition"),
    suite=ExpectationSuite(
        name="ledger_editions",
        expectations=[
            gxe.ExpectColumnValuesToBeNull(
                column="lost_in_build",
                severity="critical",
                notes="台账文件里的版次在本次结果里不见了或被改动。"
                "已报告的数字不得更改。请联系维护人员。",
            ),
            gxe.ExpectColumnValuesToBeNull(
                column="lost_from_files",
                severity="critical",
                notes="已经发布过的版次在台账文件（ledger 目录）里不见了或被改动。"
                "请立即停止操作 ledger 目录，从备份恢复后重新运行。",
            ),
            gxe.ExpectColumnValuesToBeNull(
                column="unknown_edition",
                severity="critical",
                notes="结果里有一个台账文件中不存在的旧版次。请重新运行这一晚；"
                "仍不通过时从备份恢复 ledger 目录。",
            ),
            gxe.ExpectColumnValuesToBeNull(
                column="misnumbered",
                severity="critical",
                notes="版次号不连续或重复。请从备份恢复 ledger 目录后重新运行。",
            ),
        ],
    ),
)

REVISIONS = Check(
    title="终报后修订",
    rows="""
        select editions.indicator_id, editions.period, editions.stage
        from marts.indicator_ledger as editions
        inner join ops.parameters as parameters using (run_id)
        where right(editions.area_code, 6) = '000000'
    """,
    where=("indicator_id", "period"),
    suite=ExpectationSuite(
        name="ledger_revisions",
        expectations=[
            gxe.ExpectColumnValuesToNotBeInSet(
                column="stage",
                value_set=["修订"],
                severity="warning",
                notes="已经终报的数字因来源更正而改变，台账新增“修订”版次。"
                "请确认更正有据，并准备向上级说明。",
            ),
        ],
    ),
)

LEDGER = (EDITIONS, REVISIONS)
