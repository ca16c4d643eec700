create table measurement (like measurement_late including defaults) with (toast_tuple_target = 8160);
select create_hypertable('measurement', by_range('time', interval '1 day'), create_default_indexes => false);
create unique index on measurement (time, uid);
create index on measurement (target, time);

-- The columnstore is not in the extension's Apache edition.
do $$
begin
    if current_setting('timescaledb.license', true) = 'timescale' then
        alter table measurement set (timescaledb.enable_columnstore, timescaledb.segmentby = 'target', timescaledb.orderby = 'time desc, uid');
        call add_columnstore_policy('measurement', after => interval '15 days');
    end if;
end $$;

-- Chunks are made by the extension.
create function measurement_partitions(first_day date, last_day date) returns integer language sql as $$ select 0 $$;

create function measurement_drop_before(day date) returns integer language sql as $$
    select count(*)::integer from drop_chunks('measurement', older_than => day::timestamp at time zone 'UTC')
$$;

create view measurement_all as select * from measurement union all select * from measurement_late;
