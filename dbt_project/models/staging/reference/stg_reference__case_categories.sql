-- What a category code means, one row per edition, kind and code.
select
    -- ids
    {{ cell('kind') }} as kind,
    {{ cell('category_code') }} as category_code,

    -- categories
    {{ cell('class_name') }} as class_name,
    {{ cell('subclass_name') }} as subclass_name,
    {{ cell('indicator_group') }} as indicator_group,

    -- in force from, up to
    valid_from,
    valid_to

from {{ ref('checked_reference_rows') }}

where owner = 'case_categories' and verdict = 'accepted'
