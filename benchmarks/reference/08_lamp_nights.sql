-- Every night of every single-lamp controller in service, with its verdict.
create table lamp_night_records as
with nights as (
    select day as night from calendar
    where day >= (select first_date from first_dates where source = 'lighting') and day < getvariable('day')
),
burning as (
    select p.circuit_id, p.night_date as night,
        any_value(slots_between(ceil(slot_at(night_date, on_at)), floor(slot_at(night_date, off_at)) + 1))
        & ~coalesce(bit_or(slots_between(ceil(slot_at(night_date, starts_at)), ceil(slot_at(night_date, ends_at)))), 0::bigint)
            as asked
    from plans_checked as p
    left join outages_checked as o
        on o.verdict = 'accepted' and p.circuit_id = o.circuit_id
        and o.starts_at < cast(p.night_date as timestamp) + interval 36 hours
        and o.ends_at > cast(p.night_date as timestamp) + interval 12 hours
    where p.verdict = 'accepted'
    group by p.circuit_id, p.night_date
),
judged as (
    select n.night, l.lamp_id, l.town_code, l.road_class,
        bit_count(coalesce(s.polled_slots, 0::bigint)) as polled,
        case
            when b.asked is null then 'no_plan'
            when b.asked = 0 then '计划停'
            when bit_count(b.asked & coalesce(s.lit_slots, 0::bigint)) >= 0.9 * bit_count(b.asked) then '亮'
            when bit_count(b.asked & coalesce(s.lit_slots, 0::bigint))
                + bit_count(b.asked & ~coalesce(s.known_slots, 0::bigint)) >= 0.9 * bit_count(b.asked) then '未知'
            else '不亮'
        end as verdict
    from nights as n
    inner join lamps as l
        on l.control = '单灯' and coalesce(l.in_service_from, n.night) <= n.night
        and coalesce(l.in_service_to, n.night) >= n.night
    left join burning as b on l.circuit_id = b.circuit_id and n.night = b.night
    left join slots as s on l.lamp_id = s.lamp_id and n.night = s.night
)
select 'lit_lamps' as record_type, night || '/' || coalesce(town_code, '-') || '/' || coalesce(road_class, '-') as record_key,
    night, town_code, road_class, verdict, count(*) as record_count, sum(polled) as polled
from judged
where verdict = '亮'
group by night, town_code, road_class, verdict
union all
select 'lamp_night', night || '/' || lamp_id, night, town_code, road_class, verdict, 1, polled
from judged
where verdict != '亮';
