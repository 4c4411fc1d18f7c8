-- Weigh tickets (F3): valid or written up afterwards, a correction in place of the
-- ticket it names, void ones excluded; with the scope of their origin and the kind of
-- facility they were weighed at, as the facility register stood on the day of the
-- gross weighing.
with

tickets as (

    select * from {{ ref('stg_weighbridge__tickets') }}

),

facilities as (

    select * from {{ ref('stg_reference__facilities') }}

),

corrections as (

    select distinct
        facility_id,
        corrects_ticket_id as ticket_id

    from tickets

    where
        ticket_status = '更正'
        and corrects_ticket_id is not null
        and corrects_ticket_id != ticket_id

),

unreplaced as (

    select tickets.*

    from tickets
    left join corrections
        on
            tickets.facility_id = corrections.facility_id
            and tickets.ticket_id = corrections.ticket_id

    where corrections.ticket_id is null

),

scoped as (

    select
        unreplaced.*,
        cast(unreplaced.gross_at as date) as ticket_date,
        facilities.kind as facility_kind,
        coalesce(facilities.is_harmless, false) as is_harmless_facility,
        case
            when unreplaced.origin_type in ('城区环卫', '单位') then 'urban'
            when unreplaced.origin_type = '乡镇' then 'rural'
            when origins.serves = '城区' then 'urban'
            when origins.serves = '乡镇' then 'rural'
        end as scope,
        unreplaced.waste_class in (
            '其他垃圾', '厨余垃圾', '有害垃圾'
        ) as is_household_waste

    from unreplaced
    left join facilities
        on
            unreplaced.facility_id = facilities.facility_id
            and cast(unreplaced.gross_at as date) >= facilities.valid_from
            and cast(unreplaced.gross_at as date) < facilities.valid_to
    left join facilities as origins
        on
            unreplaced.origin_type = '设施'
            and unreplaced.origin_code = origins.facility_id
            and cast(unreplaced.gross_at as date) >= origins.valid_from
            and cast(unreplaced.gross_at as date) < origins.valid_to

)

select
    -- ids
    facility_id || '/' || ticket_id as ticket_key,
    facility_id,
    ticket_id,
    haulier_code,

    -- categories
    direction,
    waste_class,
    origin_type,
    origin_code,
    facility_kind,
    scope,
    is_secondary,
    is_probable_duplicate,
    ticket_status,
    case when ticket_status = '作废' then '作废' end as excluded_reason,

    -- 清运量: household waste on its first weighing
    direction = '进'
    and is_household_waste
    and not is_secondary
    and origin_type != '设施' as is_collected,

    -- 处理量: household waste at the gate of a facility that makes it harmless
    direction = '进'
    and is_household_waste
    and not is_secondary
    and is_harmless_facility as is_treated,

    -- 可回收物回收量
    coalesce(
        direction = '进'
        and facility_kind = '分拣中心'
        and waste_class = '可回收物'
        and not is_secondary
        and origin_type != '设施', false
    ) as is_recycled,

    -- 厨余处理: what goes in, and the residue that comes out again
    coalesce(
        direction = '进'
        and facility_kind = '厨余处理'
        and waste_class = '厨余垃圾'
        and not is_secondary, false
    ) as is_kitchen_input,
    coalesce(
        direction = '出'
        and facility_kind = '厨余处理'
        and waste_class = '残渣', false
    ) as is_kitchen_residue,

    -- measures
    net_kg,

    -- times
    ticket_date,
    {{ month_start('ticket_date') }} as month_start

from scoped
