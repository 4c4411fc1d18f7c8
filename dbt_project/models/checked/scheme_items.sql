-- The deduction items that a sheet may name: those of any known version of the scheme.
-- Whether an item counts is asked when a month is scored.
select item_id

from {{ source('ops', 'scheme_items') }}

group by item_id
