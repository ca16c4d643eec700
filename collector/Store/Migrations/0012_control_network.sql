-- What each network's controls did on a day: which of them works, and which says otherwise than the others. It takes the place of
-- control_day, which told networks not apart; recent days are computed again.
create table control_network (
    host         text    not null,
    day          date    not null,
    -- "AS64560"; the unit where the network is not known.
    network      text    not null,
    measurements integer not null,
    -- Of them, those that got the page; those whose references failed, which are no control.
    reached      integer not null,
    discarded    integer not null,
    primary key (host, day, network)
);
create index on control_network (day);
insert into dirty (cc, target, day, marked)
select '*', host, day, nextval('dirty_mark') from control_day where day >= current_date - 30
on conflict (cc, target, day) do update set marked = excluded.marked;
drop table control_day;
