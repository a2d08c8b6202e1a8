-- SPDX-License-Identifier: Apache-2.0
-- Holds the staged lines against the known ones of the account, into the temporary table statement_odd: a row for each
-- staged line that is not simply new, and for each known line that is missing. Internal, inside statement_take's
-- transaction.
--   known       the same line was imported before, or finance has accepted that it is this
--   changed     it was, with another content; or a known line that this statement does not have is too much like it: same
--               amount and balance, and the day, the bank's number or the other side; or the same second, and the amount
--               or the other side
--   missing     a known line of a covered day that this statement does not have
--   unexpected  a new line of a day that misses one: perhaps the same money once more
-- Between two formats only what both must have is compared: banks write names and remarks differently in each.
create or replace function xuqi.statement_compare(
    in_account_id bigint, in_format text, in_covered_from date, in_covered_to date) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    apart_most constant integer := 31; -- days by which the day of a line may have been changed
    first_day date;
    last_day  date;
begin
    if to_regclass('pg_temp.statement_odd') is not null then
        drop table pg_temp.statement_odd; -- of another import of this transaction
    end if;
    create temporary table statement_odd (place bigint, class text, line_id bigint) on commit drop;
    select min(booked_on), max(booked_on) into first_day, last_day from statement_staged;
    insert into statement_odd
    select s.place,
           case when k.fingerprint = s.fingerprint
                  or (i.format <> in_format and (k.booked_on, k.direction, k.amount_fen, k.kind)
                                                = (s.booked_on, s.direction, s.amount_fen, s.kind))
                  or exists (select from statement_change as c -- as finance has accepted it
                              where c.line_id = k.id and c.reason = 'changed' and c.state = 'accepted'
                                and c.fingerprint = s.fingerprint) then 'known'
                else 'changed' end, k.id
      from statement_staged as s
      join statement_line as k on k.collecting_account_id = in_account_id and k.line_key = s.line_key
      join statement_import as i on i.id = k.import_id;
    if not exists (select from statement_line where collecting_account_id = in_account_id
                                                and booked_on between first_day - apart_most and last_day + apart_most) then
        return;
    end if;
    with unknown as materialized (
        select s.* from statement_staged as s where not exists (select from statement_odd as o where o.place = s.place)),
    absent as materialized (
        select k.* from statement_line as k
         where k.collecting_account_id = in_account_id
           and k.booked_on between first_day - apart_most and last_day + apart_most
           and not exists (select from statement_odd as o where o.line_id = k.id)
           and k.replaces_line is null and not exists (select from statement_line as r where r.replaces_line = k.id)),
    twin as (
        select s.place, k.id
          from unknown as s
          join absent as k on k.direction = s.direction and k.amount_fen = s.amount_fen and k.balance_fen = s.balance_fen
         where abs(k.booked_on - s.booked_on) <= apart_most
           and (k.booked_on = s.booked_on or (k.bank_ref = s.bank_ref and s.bank_ref <> '')
                or (k.payer_account = s.payer_account and s.payer_account <> '')
                or (k.payer_name_normal = s.payer_name_normal and s.payer_name_normal <> ''))
        union all
        select s.place, k.id
          from unknown as s join absent as k on k.direction = s.direction and k.booked_at = s.booked_at
         where k.amount_fen = s.amount_fen or (k.payer_account = s.payer_account and s.payer_account <> '')
            or (k.payer_name_normal = s.payer_name_normal and s.payer_name_normal <> ''))
    insert into statement_odd select distinct on (place) place, 'changed', id from twin order by place, id;
    insert into statement_odd
    select null, 'missing', k.id
      from statement_line as k
     where k.collecting_account_id = in_account_id and k.booked_on between in_covered_from and in_covered_to
       and not exists (select from statement_odd as o where o.line_id = k.id)
       and k.replaces_line is null and not exists (select from statement_line as r where r.replaces_line = k.id);
    insert into statement_odd
    select s.place, 'unexpected', null
      from statement_staged as s
     where s.booked_on in (select k.booked_on from statement_odd as o join statement_line as k on k.id = o.line_id
                            where o.class = 'missing')
       and not exists (select from statement_odd as o where o.place = s.place);
end
$$;
