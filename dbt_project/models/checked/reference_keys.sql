{{ config(materialized='view') }}
-- What a code may name: every key of any edition that is visible. A town that was
-- merged away last year is no unknown town.
select
    owner as table_name,
    item_key

from {{ ref('checked_reference_rows') }}

where verdict = 'accepted'

group by
    owner,
    item_key
