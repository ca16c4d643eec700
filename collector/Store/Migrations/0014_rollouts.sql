-- Endorsed statements (protos/probenet/v1/trust.proto), never overwritten: roots, what is valid, stops.
create table trust_statement (
    kind     text   not null check (kind in ('root', 'releases', 'stop')),
    version  bigint not null,
    endorsed bytea  not null,
    day      date   not null,
    primary key (kind, version)
);

-- How far each release has spread.
create table rollout (
    list        text        not null,
    version     bigint      not null,
    state       text        not null check (state in ('waiting', 'running', 'paused', 'halted', 'complete', 'superseded')),
    -- Stages.Stage.
    stage       smallint    not null,
    stage_since timestamptz not null,
    -- Comparisons already made at this stage.
    looks       smallint    not null default 0,
    -- For people: what is waited for, or why it was halted.
    reason      text        not null default '',
    emergency   boolean     not null default false,
    -- The version whose content this one brings back; 0: none.
    reverts     bigint      not null default 0,
    -- Beside the signed target: groups, agent version, cohort.
    groups      text[]      not null default '{}',
    agents      text        not null default '',
    cohort_from smallint    not null default 0,
    cohort_to   smallint    not null default 100,
    -- Positions up to which each provider's agents are admitted, as bits of an unsigned number.
    admitted_asn bigint[]   not null default '{}',
    admitted_to  bigint[]   not null default '{}',
    held_cc     text[]      not null default '{}',
    held_asn    bigint[]    not null default '{}',
    -- The releases statement while it waits for more signatures.
    pending     bytea,
    primary key (list, version),
    foreign key (list, version) references list_release (list, version)
);

insert into rollout (list, version, state, stage, stage_since)
select list, version, case when version = max(version) over (partition by list, target_cc, target_asn) then 'complete' else 'superseded' end, 4, released::timestamptz
from list_release;

-- What was done to lists, by whom: each row's hash covers the row before it.
create table list_audit (
    number   bigint      primary key,
    at       timestamptz not null,
    who      text        not null,
    list     text        not null,
    version  bigint      not null,
    action   text        not null,
    detail   text        not null,
    hash     bytea       not null
);
create index on list_audit (list, number);

create function list_audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'list_audit is append-only';
end $$;
create trigger list_audit_append_only before update or delete or truncate on list_audit
    for each statement execute function list_audit_is_append_only();

alter table agent_key
    -- Minutes while a standing session lasts, hours for brief ones; forgotten after two days.
    add column heard           timestamptz,
    add column standing        boolean not null default false,
    add column refused_list    text    not null default '',
    add column refused_version bigint  not null default 0,
    add column refusal         text    not null default '',
    -- Since the version in force, as the agent says.
    add column runs            integer not null default 0,
    add column run_ms          bigint  not null default 0,
    add column run_bytes       bigint  not null default 0,
    add column common_runs     integer not null default 0,
    add column common_failed   integer not null default 0,
    -- Under the version before it.
    add column before_runs     integer not null default 0,
    add column before_run_ms   bigint  not null default 0,
    add column before_bytes    bigint  not null default 0;

-- How many agents of a provider had a release by then, of how many that it was for.
create table rollout_adoption (
    list    text        not null,
    version bigint      not null,
    at      timestamptz not null,
    cc      text        not null,
    asn     bigint      not null,
    applied integer     not null,
    agents  integer     not null,
    primary key (list, version, at, cc, asn)
);
