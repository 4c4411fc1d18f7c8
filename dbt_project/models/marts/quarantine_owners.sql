-- Whose rows broke which rule: the sender by the name under which `cityledger quarantine`
-- writes the workbook that goes back, and who has to mend them.
with

facilities as (

    select
        facility_id,
        max_by(name, valid_from) as facility_name

    from {{ ref('stg_reference__facilities') }}

    group by facility_id

),

contractors as (

    select
        contractor_code,
        max_by(name, valid_from) as contractor_name

    from {{ ref('stg_reference__contractors') }}

    group by contractor_code

),

counted as (

    select
        source,
        owner,
        rule,
        cast(count(*) as bigint) as rows_quarantined,
        cast(count(*) filter (where status = 'open') as bigint) as open,
        cast(
            count(*) filter (where status = 'resubmitted') as bigint
        ) as resubmitted,
        cast(count(*) filter (where status = 'waived') as bigint) as waived,
        min(business_date) filter (where status = 'open') as open_since

    from {{ ref('quarantine') }}

    group by
        source,
        owner,
        rule

)

select
    counted.source,
    coalesce(counted.owner, sources.sender_zh, counted.source) as owner,
    coalesce(
        facilities.facility_name,
        contractors.contractor_name,
        registers.name_zh,
        counted.owner,
        sources.name_zh,
        counted.source
    ) as owner_name,
    coalesce(
        facilities.facility_name,
        contractors.contractor_name,
        registers.owner_zh,
        sources.owner_zh
    ) as mended_by,
    counted.rule,
    counted.rows_quarantined,
    counted.open,
    counted.resubmitted,
    counted.waived,
    counted.open_since

from counted
left join {{ ref('source_owners') }} as sources
    on counted.source = sources.source
left join facilities
    on counted.source = 'weighbridge' and counted.owner = facilities.facility_id
left join contractors
    on counted.source = 'sanitation' and counted.owner = contractors.contractor_code
left join {{ ref('register_feeds') }} as registers
    on counted.source = 'registers' and counted.owner = registers.register
