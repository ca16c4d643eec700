-- Addresses that volunteers got for an input and no control has tried: controls are asked to, within the half-hour. Of whom an
-- address came is not kept, and every wish goes within two hours.
create table control_wish (
    input   text        not null,
    address bytea       not null,
    -- Whole minutes.
    asked   timestamptz not null,
    primary key (input, address)
);
