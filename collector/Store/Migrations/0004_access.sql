-- Who may read rows. The key itself is not kept.
create table api_key (
    -- First 8 hexadecimal digits of the hash: how lists and the log name the key.
    id      text  primary key,
    -- SHA-256 of the 32 random bytes.
    hash    bytea not null unique,
    role    text  not null check (role in ('analyst', 'operator')),
    name    text  not null,
    created date  not null,
    revoked date
);

-- What was read with a key, by day. No address and no time: who reads is at risk too.
create table access_log (
    index  bigint generated always as identity primary key,
    day    date not null,
    key_id text not null references api_key,
    what   text not null
);
create index on access_log (key_id, day);

-- Readers who signed in on the page. The cookie's value is kept as its hash only.
create table sign_in (
    hash    bytea       primary key,
    key_id  text        not null references api_key,
    expires timestamptz not null
);
