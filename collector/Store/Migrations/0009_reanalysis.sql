-- Days computed again, from all their measurements, under the rules of that moment.
create table reanalysis (
    id                   bigint  generated always as identity primary key,
    since                date    not null,
    until                date    not null,
    rules_version        integer not null,
    fingerprints_version text    not null,
    -- Null while it is under way: what it has computed by then is not in force yet.
    finished             date,
    measurements         bigint  not null default 0,
    -- Unit days that say something else than before.
    changed              bigint  not null default 0
);

-- Days that others compute while a reanalysis is under way: its own are older, so these are computed once more afterwards.
create table reanalysis_again (
    cc   text not null,
    host text not null,
    day  date not null,
    primary key (cc, host, day)
);

-- What unit days said before a reanalysis put others in their place: the version before, with its rules.
create table unit_day_former (
    reanalysis bigint not null references reanalysis,
    like unit_day
);
create index on unit_day_former (reanalysis);
create index on unit_day_former (cc, host, day);

-- Cells over a reanalysis' days that say something else since. Null where there was none, or is none any more.
create table cell_change (
    reanalysis        bigint not null references reanalysis,
    cc                text   not null,
    target            text   not null,
    asn               bigint not null,
    state_before      text,
    state_after       text,
    reason_before     text,
    reason_after      text,
    mechanisms_before text[] not null,
    mechanisms_after  text[] not null,
    primary key (reanalysis, cc, target, asn)
);
