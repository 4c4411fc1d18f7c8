{#
  Landed telemetry stays in its Parquet files: copying 141 million polls a year into the
  warehouse would serve nobody. A model that reads it works night by night and remembers,
  per night, a hash of the files it has read; a night is read again when its files
  change. So a late poll, a killed run and a deleted warehouse end in the same rows.
#}

{# Nights with the hash of the landed files that hold their polls. #}
{% macro telemetry_nights() %}
    select
        night_date,
        md5(string_agg(load_id, ',' order by day, load_id)) as input_hash

    from (
        select
            day as night_date,
            day,
            load_id

        from {{ ref('telemetry_files') }}

        union all

        -- The small hours of a day belong to the night before.
        select
            {{ add_days('day', -1) }} as night_date,
            day,
            load_id

        from {{ ref('telemetry_files') }}
    ) as nightly_files

    group by night_date
{% endmacro %}

{# The nights that `model` has not read, or has read from other files. #}
{% macro unread_nights(model) %}
    select
        nights.night_date,
        nights.input_hash

    from ({{ telemetry_nights() }}) as nights

    {% if is_incremental() %}
        left join (
            select distinct
                night_date,
                input_hash

            from {{ model }}
        ) as seen
            on
                nights.night_date = seen.night_date
                and nights.input_hash = seen.input_hash

        where seen.night_date is null
    {% endif %}
{% endmacro %}

{# The polls of those nights. #}
{% macro unread_polls(model) %}
    {% set paths = [] %}
    {% if execute and flags.WHICH in ('run', 'build', 'test') %}
        {% set files %}
            select distinct files.path
            from {{ ref('telemetry_files') }} as files
            inner join ({{ unread_nights(model) }}) as unread
                on
                    files.day = unread.night_date
                    or files.day = {{ add_days('unread.night_date', 1) }}
            order by files.path
        {% endset %}
        {% set paths = run_query(files).columns[0].values() | list %}
    {% endif %}
    select
        polls.lamp_id,
        polls.ts,
        polls.power_state,
        polls.online,
        polls.power_w,
        polls.load_id,
        polls.load_date,
        unread.night_date,
        unread.input_hash

    {% if paths %}
    from read_parquet({{ paths }}, union_by_name = true) as polls
    {% else %}
    from (
        select
            cast(null as varchar) as lamp_id,
            cast(null as timestamp) as ts,
            cast(null as varchar) as power_state,
            cast(null as boolean) as online,
            cast(null as double) as power_w,
            cast(null as varchar) as load_id,
            cast(null as date) as load_date

        where false
    ) as polls
    {% endif %}
    inner join ({{ unread_nights(model) }}) as unread
        on {{ night_of('polls.ts') }} = unread.night_date
{% endmacro %}

{#
  The nights whose verdicts `model` has not, or has from other inputs; none when it must
  judge them all. They are named one by one, for the engine reads the polls of the
  nights it is told, but would join all of a year's to find them out.
#}
{% macro changed_nights(model) %}
    {% if not (is_incremental() and execute and flags.WHICH in ('run', 'build')) %}
        {{ return(none) }}
    {% endif %}
    {% set changed %}
        select inputs.night_date
        from {{ ref('int_lamp_night_inputs') }} as inputs
        left join (select distinct night_date, input_hash from {{ model }}) as judged
            on
                inputs.night_date = judged.night_date
                and inputs.input_hash = judged.input_hash
        where judged.night_date is null
        order by inputs.night_date
    {% endset %}
    {{ return(run_query(changed).columns[0].values() | list) }}
{% endmacro %}

{# A condition that a night is one of some; every night is, where none are named. #}
{% macro is_among(night_date, nights) -%}
    {% if nights is none -%}
        true
    {%- elif not nights -%}
        false
    {%- else -%}
        {{ night_date }} between date '{{ nights[0] }}' and date '{{ nights[-1] }}'
        and {{ night_date }} in (
            {%- for night in nights -%}
                date '{{ night }}'{{ ', ' if not loop.last }}
            {%- endfor -%}
        )
    {%- endif %}
{%- endmacro %}
