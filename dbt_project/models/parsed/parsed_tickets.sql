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
        raw,
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
        {{ as_start(cell('毛重时间')) }} as gross_at,
        {{ as_start(cell('皮重时间')) }} as tare_at

    from landed

)

select
    {{ all_columns_but('cells, raw') }},
    {{ odd_row() }} as odd_row,

    -- as written, for the message
    {{ cell('毛重kg') }} as gross_kg_text,
    {{ cell('皮重kg') }} as tare_kg_text,
    {{ cell('净重kg') }} as net_kg_text,
    {{ cell('毛重时间') }} as gross_at_text,
    {{ cell('皮重时间') }} as tare_at_text

from typed
