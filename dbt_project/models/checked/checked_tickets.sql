-- B. Weighbridges: the verdict on every weigh ticket of every visible file version.
with

files as (

    select * from {{ ref('checked_files') }}

    where source = 'weighbridge'

),

tickets as (

    select
        parsed.*,
        parsed.facility_id || '/' || parsed.ticket_id as record_key,
        files.verdict = 'accepted' as is_in_force,
        row_number() over (
            partition by parsed.load_id, parsed.file, parsed.ticket_id
            order by parsed.line
        ) as key_occurrence

    from {{ ref('parsed_tickets') }} as parsed
    inner join files
        on
            parsed.load_id = files.load_id
            and parsed.file = files.file

),

reference_keys as (

    select * from {{ ref('reference_keys') }}

),

-- A table that never came cannot convict anyone.
known_tables as (

    select
        count(*) filter (where table_name = 'facilities') > 0 as has_facilities,
        count(*) filter (where table_name = 'towns') > 0 as has_towns

    from reference_keys

),

facts as (

    select
        tickets.*,
        case
            when coalesce(tickets.direction, '') not in ('进', '出')
                then '方向=' || coalesce(tickets.direction, '')
            when
                coalesce(tickets.waste_class, '') not in (
                    '其他垃圾', '厨余垃圾', '有害垃圾', '可回收物',
                    '建筑垃圾', '大件垃圾', '园林垃圾', '粪便',
                    '残渣', '炉渣', '飞灰', '渗滤液'
                )
                then '垃圾类别=' || coalesce(tickets.waste_class, '')
            when coalesce(tickets.is_secondary, '') not in ('是', '否')
                then '是否二次=' || coalesce(tickets.is_secondary, '')
            when
                coalesce(tickets.origin_type, '') not in (
                    '城区环卫', '乡镇', '单位', '设施'
                )
                then '来源类型=' || coalesce(tickets.origin_type, '')
            when
                coalesce(tickets.ticket_status, '') not in (
                    '有效', '作废', '补录', '更正'
                )
                then '状态=' || coalesce(tickets.ticket_status, '')
        end as unknown_value,
        case
            when known_tables.has_facilities and facilities.item_key is null
                then '设施 ' || tickets.facility_id
            when
                known_tables.has_facilities
                and tickets.destination_facility_id is not null
                and destinations.item_key is null
                then '去向设施=' || tickets.destination_facility_id
            when
                known_tables.has_facilities
                and tickets.origin_type = '设施'
                and origin_facilities.item_key is null
                then '来源编码=' || coalesce(tickets.origin_code, '')
            when
                known_tables.has_towns
                and tickets.origin_type != '设施'
                and origin_towns.item_key is null
                then '来源编码=' || coalesce(tickets.origin_code, '')
        end as unknown_place

    from tickets
    cross join known_tables
    left join reference_keys as facilities
        on
            facilities.table_name = 'facilities'
            and tickets.facility_id = facilities.item_key
    left join reference_keys as destinations
        on
            destinations.table_name = 'facilities'
            and tickets.destination_facility_id = destinations.item_key
    left join reference_keys as origin_facilities
        on
            origin_facilities.table_name = 'facilities'
            and tickets.origin_code = origin_facilities.item_key
    left join reference_keys as origin_towns
        on
            origin_towns.table_name = 'towns'
            and tickets.origin_code = origin_towns.item_key

),

