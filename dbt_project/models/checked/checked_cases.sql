-- A. Case platform: the verdict on every visible version of a case.
{% set stages = [
    'reported_at', 'accepted_at', 'registered_at', 'dispatched_at', 'stopped_at',
    'disposed_at', 'checked_at', 'closed_at', 'suspended_at', 'resumed_at',
] %}
{% set times = stages + ['due_at_original', 'due_at', 'stop_due_at', 'updated_at'] %}

with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

-- A version belongs to its own day; one that does not say which is seen at once.
cases as (

    select
        parsed.*,
        -- 0/0 lies in the sea off Africa: a platform's way to write "unknown".
        coalesce(parsed.lon = 0 and parsed.lat = 0, false) as has_no_place,
        parameters.as_of_date,
        parameters.history_from

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
        count(*) filter (where table_name = 'communities') > 0 as has_communities,
        count(*) filter (where table_name = 'departments') > 0 as has_departments,
        count(*) filter (where table_name = 'contractors') > 0 as has_contractors,
        count(*) filter (where table_name = 'case_categories') > 0 as has_categories

    from reference_keys

),

facts as (

    select
        cases.*,
        known_tables.has_towns and towns.item_key is null as is_unknown_town,
        known_tables.has_communities and communities.item_key is null
            as is_unknown_community,
        case
            when
                known_tables.has_categories
                and categories.item_key is null
                then {{ quoted('cases.category_code') }}
        end as unknown_category,
        case
            when
                known_tables.has_departments
                and cases.dept_code is not null
                and departments.item_key is null
                then {{ quoted('cases.dept_code') }}
        end as unknown_department,
        case
            when
                known_tables.has_contractors
                and cases.contractor_code is not null
                and contractors.item_key is null
                then {{ quoted('cases.contractor_code') }}
        end as unknown_contractor

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
    left join reference_keys as departments
        on
            departments.table_name = 'departments'
            and cases.dept_code = departments.item_key
    left join reference_keys as contractors
        on
            contractors.table_name = 'contractors'
            and cases.contractor_code = contractors.item_key
    left join reference_keys as categories
        on
            categories.table_name = 'case_categories'
            and cases.kind || '/' || cases.category_code = categories.item_key

),

judged as (

    select
        *,
        {{ judge(
            [
                fault('A01', 'lacks_key', "'缺少 case_id'"),
                fault('A01', 'lacks_version', "'缺少 updated_at'"),
                one_of('A02', 'kind', ['事件', '部件']),
                one_of('A02', 'channel', [
                    '监督员', '视频', '12345', '12319', '信访',
                    '网络留言', '微信', '媒体', '上级转办',
                ]),
                one_of('A02', 'status', [
                    '待受理', '不予受理', '已立案', '已派遣', '处置中',
                    '待核查', '已结案', '挂账', '作废',
                ]),
                one_of(
                    'A02', 'resolution_means', ['服务', '管理', '执法'],
                    may_be_empty=true
                ),
                faults_in('unreadable_times'),
            ]
            + within_history('A03', times)
            + [
                must_not_precede('A04', 'registered_at', 'reported_at'),
                must_not_precede('A04', 'accepted_at', 'reported_at'),
                must_not_precede('A04', 'dispatched_at', 'reported_at'),
                must_not_precede('A04', 'disposed_at', 'reported_at'),
                must_not_precede('A04', 'closed_at', 'reported_at'),
                must_not_precede('A04', 'due_at', 'reported_at'),
                must_not_precede('A04', 'disposed_at', 'dispatched_at'),
                must_not_precede('A04', 'closed_at', 'registered_at'),
                must_not_precede('A04', 'resumed_at', 'suspended_at'),
            ]
            + not_after_version('A05', stages)
            + [
                fault(
                    'A06', 'is_unknown_town',
                    "'乡镇不在参照表：' || " ~ quoted('town_code')
                ),
                fault(
                    'A06', 'is_unknown_community',
                    "'社区不在参照表：' || " ~ quoted('community_code')
                ),
                faults_in('wrong_types'),
            ]
        ) }} as faults

    from facts

),

ranked as (

    select
        *,
        row_number() over (
            partition by case_id, faults is null
            order by updated_at desc nulls last, load_id desc, line desc
        ) as version_rank

    from judged

),

reopened as (

    select
        case_id,
        max(event_at) as event_at

    from {{ ref('checked_case_events') }}

    where verdict = 'accepted' and event_type = 'reopened'

    group by case_id

),

-- Of a record in force: what is odd about it, though it stands.
warned as (

    select
        ranked.*,
        concat_ws(
            '；',
            case
                when
                    coalesce(
                        ranked.unknown_category,
                        ranked.unknown_department,
                        ranked.unknown_contractor
                    ) is not null
                    then
                        'AW1 编码不在参照表：' || concat_ws(
                            '、',
                            ranked.unknown_category,
                            ranked.unknown_department,
                            ranked.unknown_contractor
                        )
            end,
            case
                when
                    ranked.closed_at is not null
                    and ranked.status not in ('已结案', '作废')
                    then 'AW2 已有结案时间，状态却是 ' || ranked.status
                when
                    reopened.event_at > ranked.closed_at
                    and ranked.status != '作废'
                    then 'AW2 已有结案时间，其后又有重新打开的流转记录'
            end,
            case when ranked.has_no_place then 'AW3 坐标为 0/0，按没有坐标处理' end
        ) as warnings

    from ranked
    left join reopened
        on ranked.case_id = reopened.case_id

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
    {{ verdict(in_force='version_rank = 1') }},
    case
        when faults is null and version_rank = 1 then nullif(warnings, '')
    end as warning,
    faults,

    -- fields
    case_id,
    kind,
    category_code,
    channel,
    is_urban_management,
    town_code,
    community_code,
    grid_code,
    case when not has_no_place then lon end as lon,
    case when not has_no_place then lat end as lat,
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

from warned
