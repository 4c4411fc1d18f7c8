-- Numerators and denominators of the case life-cycle, summed and divided once for all.
-- Quarters and years are the sums of their months, each cut at its own c; a median looks
-- at every case of the period.
with

events as (

    select * from {{ ref('case_metric_events') }}

),

metrics as (

    select * from {{ ref('case_metric_names') }}

),

periods as (

    select * from {{ ref('int_feed_periods') }}

    where feed = 'cases'

),

areas as (

    select * from {{ ref('int_areas') }}

),

-- Grouped first by all that is asked for; everything after is small.
monthly as (

    select
        metric_id,
        month_start,
        town_code,
        dept_code,
        actor_role,
        case_class,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        count(*) filter (where excluded_reason is null) as n,
        count(*) filter (where excluded_reason is not null) as excluded

    from events

    group by
        metric_id,
        month_start,
        town_code,
        dept_code,
        actor_role,
        case_class

),

dimensions as (

    select unnest(['county', 'town', 'department', 'role', 'class']) as dimension

),

-- A month and the quarter and year it lies in.
months as (

    select
        months.period_start as month_start,
        periods.period_type,
        periods.period

    from periods as months
    inner join periods
        on
            months.period_start >= periods.period_start
            and months.period_start < periods.period_end

    where months.period_type = 'M'

),

by_month as (

    select
        monthly.metric_id,
        monthly.month_start,
        dimensions.dimension,
        {{ case_member('monthly') }} as member,
        sum(monthly.numerator) as numerator,
        sum(monthly.denominator) as denominator,
        sum(monthly.n) as n,
        sum(monthly.excluded) as excluded

    from monthly
    cross join dimensions

    group by
        monthly.metric_id,
        monthly.month_start,
        dimensions.dimension,
        {{ case_member('monthly') }}

),

by_member as (

    select
        by_month.metric_id,
        months.period_type,
        months.period,
        by_month.dimension,
        by_month.member,
        sum(by_month.numerator) as numerator,
        sum(by_month.denominator) as denominator,
        sum(by_month.n) as n,
        sum(by_month.excluded) as excluded

    from by_month
    inner join months on by_month.month_start = months.month_start

    group by
        by_month.metric_id,
        months.period_type,
        months.period,
        by_month.dimension,
        by_month.member

),

medians as (

    select
        events.metric_id,
        months.period_type,
        months.period,
        dimensions.dimension,
        {{ case_member('events') }} as member,
        median(cast(events.numerator as double)) as median_hours

    from events
    inner join metrics
        on events.metric_id = metrics.metric_id and metrics.unit = '小时'
    inner join months on events.month_start = months.month_start
    cross join dimensions

    group by
        events.metric_id,
        months.period_type,
        months.period,
        dimensions.dimension,
        {{ case_member('events') }}

),

-- A period is provided for if any of its months has the fields that the metric needs.
provided as (

    select
        metrics.metric_id,
        months.period_type,
        months.period,
        bool_or(absent.month_start is null) as is_provided

    from metrics
    cross join months
    left join {{ ref('int_absent_metrics') }} as absent
        on
            metrics.metric_id = absent.metric_id
            and months.month_start = absent.month_start

    group by
        metrics.metric_id,
        months.period_type,
        months.period

),

-- The county and its towns are asked for whether or not anything happened; departments,
-- posts and classes where something did.
asked as (

    select
        metrics.metric_id,
        periods.period_type,
        periods.period,
        case when areas.town_code is null then 'county' else 'town' end as dimension,
        areas.area_code as member

    from metrics
    cross join periods
    cross join areas

    union

    select
        metric_id,
        period_type,
        period,
        dimension,
        member

    from by_member

    where member is not null

),

summed as (

    select
        asked.*,
        metrics.position,
        metrics.name_zh,
        metrics.unit,
        provided.is_provided,
        case
            when provided.is_provided then coalesce(by_member.numerator, 0)
        end as numerator,
        case
            when provided.is_provided and metrics.unit != '件'
                then coalesce(by_member.denominator, 0)
        end as denominator,
        coalesce(by_member.n, 0) as n,
        coalesce(by_member.excluded, 0) as excluded,
        medians.median_hours

    from asked
    inner join metrics
        on asked.metric_id = metrics.metric_id
    inner join provided
        on
            asked.metric_id = provided.metric_id
            and asked.period = provided.period
    left join by_member
        on
            asked.metric_id = by_member.metric_id
            and asked.period = by_member.period
            and asked.dimension = by_member.dimension
            and asked.member = by_member.member
    left join medians
        on
            asked.metric_id = medians.metric_id
            and asked.period = medians.period
            and asked.dimension = medians.dimension
            and asked.member = medians.member

),

valued as (

    select
        *,
        case when unit = '小时' then metric_id || '_mean' else metric_id end
            as shown_id,
        case when unit = '小时' then name_zh || '（平均）' else name_zh end
            as shown_name,
        case
            when unit = '件' then cast(numerator as double)
            when denominator > 0 and unit = '%'
                then cast(numerator as double) / cast(denominator as double) * 100
            when denominator > 0
                then cast(numerator as double) / cast(denominator as double)
        end as value

    from summed

    union all

    select
        *,
        metric_id || '_median' as shown_id,
        name_zh || '（中位数）' as shown_name,
        median_hours as value

    from summed

    where unit = '小时'

),

member_names as (

    select
        case when town_code is null then 'county' else 'town' end as dimension,
        area_code as member,
        area_name as member_name

    from areas

    union all

    select
        'department' as dimension,
        dept_code as member,
        max_by(name, valid_from) as member_name

    from {{ ref('stg_reference__departments') }}

    group by dept_code

    union all

    select
        'class' as dimension,
        kind || substr(category_code, 1, 2) as member,
        kind || '·' || max_by(class_name, valid_from) as member_name

    from {{ ref('stg_reference__case_categories') }}

    group by
        kind,
        substr(category_code, 1, 2)

)

select
    -- ids
    valued.shown_id as metric_id,
    valued.shown_name as metric_name,
    valued.unit,
    valued.period_type,
    valued.period,
    valued.dimension,
    valued.member,
    coalesce(member_names.member_name, valued.member) as member_name,

    -- measures
    case
        when valued.shown_id like '%_median' then null
        else cast(valued.numerator as double)
    end as numerator,
    cast(valued.denominator as double) as denominator,
    valued.value,
    case
        when not valued.is_provided then 'not_provided'
        when valued.value is null then 'no_denominator'
    end as null_reason,
    cast(valued.n as bigint) as n,
    cast(valued.excluded as bigint) as excluded

from valued
left join member_names
    on
        valued.dimension = member_names.dimension
        and valued.member = member_names.member
