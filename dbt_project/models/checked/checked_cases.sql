-- A. Case platform: the verdict on every visible version of a case.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

-- A version belongs to its own day; one that does not say which is seen at once.
cases as (

    select
        parsed.*,
        parameters.as_of_date

    from {{ ref('parsed_cases') }} as parsed
    cross join parameters

    where
        parsed.updated_at is null
        or parsed.updated_at <= parameters.as_of

),

reference_keys as (

    select * from {{ ref('reference_keys') }}

),

-- A table that never came cannot convict anyone.
known_tables as (

    select
        count(*) filter (where table_name = 'towns') > 0 as has_towns,
        count(*) filter (where table_name = 'communities') > 0 as has_communities

    from reference_keys

),

facts as (

    select
        cases.*,
        case
            when coalesce(cases.kind, '') not in ('事件', '部件')
                then 'kind=' || coalesce(cases.kind, '')
            when
                coalesce(cases.channel, '') not in (
                    '监督员', '视频', '12345', '12319', '信访',
                    '网络留言', '微信', '媒体', '上级转办'
                )
                then 'channel=' || coalesce(cases.channel, '')
            when
                coalesce(cases.status, '') not in (
                    '待受理', '不予受理', '已立案', '已派遣', '处置中',
                    '待核查', '已结案', '挂账', '作废'
                )
                then 'status=' || coalesce(cases.status, '')
            when cases.resolution_means not in ('服务', '管理', '执法')
                then 'resolution_means=' || cases.resolution_means
        end as unknown_value,
        case
            when cases.registered_at < cases.reported_at
                then 'registered_at 早于 reported_at'
            when cases.disposed_at < cases.dispatched_at
                then 'disposed_at 早于 dispatched_at'
            when cases.closed_at < cases.registered_at
                then 'closed_at 早于 registered_at'
            when cases.resumed_at < cases.suspended_at
                then 'resumed_at 早于 suspended_at'
        end as wrong_order,
        {{ first_time_after(
            'cases.updated_at + interval 5 minute',
            [
                'cases.reported_at',
                'cases.accepted_at',
                'cases.registered_at',
                'cases.dispatched_at',
                'cases.stopped_at',
                'cases.disposed_at',
                'cases.checked_at',
                'cases.closed_at',
                'cases.suspended_at',
                'cases.resumed_at',
            ]
        ) }} as time_from_the_future,
        case
            when known_tables.has_towns and towns.item_key is null
                then 'town_code=' || coalesce(cases.town_code, '')
            when known_tables.has_communities and communities.item_key is null
                then 'community_code=' || coalesce(cases.community_code, '')
        end as unknown_area

    from cases
    cross join known_tables
    left join reference_keys as towns
        on
            towns.table_name = 'towns'
            and cases.town_code = towns.item_key
    left join reference_keys as communities
        on
            communities.table_name = 'communities'
            and cases.community_code = communities.item_key

),

judged as (

    select
        *,
        case
            when lacks_key then 'A01'
            when lacks_version then 'A01'
            when unknown_value is not null then 'A02'
            when unreadable_time is not null then 'A03'
            when wrong_order is not null then 'A04'
            when time_from_the_future is not null then 'A05'
            when unknown_area is not null then 'A06'
            when wrong_type is not null then 'A07'
        end as rule,
        case
            when lacks_key then '缺少 case_id'
            when lacks_version then '缺少 updated_at'
            when unknown_value is not null then '取值不在约定内：' || unknown_value
            when unreadable_time is not null then '时间无法识别：' || unreadable_time
            when wrong_order is not null then '时间先后颠倒：' || wrong_order
            when time_from_the_future is not null
                then time_from_the_future || ' 晚于 updated_at 5 分钟以上'
            when unknown_area is not null then '乡镇或社区不在参照表：' || unknown_area
            when wrong_type is not null then '字段类型不符：' || wrong_type
        end as message

    from facts

),

ranked as (

    select
        *,
        row_number() over (
            partition by case_id, rule is null
            order by updated_at desc nulls last, load_id desc, line desc
        ) as version_rank

    from judged

)

select
    -- the row
    row_id,
    'cases' as source,
    'cases' as source_table,
    load_id,
    load_date,
    landed_at,
    owner,
    file,
    sheet,
    line,
    case_id as record_key,

    -- times
    least(coalesce(cast(updated_at as date), load_date), as_of_date) as business_date,
    updated_at as version_at,
    updated_at as recorded_at,

    -- the verdict
    case
        when rule is not null then 'quarantined'
        when version_rank > 1 then 'superseded'
        else 'accepted'
    end as verdict,
    rule,
    message,
    cast(null as varchar) as warning,

    -- fields
    case_id,
    kind,
    category_code,
    channel,
    is_urban_management,
    town_code,
    community_code,
    grid_code,
    lon,
    lat,
    dept_code,
    contractor_code,
    reported_at,
    accepted_at,
    registered_at,
    dispatched_at,
    due_at_original,
    due_at,
    stop_due_at,
    stopped_at,
    disposed_at,
    checked_at,
    closed_at,
    status,
    suspended_at,
    resumed_at,
    master_case_id,
    rework_count,
    extension_count,
    resolution_means,
    updated_at

from ranked
