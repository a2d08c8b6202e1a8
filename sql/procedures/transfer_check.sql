-- SPDX-License-Identifier: Apache-2.0
-- Holds one declared transfer against the statement, and takes its line when there is only one it can be; lines of one and
-- the same account for the same amount are alike, and the nearest is taken. What was taken in full becomes the payer's
-- credit. The caller holds the renewal's lock. Internal; answers the row's state: matched, used (such a transfer came and
-- has been used), differs (this payer's transfer came with another amount), ambiguous (for finance), waiting.
create or replace function xuqi.transfer_check(in_declared_id bigint, in_account text, in_name text) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    it     declared_transfer;
    payer  text;
    seen   record;
    taken  statement_line;
    booked record;
    result text;
begin
    select * into strict it from declared_transfer where id = in_declared_id for update;
    if it.state = 'matched' or it.removed_at is not null then
        return it.state;
    end if;
    select o.payer_name_normal into strict payer from "order" as o where o.order_no = it.order_no;
    loop
        select count(*) filter (where taken_fen = 0) as free, count(*) filter (where taken_fen > 0) as used,
               count(*) filter (where taken_fen = 0 and names_order) as naming,
               count(distinct (account_digits, name_normal)) filter (where taken_fen = 0) as payers,
               bool_and(account_digits <> '') filter (where taken_fen = 0) as accounts_known,
               (array_agg(line_id order by names_order desc, abs(booked_on - it.transferred_on), line_id)
                filter (where taken_fen = 0))[1] as nearest
          into seen
          from transfer_candidates(it.renewal_no, it.amount_fen, it.transferred_on, in_account, in_name);
        result := case when seen.free = 1 or seen.naming = 1
                         or (seen.free > 1 and seen.naming = 0 and seen.payers = 1 and seen.accounts_known)
                       then 'matched'
                       when seen.free > 1 then 'ambiguous'
                       when seen.used > 0 then 'used' end;
        exit when result is distinct from 'matched';
        select * into taken from statement_line where id = seen.nearest for update;
        exit when taken.taken_fen = 0 and taken.reversed_by is null;
    end loop;
    -- Another payer's name on it, and he has an order of just this price: not ours to decide.
    if result = 'matched' and seen.naming = 0 and taken.payer_name_normal <> payer
       and name_is_company(taken.payer_name_normal)
       and exists (select from "order" as o where o.state = 'unpaid' and o.payer_name_normal = taken.payer_name_normal
                                              and o.amount_fen - o.funded_fen = taken.amount_fen) then
        result := 'ambiguous';
    end if;
    if result = 'matched' then
        booked := match_book(array[taken.id], array[it.order_no], array[taken.amount_fen], array[it.id],
                             array['declared'], array[format('declared: amount, day and %s agree', (
                                 select agrees from transfer_candidates(it.renewal_no, it.amount_fen, it.transferred_on,
                                                                        in_account, in_name) where line_id = taken.id))],
                             'transfer');
        update declared_transfer
           set state = 'matched', bank_amount_fen = taken.amount_fen, bank_booked_on = taken.booked_on,
               credited_fen = taken.amount_fen, checked_at = now(), checks = checks + 1
         where id = it.id;
        return 'matched';
    end if;
    if result is null then
        -- Only to who knows the account is told what came from it.
        select l.* into taken from statement_line as l
         where l.payer_account_digits = account_digits(in_account) and l.payer_account_digits <> ''
           and l.booked_on between it.transferred_on - 3 and it.transferred_on + 3 and l.direction = 'credit'
           and l.kind = 'ordinary' and l.reversed_by is null and l.taken_fen = 0
           and l.amount_fen <> it.amount_fen and (l.payer_name_normal = party_name_normal(in_name) or l.payer_name = '')
         order by abs(l.amount_fen - it.amount_fen), abs(l.booked_on - it.transferred_on), l.id limit 1;
        result := case when found then 'differs' else 'waiting' end;
    end if;
    update declared_transfer
       set state = result, bank_amount_fen = case result when 'differs' then taken.amount_fen end,
           bank_booked_on = case result when 'differs' then taken.booked_on end, checked_at = now(), checks = checks + 1
     where id = it.id;
    return result;
end
$$;
