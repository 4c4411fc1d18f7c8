-- Files in the drop that the last load of their source did not take, and why: a name that
-- the contract does not know, no regular file, a link out of the drop, too large.
select
    source,
    file,
    reason,
    since

from {{ source('ops', 'unread_files') }}
