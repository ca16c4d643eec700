-- Bumped with every change that a running collector must take note of.
create table fleet_revision (
    single   boolean primary key default true check (single),
    revision bigint  not null default 1
);
insert into fleet_revision default values;

-- identity (Ed25519), encryption (X25519), credential (AEAD), path (the secret part of agents' addresses).
create table collector_key (
    kind    text  not null,
    id      bytea not null,
    secret  bytea not null,
    created date  not null,
    -- Since when a newer one is used; what was made with this one is still understood.
    retired date,
    primary key (kind, id)
);
create unique index on collector_key (kind) where retired is null;

-- Deleted when its epoch is over: units of that epoch can then be traced by nobody.
create table epoch_secret (
    epoch  integer primary key,
    secret bytea   not null
);

create table invite (
    id          text     primary key,
    secret_hash bytea    not null unique,
    role        smallint not null,
    uses        integer  not null,
    used        integer  not null default 0,
    expires     date     not null,
    "group"     text     not null,
    cc          text     not null,
    created     date     not null,
    revoked     boolean  not null default false
);

-- Nothing here names an invite or a redemption. Deleted once expired.
create table agent_key (
    key_id        bytea    primary key,
    unit          bytea    not null,
    "group"       bytea    not null,
    role          smallint not null,
    cc            text     not null,
    asn           bigint   not null,
    asn_source    smallint not null,
    epoch         integer  not null,
    issued        date     not null,
    expires       date     not null,
    last_day      date,
    agent_version text     not null default '',
    list          text     not null default '',
    list_version  bigint   not null default 0,
    produced      bigint   not null default 0,
    dropped       bigint   not null default 0,
    waiting       bigint   not null default 0
);
create index on agent_key (unit);
create index on agent_key (expires);

-- What was taken away (key, unit, redemption) or set aside (quarantine: a unit whose measurements count nowhere).
create table revocation (
    kind    text  not null check (kind in ('key', 'unit', 'redemption', 'quarantine')),
    subject bytea not null,
    -- The ASN and epoch of a unit: with the epoch's secret they find the redemption behind it.
    asn     bigint,
    epoch   integer,
    day     date  not null,
    primary key (kind, subject)
);

-- Public halves; the private ones never come here.
create table list_key (
    public_key bytea primary key,
    created    date  not null
);

-- The last import of each list, not yet released.
create table list_draft (
    list     text primary key,
    -- A serialised TestList without version.
    content  bytea not null,
    imported date  not null
);

create table list_release (
    list       text     not null,
    version    bigint   not null,
    -- A serialised SignedTestList.
    signed     bytea    not null,
    target_cc  text[]   not null,
    target_asn bigint[] not null,
    entries    integer  not null,
    released   date     not null,
    expires    date     not null,
    primary key (list, version)
);

create table list_entry (
    list          text    not null,
    version       bigint  not null,
    position      integer not null,
    input         text    not null,
    target        text    not null,
    category_code text    not null,
    priority      boolean not null,
    page          boolean not null,
    primary key (list, version, position)
);
create index on list_entry (list, version, target);
