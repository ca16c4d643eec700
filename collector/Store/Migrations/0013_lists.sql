-- What a list's file says of its entries and no agent needs to know: a serialised EntryOrigins.
alter table list_draft add column origins bytea not null default '';
alter table list_release add column origins bytea not null default '';