judged as (

    select
        *,
        case
            -- A row with the wrong number of fields has no cells to judge.
            when defect is not null then 'B08'
            when ticket_id is null then 'B01'
            when unreadable_weight is not null then 'B02'
            when net_kg <= 0 then 'B02'
            when abs(gross_kg - tare_kg - net_kg) > 20 then 'B03'
            when unknown_value is not null then 'B04'
            when unreadable_time is not null then 'B05'
            when abs({{ minutes_between('tare_at', 'gross_at') }}) > 720 then 'B05'
            when unknown_place is not null then 'B06'
            when key_occurrence > 1 then 'B07'
        end as rule,
        case
            when defect is not null then '字段数与表头不符'
            when ticket_id is null then '缺少磅单号'
            when unreadable_weight is not null
                then '重量不是数字：' || unreadable_weight
            when net_kg <= 0 then '净重不大于零：' || cast(net_kg as varchar)
            when abs(gross_kg - tare_kg - net_kg) > 20
                then '毛重减皮重与净重相差超过 20 kg'
            when unknown_value is not null then '取值不在约定内：' || unknown_value
            when unreadable_time is not null then '时间无法识别：' || unreadable_time
            when abs({{ minutes_between('tare_at', 'gross_at') }}) > 720
                then '毛重时间与皮重时间相差超过 12 小时'
            when unknown_place is not null then '设施或乡镇不在参照表：' || unknown_place
            when key_occurrence > 1 then '同一文件内磅单号重复：' || ticket_id
        end as message

    from facts

),

-- The same ticket in the files of two days: the later day's file says it last.
ranked as (

    select
        *,
        row_number() over (
            partition by facility_id, ticket_id, rule is null and is_in_force
            order by file_date desc, load_id desc, line desc
        ) as version_rank

    from judged

),

decided as (

    select
        *,
        case
            when rule is not null then 'quarantined'
            when not is_in_force then 'superseded'
            when version_rank > 1 then 'superseded'
            else 'accepted'
        end as verdict,
        floor(epoch(gross_at) / 600) as ten_minutes

    from ranked

),

accepted as (

    select * from decided

    where verdict = 'accepted' and plate_no is not null

),

-- Weighings under ten minutes apart share a ten-minute slot or lie in adjacent ones.
earlier as (

    select
        *,
        ten_minutes as slot

    from accepted

    union all

    select
        *,
        ten_minutes + 1 as slot

    from accepted

),

probable_duplicates as (

    select
        accepted.row_id,
        min(earlier.ticket_id) as twin_ticket_id

    from accepted
    inner join earlier
        on
            accepted.facility_id = earlier.facility_id
            and accepted.plate_no = earlier.plate_no
            and accepted.ten_minutes = earlier.slot
            and accepted.row_id != earlier.row_id
            and abs(accepted.gross_kg - earlier.gross_kg) <= 20
            and (
                accepted.gross_at > earlier.gross_at
                or (
                    accepted.gross_at = earlier.gross_at
                    and accepted.ticket_id > earlier.ticket_id
                )
            )
            and {{ minutes_between('earlier.gross_at', 'accepted.gross_at') }} < 10

    group by accepted.row_id

)

select
    -- the row
    decided.row_id,
    'weighbridge' as source,
    'tickets' as source_table,
    decided.load_id,
    decided.load_date,
    decided.landed_at,
    decided.owner,
    decided.file,
    decided.sheet,
    decided.line,
    decided.record_key,

    -- times
    decided.file_date as business_date,
    decided.landed_at as version_at,
    decided.gross_at as recorded_at,

    -- the verdict
    decided.verdict,
    decided.rule,
    decided.message,
    case
        when probable_duplicates.row_id is not null
            then 'BW1 疑似重复过磅：' || probable_duplicates.twin_ticket_id
    end as warning,

    -- fields
    decided.facility_id,
    decided.ticket_id,
    decided.scale_id,
    decided.direction,
    decided.haulier_code,
    decided.waste_class,
    decided.is_secondary,
    decided.origin_type,
    decided.origin_code,
    decided.destination_facility_id,
    decided.gross_kg,
    decided.tare_kg,
    decided.net_kg,
    decided.gross_at,
    decided.tare_at,
    decided.ticket_status,
    decided.corrects_ticket_id,
    decided.file_date,
    probable_duplicates.row_id is not null as is_probable_duplicate

from decided
left join probable_duplicates
    on decided.row_id = probable_duplicates.row_id
