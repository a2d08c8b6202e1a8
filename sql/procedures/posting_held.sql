-- SPDX-License-Identifier: Apache-2.0
-- What business record stands on this posting, '' for none: such a posting is undone by what undoes the record, never on
-- its own. Any table that refers to postings counts, those to come as well; and the records that know theirs by its key: an
-- order, a line of a statement, a match, a payout, a gateway's bill. Internal.
create or replace function xuqi.posting_held(in_posting_id bigint) returns text
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    held_by text;
    holder  record;
    held    boolean;
begin
    held_by := (select case when event_type in ('invoice', 'issue', 'cancel', 'credit_use', 'return', 'gateway', 'refund_failed', 'reverse') then 'order'
                            when event_type in ('statement', 'statement_reversal') then 'statement_line'
                            when event_type in ('match', 'match_undo') then 'transfer_match'
                            when event_type in ('payout', 'payout_paid', 'payout_returned') then 'payout'
                            when event_type in ('bill_fee', 'statement_long', 'external_refund', 'difference') then 'match_difference'
                            else '' end
                  from posting where id = in_posting_id);
    if held_by <> '' then
        return held_by;
    end if;
    for holder in
        select c.conrelid::regclass as place, a.attname as name
          from pg_constraint as c join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
         where c.contype = 'f' and c.confrelid = 'posting'::regclass
           and c.conrelid not in ('posting'::regclass, 'reversal'::regclass)
         order by 1, 2
    loop
        execute format('select exists (select from %s where %I = $1)', holder.place, holder.name) into held using in_posting_id;
        if held then
            return holder.place::text;
        end if;
    end loop;
    return '';
end
$$;
