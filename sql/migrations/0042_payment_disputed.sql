-- SPDX-License-Identifier: Apache-2.0
-- Where a gateway's word contradicts a payment that is booked, nothing is issued for it until a person has looked: 金额不符,
-- and 短款 that the gateway denies.
begin;

alter table xuqi.renewal add column payment_disputed boolean not null default false;
comment on column xuqi.renewal.payment_disputed is
    'A difference about its payment is open that keeps the certificate back; held by match_difference''s trigger';

create function xuqi.match_disputes(in_it xuqi.match_difference) returns boolean
language sql immutable as $$
    select in_it.kind = 'payment' and in_it.state = 'open'
           and (in_it.class = 'amount' or in_it.class = 'short' and in_it.answer in ('not_paid', 'not_found', 'closed', 'mismatch'))
$$;
create index match_difference_disputes on xuqi.match_difference (renewal_no)
 where kind = 'payment' and state = 'open' and class in ('amount', 'short');

-- Whoever opens or closes one, the renewal says so, and with its version every page that waits for it.
create function xuqi.match_difference_disputes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    update renewal as r set payment_disputed = now_disputed
      from (select exists (select from match_difference as d
                            where d.renewal_no = new.renewal_no and d.kind = 'payment' and d.state = 'open'
                              and d.class in ('amount', 'short') and match_disputes(d)) as now_disputed) as told
     where r.renewal_no = new.renewal_no and r.payment_disputed <> now_disputed;
    return null;
end
$$;
create trigger disputes after insert or update on xuqi.match_difference
    for each row when (new.kind = 'payment' and new.renewal_no is not null)
    execute function xuqi.match_difference_disputes();
update xuqi.renewal as r set payment_disputed = true
 where exists (select from xuqi.match_difference as d where d.renewal_no = r.renewal_no and xuqi.match_disputes(d));

-- Nobody calls them.
drop function if exists xuqi.certificate_get(text);
drop function if exists xuqi.schema_version();

insert into xuqi.schema_migration (number, name, sha256) values (42, 'payment_disputed', :'sha256');
commit;
