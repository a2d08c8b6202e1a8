-- SPDX-License-Identifier: Apache-2.0
-- The desk's search.
begin;

-- -- what is searched --------------------------------------------------------------------------------------------------
create index renewal_serial on xuqi.renewal (certificate_serial);

-- Only of cases at the desk, and gone with them: the same digits that the masked mobile shows, and those of the case's numbers.
create table xuqi.review_tail (
    tail       text not null constraint review_tail_check check (length(tail) = 4),
    renewal_no text not null references xuqi.renewal,
    primary key (tail, renewal_no)
);
comment on table xuqi.review_tail is 'Four digits that find a case at the desk: last of its number, of its certificate''s serial, of the agent''s mobile';
create index review_tail_renewal on xuqi.review_tail (renewal_no);

create function xuqi.review_tails() returns trigger
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    delete from review_tail where renewal_no = new.renewal_no;
    if new.status in ('awaiting_review', 'returned') then
        insert into review_tail (tail, renewal_no)
        select distinct right(known.text, 4), new.renewal_no
          from renewal_personal(new.renewal_no) as p,
               unnest(array[new.renewal_no, new.certificate_serial, p.agent_mobile_masked]) as known (text)
         where length(known.text) >= 4;
    end if;
    return null;
end
$$;
create trigger tails after update of status on xuqi.renewal for each row
    when (new.status <> old.status and ('awaiting_review' in (new.status, old.status) or 'returned' in (new.status, old.status)))
    execute function xuqi.review_tails();
insert into xuqi.review_tail (tail, renewal_no)
select distinct right(known.text, 4), r.renewal_no
  from xuqi.renewal as r
  join xuqi.renewal_content as c on c.renewal_no = r.renewal_no
  left join lateral (select agent_mobile_masked from xuqi.correction as n where n.renewal_no = r.renewal_no order by n.number desc limit 1) as n on true,
       unnest(array[r.renewal_no, r.certificate_serial, coalesce(n.agent_mobile_masked, c.agent_mobile_masked)]) as known (text)
 where r.status in ('awaiting_review', 'returned') and length(known.text) >= 4;
-- They take or answer more now.
drop function if exists xuqi.review_filter;
drop function if exists xuqi.session_of;

insert into xuqi.schema_migration (number, name, sha256) values (38, 'trail', :'sha256');
commit;
