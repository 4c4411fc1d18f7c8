-- Polls of the nights to read, as sets of slots. What is known of other nights is given:
-- known_slots and known_suspects, both empty when all of history is read.
create view polls as
select cast(ts - interval 12 hours as date) as night, lamp_id, ts, power_state, power_w,
    coalesce(online, false) as is_online, coalesce(power_state in ('on', 'low'), false) as is_on,
    coalesce(power_state not in ('on', 'off', 'low'), false) or coalesce(power_w < 0, false) as is_broken
from read_parquet(getvariable('poll_files'))
where cast(ts - interval 12 hours as date) in (select unnest(getvariable('nights')));

-- The last poll of a slot counts: the greatest of its time with its two flags behind it.
create table slots as
with by_slot as (
    select night, lamp_id, cast(floor(slot_at(night, ts)) as integer) as slot,
        max(case when not is_broken then
            epoch_us(ts) * 4 + if(is_online and is_on, 2, 0) + if(is_online, 1, 0) end) as last_poll,
        max(ts) as last_poll_at, count(*) as polls, count(*) filter (where is_broken) as broken
    from polls
    group by all
)
select night, lamp_id,
    coalesce(sum(slot_bit(slot)) filter (where last_poll is not null and slot between 0 and 29), 0)::bigint as polled_slots,
    coalesce(sum(slot_bit(slot)) filter (where last_poll & 2 = 2 and slot between 0 and 29), 0)::bigint as lit_slots,
    coalesce(sum(slot_bit(slot)) filter (where last_poll & 1 = 1 and slot between 0 and 29), 0)::bigint as known_slots,
    coalesce(sum(polls) filter (where slot < 14), 0)::bigint as evening_polls,
    coalesce(sum(polls) filter (where slot >= 14), 0)::bigint as morning_polls,
    coalesce(sum(broken) filter (where slot < 14), 0)::bigint as evening_broken,
    coalesce(sum(broken) filter (where slot >= 14), 0)::bigint as morning_broken,
    max(last_poll_at) as last_poll_at
from by_slot
group by night, lamp_id
union all by name
select * from known_slots where night not in (select unnest(getvariable('nights')));

create table suspects as
select night, lamp_id, ts, power_state, power_w from polls
where is_broken or lamp_id not in (select lamp_id from lamps)
union all by name
select * from known_suspects where night not in (select unnest(getvariable('nights')));

create table poll_rules as
select cast(ts as date) as business_date, case
        when lamp_id not in (select lamp_id from lamps) then 'D01'
        when power_state not in ('on', 'off', 'low') then 'D02'
        else 'D04'
    end as rule
from suspects
where ts <= getvariable('as_of')
    and (lamp_id not in (select lamp_id from lamps) or power_state not in ('on', 'off', 'low') or power_w < 0);

create table poll_days as
with nights as (
    select s.*, l.lamp_id is not null as is_known
    from slots as s
    left join lamps as l on s.lamp_id = l.lamp_id
),
halves as (
    select night as business_date, evening_polls as received,
        if(is_known, evening_broken, evening_polls) as quarantined,
        if(evening_polls > 0, last_poll_at, null) as last_record_at
    from nights
    union all
    select night + 1, morning_polls, if(is_known, morning_broken, morning_polls),
        if(morning_polls > 0, last_poll_at, null)
    from nights
)
select business_date, sum(received) as received, sum(received) - sum(quarantined) as accepted,
    sum(quarantined) as quarantined, max(last_record_at) as last_record_at
from halves
group by business_date
having sum(received) > 0;
