-- What has become known of a frozen month since: the difference to what was already
-- paid for it, as a line of the contractor's first month that is still open.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

results as (

    select * from {{ ref('contractor_results') }}

),

frozen as (

    select score_ledger.*

    from {{ source('ops', 'score_ledger') }} as score_ledger
    inner join parameters
        on score_ledger.frozen_on <= parameters.as_of_date

),

-- Adjustments that were themselves frozen, with the month that carries them.
settled as (

    select
        lines.contractor_code,
        lines.record_key as month,
        sum(cast(lines.value as decimal(14, 2))) as settled_yuan

    from {{ source('ops', 'score_ledger_lines') }} as lines
    inner join parameters
        on lines.frozen_on <= parameters.as_of_date

    where lines.step = 'adjustment'

    group by
        lines.contractor_code,
        lines.record_key

),

open_months as (

    select
        contractor_code,
        month

    from results

    where not is_frozen and score is not null

),

compared as (

    select
        frozen.contractor_code,
        frozen.month,
        frozen.score as frozen_score,
        results.score,
        coalesce(frozen.payable_yuan, 0) + coalesce(settled.settled_yuan, 0)
            as paid_yuan,
        results.payable_yuan,
        results.payable_yuan
        - coalesce(frozen.payable_yuan, 0)
        - coalesce(settled.settled_yuan, 0) as adjustment_yuan

    from frozen
    inner join results
        on
            frozen.contractor_code = results.contractor_code
            and frozen.month = results.month
    left join settled
        on
            frozen.contractor_code = settled.contractor_code
            and frozen.month = settled.month

),

carried as (

    select
        compared.contractor_code,
        compared.month,
        min(open_months.month) as carried_by_month

    from compared
    left join open_months
        on
            compared.contractor_code = open_months.contractor_code
            and compared.month < open_months.month

    group by
        compared.contractor_code,
        compared.month

)

select
    compared.contractor_code,
    compared.month,
    -- A contractor whose contract has ended has no open month: tonight's, then.
    coalesce(
        carried.carried_by_month,
        {{ period_label("'M'", 'parameters.as_of_date') }}
    ) as carried_by_month,
    compared.frozen_score,
    compared.score,
    cast(compared.paid_yuan as decimal(14, 2)) as paid_yuan,
    compared.payable_yuan,
    cast(compared.adjustment_yuan as decimal(14, 2)) as adjustment_yuan

from compared
inner join carried
    on
        compared.contractor_code = carried.contractor_code
        and compared.month = carried.month
cross join parameters

where compared.adjustment_yuan != 0
