-- The modules that a sheet may name: those of any known version of the scheme.
select module_id

from {{ source('ops', 'scheme_modules') }}

group by module_id
