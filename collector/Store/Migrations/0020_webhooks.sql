-- Where events are sent to, how far, and what is on its way there.
create table webhook (
    id            text        primary key,
    url           text        not null,
    -- Signs what is sent, so it is kept itself.
    secret        bytea       not null,
    -- Null: is told what everybody may see.
    role          text        check (role in ('analyst')),
    cc            text,
    -- Who added it; it ends with this key.
    key_id        text        not null references api_key,
    created       date        not null,
    -- Of event_log: what was said up to here was taken, or is nothing to it.
    position      bigint      not null,
    -- The message on its way: the line that it is of, the same bytes under the same id until they are taken.
    line          bigint,
    message_id    text,
    event         text,
    body          bytea,
    content       bytea,
    attempts      integer     not null default 0,
    next_attempt  timestamptz,
    failing_since timestamptz,
    -- What was wrong last, and the day on which it was given up.
    trouble       text,
    ended         date
);

-- SHA-256 of what it was told of an event last: the same again is not sent.
create table webhook_told (
    webhook text  not null references webhook on delete cascade,
    event   text  not null,
    content bytea not null,
    primary key (webhook, event)
);
