-- Whose events are to be computed again. An empty host stands for the country: its changes are merged again.
create table event_due (
    cc     text   not null,
    host   text   not null,
    marked bigint not null,
    primary key (cc, host)
);
insert into event_due (cc, host, marked) select d.cc, d.host, nextval('dirty_mark') from (select distinct cc, host from unit_day) d;

-- Targets that are watched from a provider.
create table event_series (
    cc     text   not null,
    host   text   not null,
    target text   not null,
    asn    bigint not null,
    primary key (cc, target, asn)
);
create index on event_series (cc, host);

-- A target at one provider began or ceased to be blocked. A host's are replaced as far back as its window goes.
create table event_change (
    cc           text        not null,
    host         text        not null,
    target       text        not null,
    asn          bigint      not null,
    kind         text        not null check (kind in ('onset', 'end')),
    at_earliest  timestamptz not null,
    at_latest    timestamptz not null,
    detected_at  timestamptz not null,
    confirmed_at timestamptz,
    withdrawn    boolean     not null,
    mechanisms   text[]      not null,
    units        integer     not null,
    withheld     text,
    primary key (cc, target, asn, kind, at_latest)
);
create index on event_change (cc, host);
create index on event_change (target) where kind = 'onset';

-- Changes merged over providers. An identifier is given once; what an event says may change, and event_log says how.
create table event (
    id           text             primary key,
    cc           text             not null,
    target       text             not null,
    kind         text             not null check (kind in ('onset', 'end')),
    status       text             not null,
    reason       text,
    at_earliest  timestamptz      not null,
    at_latest    timestamptz      not null,
    spread_hours double precision not null
);
create index on event (cc, target);
create index on event (((at_latest at time zone 'UTC')::date), id);

create table event_isp (
    event        text        not null references event,
    position     integer     not null,
    asn          bigint      not null,
    at_earliest  timestamptz not null,
    at_latest    timestamptz not null,
    detected_at  timestamptz not null,
    confirmed_at timestamptz,
    withdrawn    boolean     not null,
    mechanisms   text[]      not null,
    units        integer     not null,
    withheld     text,
    primary key (event, position)
);

-- What was said of an event when; for ever. Alerts are the lines with alert.
create table event_log (
    index    bigint      generated always as identity primary key,
    event    text        not null references event,
    -- To ten minutes: no line tells when a volunteer's batch came.
    recorded timestamptz not null,
    status   text        not null,
    reason   text,
    changes  text[]      not null,
    alert    boolean     not null
);
create index on event_log (event, index);

create function event_log_stays() returns trigger language plpgsql as $$
begin
    raise exception 'event_log is only added to';
end $$;
create trigger event_log_stays before update or delete or truncate on event_log for each statement execute function event_log_stays();
