-- What landed text says. Blanks around a cell do not count, an empty cell is null.
create macro trimmed(t) as
    nullif(trim(t, ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)), '');

create macro cells_of(raw) as try_cast(try_cast(raw as json) as map(varchar, varchar));

create macro as_number(t) as
    case when regexp_full_match(t, '[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?')
        then try_cast(t as double) end;

create macro as_integer(t) as
    case when regexp_full_match(t, '[+-]?[0-9]+([.]0*)?') then try_cast(t as bigint) end;

create macro half_width(t) as translate(t, '０１２３４５６７８９，．＋－', '0123456789,.+-');

create macro as_weight(t) as
    case when regexp_full_match(half_width(t), '[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]*)?')
        then try_cast(replace(half_width(t), ',', '') as double) end;

create macro as_date(t) as
    case when regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00(:00([.]0+)?)?)?')
        then try_cast(left(t, 10) as date) end;

create macro as_time(t) as
    case when regexp_full_match(t, '[0-9]{4}-[0-9]{2}-[0-9]{2} ([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?')
        then try_cast(t as timestamp) end;

create macro as_time_or_date(t) as coalesce(as_time(t), cast(as_date(t) as timestamp));

create macro as_deadline(t) as
    case when length(t) = 10 then cast(as_date(t) as timestamp) + interval 1 day else as_time(t) end;

-- A JSON string with an offset, as county time.
create macro as_county_time(j) as
    case when regexp_full_match(j ->> '$', '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)')
            and json_type(j) = 'VARCHAR'
        then make_timestamp(epoch_us(try_cast(j ->> '$' as timestamptz)) + 28800000000) end;

-- What is wrong with a JSON field: a text (that may be null), a number, a count, a flag.
create macro is_no_text(j) as coalesce(json_type(j), '') != 'VARCHAR';
create macro is_odd_text(j) as coalesce(json_type(j), 'VARCHAR') != 'VARCHAR';
create macro is_odd_number(j) as coalesce(json_type(j), 'DOUBLE') not in ('UBIGINT', 'BIGINT', 'DOUBLE');
create macro is_no_count(j) as coalesce(json_type(j), '') != 'UBIGINT';
create macro is_no_flag(j) as coalesce(json_type(j), '') != 'BOOLEAN';
create macro is_bad_time(j) as j is not null and as_county_time(j) is null;
create macro is_blank(j) as nullif(trim(j ->> '$'), '') is null;

create macro minutes(a, b) as (epoch_us(b) - epoch_us(a)) / 60000000.0;
create macro verdict_of(rule, version_rank) as
    case when rule is not null then 'quarantined' when version_rank > 1 then 'superseded' else 'accepted' end;

-- The night in 30 half-hour slots from 17:00; a set of slots is an integer's bits.
create macro slot_at(night, t) as (minutes(cast(night as timestamp), t) - 1020) / 30.0;
create macro slot_bit(slot) as (1::bigint << cast(slot as integer));
create macro slots_between(a, b) as
    case when least(greatest(b, 0), 30) > least(greatest(a, 0), 30)
        then slot_bit(least(greatest(b, 0), 30)) - slot_bit(least(greatest(a, 0), 30)) else 0::bigint end;
