create table measurement (like measurement_late including defaults) partition by range (time);
create unique index on measurement (time, uid);
create index on measurement (target, time);

-- Makes the weekly partitions that hold both days and all between; those that exist stay.
create function measurement_partitions(first_day date, last_day date) returns integer language plpgsql as $$
declare
    week date := date_trunc('week', first_day)::date;
    partition_name text;
    made integer := 0;
begin
    perform pg_advisory_xact_lock(7205759403792793602);
    while week <= last_day loop
        partition_name := 'measurement_' || to_char(week, 'YYYYMMDD');
        if to_regclass(quote_ident(partition_name)) is null then
            execute format('create table %I (like measurement including all) with (toast_tuple_target = 8160)', partition_name);
            -- Attaching takes a lighter lock than making a partition in place.
            execute format('alter table measurement attach partition %I for values from (%L) to (%L)',
                partition_name, week::text || ' 00:00:00+00', (week + 7)::text || ' 00:00:00+00');
            made := made + 1;
        end if;
        week := week + 7;
    end loop;
    return made;
end $$;

-- Drops the partitions that end before the day.
create function measurement_drop_before(day date) returns integer language plpgsql as $$
declare
    partition_name text;
    dropped integer := 0;
begin
    for partition_name in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'measurement'::regclass and to_date(right(c.relname, 8), 'YYYYMMDD') + 7 <= day
    loop
        execute format('drop table %I', partition_name);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;

create view measurement_all as select * from measurement union all select * from measurement_late;
