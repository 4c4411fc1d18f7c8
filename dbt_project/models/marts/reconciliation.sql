-- How far the county's systems agree with each other, published as figures of their own.
with

owners as (

    select
        'contractor' as owner_kind,
        contractor_code as owner_code,
        max_by(name, valid_from) as owner_name

    from {{ ref('stg_reference__contractors') }}

    group by contractor_code

    union all

    select
        'facility' as owner_kind,
        facility_id as owner_code,
        max_by(name, valid_from) as owner_name

    from {{ ref('stg_reference__facilities') }}

    group by facility_id

    union all

    select
        'town' as owner_kind,
        town_code as owner_code,
        max_by(name, valid_from) as owner_name

    from {{ ref('stg_reference__towns') }}

    group by town_code

),

counted as (

    select
        check_id,
        month,
        owner_code,
        count(*) filter (where outcome != 'not_comparable') as compared,
        count(*) filter (where outcome = 'both') as agreeing,
        count(*) filter (where outcome = 'only_first') as only_first,
        count(*) filter (where outcome = 'only_second') as only_second,
        count(*) filter (where outcome = 'differs') as differing,
        count(*) filter (where outcome = 'not_comparable') as not_comparable

    from {{ ref('reconciliation_records') }}

    group by
        check_id,
        month,
        owner_code

)

select
    -- ids
    counted.check_id,
    checks.name_zh as check_name,
    checks.first_zh,
    checks.second_zh,
    counted.month,
    counted.owner_code,
    coalesce(owners.owner_name, counted.owner_code) as owner_name,

    -- measures
    counted.compared,
    counted.agreeing,
    counted.only_first,
    counted.only_second,
    counted.differing,
    counted.not_comparable,
    case
        when counted.compared > 0
            then
                cast(counted.agreeing as double)
                / cast(counted.compared as double) * 100
    end as agreement_pct

from counted
inner join {{ ref('reconciliation_checks') }} as checks
    on counted.check_id = checks.check_id
left join owners
    on
        checks.owner_kind = owners.owner_kind
        and counted.owner_code = owners.owner_code
