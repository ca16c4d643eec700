-- Rows later than 15 days, kept out of the partitions that retention and the columnstore work on.
-- It is also the pattern that the measurement table of each edition is made from.
create table measurement_late (
    time          timestamptz not null,
    uid           uuid        not null,
    cc            text        not null,
    asn           bigint      not null,
    asn_source    smallint    not null,
    access        smallint    not null,
    role          smallint    not null,
    unit          bytea       not null,
    "group"       bytea       not null,
    list          text        not null,
    list_version  bigint      not null,
    reason        smallint    not null,
    input         text        not null,
    target        text        not null,
    agent_version text        not null,
    -- Hash of the seal. The way from it to a key is deleted with the batch row.
    batch         bytea       not null,
    leaf_index    smallint    not null,
    received      date        not null,
    -- The serialised SealedMeasurement, exactly as it came.
    details       bytea       not null
);
create unique index on measurement_late (time, uid);
create index on measurement_late (target, time);

-- Certificates and other long bytes, once, by SHA-256.
create table blob (
    hash  bytea primary key,
    bytes bytea not null
);

-- What links rows to a key; deleted after Retention:Links.
create table batch (
    seal_hash   bytea    primary key,
    seal        bytea    not null,
    -- The key's certificate, as the collector signed it.
    certificate bytea    not null,
    key_id      bytea    not null,
    sequence    bigint   not null,
    previous    bytea    not null,
    count       integer  not null,
    received    date     not null,
    first_time  timestamptz not null,
    last_time   timestamptz not null,
    -- The batch before it has not come (yet).
    gap         boolean  not null default false,
    -- Its key signed two different histories.
    fork        boolean  not null default false
);
create index on batch (key_id, sequence);
create index on batch (received);

-- One leaf a batch, in the order of commit, for ever.
create table log_leaf (
    index     bigint primary key,
    seal_hash bytea  not null unique,
    day       date   not null
);
create index on log_leaf (day);

-- Merkle root (RFC 6962 tree) over the leaves of one day.
create table tree_head (
    day         date   primary key,
    first_index bigint not null,
    size        bigint not null,
    root        bytea  not null
);

create table key_chain (
    key_id    bytea  primary key,
    sequence  bigint not null,
    seal_hash bytea  not null,
    expires   date   not null
);

create table withdrawal (
    key_id           bytea  not null,
    since_day        date   not null,
    through_sequence bigint not null,
    day              date   not null,
    primary key (key_id, since_day, through_sequence)
);

create table tombstone (
    uid uuid primary key,
    day date not null
);

-- Days to compute again. Rows of controls are marked with the country '*'.
create table dirty (
    cc     text   not null,
    target text   not null,
    day    date   not null,
    -- Rises with every mark: who has computed a day deletes it only under the mark it read.
    marked bigint not null,
    primary key (cc, target, day)
) with (fillfactor = 50);
create sequence dirty_mark;

create table parked (
    id     bigint generated always as identity primary key,
    reason text   not null,
    day    date   not null,
    -- SHA-256 of the bytes: the same batch is parked once.
    hash   bytea  not null unique,
    -- What the queue carried: a serialised Queued, where it is one.
    bytes  bytea  not null
);
