-- What one unit saw of a target on a UTC day. A (cc, host, day) is replaced as a whole, never added to.
create table unit_day (
    cc                   text        not null,
    -- Host name of the input; also the target, unless the list marks a page.
    host                 text        not null,
    target               text        not null,
    day                  date        not null,
    asn                  bigint      not null,
    unit                 bytea       not null,
    "group"              bytea       not null,
    asn_source           smallint    not null,
    access               smallint    not null,
    rules_version        integer     not null,
    fingerprints_version text        not null,
    -- Measurements that say anything, and those of them that show interference; tasks and manual ones included.
    n                    integer     not null,
    k                    integer     not null,
    -- Scheduled ones alone.
    runs                 integer     not null,
    interference_runs    integer     not null,
    discarded_runs       integer     not null,
    -- Scheduled ones by outcome: artefact, anomaly, slow, refused, down, ok, discarded.
    outcomes             integer[]   not null,
    -- A serialised StoredSights.
    findings             bytea       not null,
    mechanisms           text[]      not null,
    artefacts            text[]      not null,
    tokens               text[]      not null,
    first_seen           timestamptz not null,
    last_seen            timestamptz not null,
    first_interference   timestamptz,
    last_interference    timestamptz,
    witness              uuid        not null,
    primary key (cc, target, day, asn, unit, asn_source)
);
create index on unit_day (cc, host, day);
create index on unit_day (cc, asn, day);
create index on unit_day (cc, day);
create index on unit_day (host, day);

-- Every provider of a country that was ever measured from.
create table isp (
    cc        text   not null,
    asn       bigint not null,
    first_day date   not null,
    last_day  date   not null,
    primary key (cc, asn)
);

-- Wrong answers and pages of a day: what names of two owners share is a sink.
create table stray (
    cc   text not null,
    day  date not null,
    host text not null,
    mark text not null,
    primary key (cc, day, host, mark)
);
create index on stray (cc, day, mark);

-- What controls did on a day.
create table control_day (
    host         text    not null,
    day          date    not null,
    networks     integer not null,
    measurements integer not null,
    reached      integer not null,
    primary key (host, day)
);

-- Windows that the cell table holds completely.
create table cell_window (
    cc       text        not null,
    since    date        not null,
    until    date        not null,
    computed timestamptz not null,
    primary key (cc, since, until)
);

-- Cells of those windows, as far as anything was measured.
create table cell (
    cc                text             not null,
    since             date             not null,
    until             date             not null,
    host              text             not null,
    target            text             not null,
    asn               bigint           not null,
    state             text             not null,
    reason            text,
    -- "name|via|runs|units", strongest first.
    mechanisms        text[]           not null,
    locus             text             not null,
    hop_asn           bigint,
    units             integer          not null,
    groups            integer          not null,
    runs              integer          not null,
    interference_runs integer          not null,
    discarded_runs    integer          not null,
    low               double precision,
    high              double precision,
    posterior         double precision,
    since_earliest    timestamptz,
    since_latest      timestamptz,
    changed           boolean          not null,
    access            text             not null,
    witness           uuid,
    primary key (cc, since, until, target, asn)
);
create index on cell (cc, host);
