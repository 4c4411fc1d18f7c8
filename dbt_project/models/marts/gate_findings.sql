-- What the gate found in the last nights, refused ones too. Tonight's audit comes after
-- this: publish writes it in.
select
    findings.run_id,
    findings.as_of,
    findings.position,
    findings.severity,
    findings.check_name,
    findings.note,
    findings.places,
    findings.observed

from {{ source('ops', 'audit_findings') }} as findings
cross join {{ source('ops', 'parameters') }} as parameters

where findings.run_id != parameters.run_id
