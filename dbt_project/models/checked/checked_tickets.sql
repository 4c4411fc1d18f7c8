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
        coalesce(
            list_contains(parameters.stored_tare_facilities, parsed.facility_id),
            false
        ) as has_stored_tare,
        row_number() over (
            partition by parsed.load_id, parsed.file, parsed.ticket_id
            order by parsed.line
        ) as key_occurrence

    from {{ ref('parsed_tickets') }} as parsed
    inner join files
        on
            parsed.load_id = files.load_id
            and parsed.file = files.file
    cross join {{ source('ops', 'parameters') }} as parameters

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
        known_tables.has_facilities and facilities.item_key is null
            as is_unknown_facility,
        known_tables.has_facilities
        and tickets.destination_facility_id is not null
        and destinations.item_key is null as is_unknown_destination,
        case
            when tickets.origin_type = '设施'
                then known_tables.has_facilities and origin_facilities.item_key is null
            else known_tables.has_towns and origin_towns.item_key is null
        end as is_unknown_origin

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

-- A line that is not whole has no cells to judge. A scale that stores its tares may not
-- say when it took one.
judged as (

    select
        *,
        {{ judge([
            fault('B08', 'defect is not null', defect_says('defect')),
            fault('B01', 'defect is null and ticket_id is null', "'缺少磅单号'"),
            fault(
                'B02', 'defect is null and gross_kg is null',
                "'重量不是数字：' || " ~ quoted('gross_kg_text', '毛重kg')
            ),
            fault(
                'B02', 'defect is null and tare_kg is null',
                "'重量不是数字：' || " ~ quoted('tare_kg_text', '皮重kg')
            ),
            fault(
                'B02', 'defect is null and net_kg is null',
                "'重量不是数字：' || " ~ quoted('net_kg_text', '净重kg')
            ),
            fault(
                'B02', 'net_kg <= 0',
                "'净重不大于零：' || " ~ quoted('net_kg_text', '净重kg')
            ),
            fault(
                'B03', 'abs(gross_kg - tare_kg - net_kg) > 20',
                "'毛重减皮重与净重相差 20 kg 以上：' || "
                ~ quoted('gross_kg_text', '毛重kg') ~ " || '，' || "
                ~ quoted('tare_kg_text', '皮重kg') ~ " || '，' || "
                ~ quoted('net_kg_text', '净重kg')
            ),
            of_a_line(one_of('B04', 'direction', ['进', '出'], '方向')),
            of_a_line(one_of('B04', 'waste_class', [
                '其他垃圾', '厨余垃圾', '有害垃圾', '可回收物',
                '建筑垃圾', '大件垃圾', '园林垃圾', '粪便',
                '残渣', '炉渣', '飞灰', '渗滤液',
            ], '垃圾类别')),
            of_a_line(one_of('B04', 'is_secondary', ['是', '否'], '是否二次')),
            of_a_line(one_of(
                'B04', 'origin_type', ['城区环卫', '乡镇', '单位', '设施'], '来源类型'
            )),
            of_a_line(one_of(
                'B04', 'ticket_status', ['有效', '作废', '补录', '更正'], '状态'
            )),
            fault(
                'B05', 'defect is null and gross_at is null',
                "'时间无法识别：' || " ~ quoted('gross_at_text', '毛重时间')
            ),
            fault(
                'B05',
                'defect is null and tare_at is null '
                ~ 'and not (has_stored_tare and tare_at_text is null)',
                "'时间无法识别：' || " ~ quoted('tare_at_text', '皮重时间')
            ),
            fault(
                'B05',
                'abs(' ~ minutes_between('tare_at', 'gross_at') ~ ') > 720 '
                ~ 'and not (has_stored_tare and tare_at < gross_at)',
                "'毛重时间与皮重时间相差 12 小时以上：' || "
                ~ quoted('gross_at_text', '毛重时间') ~ " || '，' || "
                ~ quoted('tare_at_text', '皮重时间')
            ),
            fault(
                'B06', 'defect is null and is_unknown_facility',
                "'设施不在参照表：' || " ~ quoted('facility_id', '设施')
            ),
            fault(
                'B06', 'is_unknown_destination',
                "'设施不在参照表：' || " ~ quoted('destination_facility_id', '去向设施')
            ),
            fault(
                'B06', 'defect is null and is_unknown_origin',
                "'设施或乡镇不在参照表：' || " ~ quoted('origin_code', '来源编码')
            ),
            fault(
                'B07', 'defect is null and key_occurrence > 1',
                "'同一文件内磅单号重复：' || " ~ quoted('ticket_id', '磅单号')
            ),
        ]) }} as faults

    from facts

),

-- The same ticket in the files of two days: the later day's file says it last.
ranked as (

    select
        *,
        row_number() over (
            partition by facility_id, ticket_id, faults is null and is_in_force
            order by file_date desc, load_id desc, line desc
        ) as version_rank

    from judged

),

decided as (

    select
        *,
        {{ verdict(in_force='is_in_force and version_rank = 1', has_odd_rows=true) }},
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
    decided.faults,

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
