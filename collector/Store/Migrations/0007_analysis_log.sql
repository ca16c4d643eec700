-- How far the analysis has come in the log of batches. What is later is added to the unit days that are there; days in
-- "dirty" are computed anew, from everything.
create table analysis_position (
    single boolean primary key default true check (single),
    index  bigint  not null,
    -- Inputs that were targets of their own then: where a list changes that, days are marked.
    pages  text[]  not null
);
insert into analysis_position (index, pages) select coalesce(max(index), -1), '{}' from log_leaf;

-- Days computed anew from more of the log than that: their part of it is not to be added again.
create table day_ahead (
    cc      text   not null,
    host    text   not null,
    day     date   not null,
    through bigint not null,
    primary key (cc, host, day)
);

-- From a leaf of the log to its rows.
create index on measurement (batch);
create index on measurement_late (batch);
-- Controls are few among many.
create index on measurement (target, time) where role = 2;

-- A day is plain where nothing was wrong and nothing is listed: every sight is an "ok" of a scheduled run, or discarded for one
-- same reason. Its counts then say all that its findings say. Null otherwise, and for days computed before.
alter table unit_day
    add column plain_grain   integer,
    add column plain_first   timestamptz,
    add column plain_last    timestamptz,
    add column plain_discard text;
create index on unit_day (cc, day) where plain_grain is null;
