-- The planner may look at a condition on pg_class before it knows which of its rows are partitions, and then reads other relations' names as days.
create or replace function measurement_drop_before(day date) returns integer language plpgsql as $$
declare
    partition_name text;
    dropped integer := 0;
begin
    for partition_name in
        with partitions as materialized (
            select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'measurement'::regclass)
        select relname from partitions where to_date(right(relname, 8), 'YYYYMMDD') + 7 <= day
    loop
        execute format('drop table %I', partition_name);
        dropped := dropped + 1;
    end loop;
    return dropped;
end $$;
