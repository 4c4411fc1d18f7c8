-- The cells of each landed weigh ticket. A row with the wrong number of fields has no
-- cells that could be trusted: everything in it is null.
with

landed as (

    select
        *,
        case when defect is null then {{ cells_of('raw') }} end as cells

    from {{ source('landed', 'tickets') }}

    {{ only_new_loads() }}

),

typed as (

    select
        -- the landed row
        row_id,
        load_id,
        load_date,
        landed_at,
        owner,
        file,
        file_date,
        sheet,
        line,
        defect,
        cells,

        -- ids
        owner as facility_id,
        {{ cell('磅单号') }} as ticket_id,
        {{ cell('衡器编号') }} as scale_id,
        {{ cell('车牌号') }} as plate_no,
        {{ cell('运输单位') }} as haulier_code,
        {{ cell('来源编码') }} as origin_code,
        {{ cell('去向设施') }} as destination_facility_id,
        {{ cell('更正磅单号') }} as corrects_ticket_id,

        -- categories
        {{ cell('方向') }} as direction,
        {{ cell('垃圾类别') }} as waste_class,
        {{ cell('是否二次') }} as is_secondary,
        {{ cell('来源类型') }} as origin_type,
        {{ cell('状态') }} as ticket_status,

        -- measures
        {{ as_weight(cell('毛重kg')) }} as gross_kg,
        {{ as_weight(cell('皮重kg')) }} as tare_kg,
        {{ as_weight(cell('净重kg')) }} as net_kg,

        -- times
        {{ as_local_time(cell('毛重时间')) }} as gross_at,
        {{ as_local_time(cell('皮重时间')) }} as tare_at

    from landed

)

select
    {{ all_columns_but('cells') }},

    -- what cannot be read
    case
        when gross_kg is null then '毛重kg=' || coalesce({{ cell('毛重kg') }}, '')
        when tare_kg is null then '皮重kg=' || coalesce({{ cell('皮重kg') }}, '')
        when net_kg is null then '净重kg=' || coalesce({{ cell('净重kg') }}, '')
    end as unreadable_weight,
    case
        when gross_at is null then '毛重时间=' || coalesce({{ cell('毛重时间') }}, '')
        when tare_at is null then '皮重时间=' || coalesce({{ cell('皮重时间') }}, '')
    end as unreadable_time

from typed
