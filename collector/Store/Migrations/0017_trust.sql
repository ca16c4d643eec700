-- What is known of a unit beside what it measured. Deleted long after its epoch; it names no day, so that it joins no two epochs.
create table unit_standing (
    unit        bytea   primary key,
    epoch       integer not null,
    -- Its volunteer had been here for thirty days when its key was certified.
    established boolean not null,
    -- Why it is not counted as established all the same: it disagrees with the others. Null where it does not.
    doubt       text
);

-- Who was set aside and brought back, when and why; for ever.
create table quarantine_log (
    index  bigint generated always as identity primary key,
    unit   bytea  not null,
    day    date   not null,
    what   text   not null check (what in ('set_aside', 'brought_back')),
    reason text   not null
);

create function quarantine_log_stays() returns trigger language plpgsql as $$
begin
    raise exception 'quarantine_log is only added to';
end $$;
create trigger quarantine_log_stays before update or delete or truncate on quarantine_log for each statement execute function quarantine_log_stays();

-- Units weigh otherwise than before: what rests on them is computed anew.
delete from cell_window;
insert into event_due (cc, host, marked) select d.cc, d.host, nextval('dirty_mark') from (select distinct cc, host from unit_day) d
on conflict (cc, host) do update set marked = excluded.marked;
