-- The cells of each landed deduction.
with

landed as (

    select
        *,
        {{ cells_of('raw') }} as cells

    from {{ source('landed', 'inspection_deductions') }}

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
        cells,

        -- ids
        {{ cell('扣分编号') }} as deduction_id,
        {{ cell('检查表编号') }} as sheet_id,
        {{ cell('扣分项') }} as item_id,
        {{ cell('事实编号') }} as fact_id,

        -- measures
        {{ as_number(cell('数量')) }} as quantity,
        {{ cell('数量') }} as quantity_text,

        -- times
        {{ as_local_time_or_date(cell('发现时间')) }} as found_at,
        {{ as_deadline(cell('整改期限')) }} as rectify_due_at,
        {{ as_local_time_or_date(cell('整改时间')) }} as rectified_at

    from landed

)

select
    {{ all_columns_but('cells') }},

    -- what cannot be read; any of these times may be empty
    case
        when found_at is null and {{ cell('发现时间') }} is not null
            then '发现时间=' || {{ cell('发现时间') }}
        when rectify_due_at is null and {{ cell('整改期限') }} is not null
            then '整改期限=' || {{ cell('整改期限') }}
        when rectified_at is null and {{ cell('整改时间') }} is not null
            then '整改时间=' || {{ cell('整改时间') }}
    end as unreadable_time

from typed
