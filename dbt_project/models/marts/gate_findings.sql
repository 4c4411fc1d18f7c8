-- What the gate found in the last nights, refused ones too; of a night that was run
-- several times, what it found last. Tonight's audit comes after this: publish writes
-- it in.
select
    findings.as_of,
    findings.position,
    findings.severity,
    findings.check_name,
    findings.note,
    findings.places,
    findings.observed

from {{ source('ops', 'audit_findings') }} as findings
cross join {{ source('ops', 'parameters') }} as parameters

where
    findings.as_of != parameters.as_of_date
    and findings.run_id in (
        select max(audits.run_id) as run_id
        from {{ source('ops', 'audits') }} as audits
        group by audits.as_of
    )
