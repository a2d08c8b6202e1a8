-- SPDX-License-Identifier: Apache-2.0
-- 核验转账信息: keeps what a payer says he transferred and holds each row against the statement, in one transaction; what is
-- found is taken at once. Safe to call again: the same row is the same row, and is looked for once more. Rows that were
-- kept before are checked when they are among those given (verify again). Outcomes: checked, renewal_unknown,
-- already_paid, renewal_state, method_unavailable, transfer_limit (20 rows at once, 50 in all, 200 checks).
create or replace function xuqi.transfer_declare(
    in_renewal_no text, in_content_indexes bytea[], in_amounts_fen bigint[], in_days bigint[], in_sealed bytea[],
    in_account_indexes bytea[], in_accounts_masked text[], in_names_masked text[], in_accounts text[],
    in_names text[], out outcome text, out credited bigint)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    r     renewal;
    due   "order";
    place integer;
    kept  bigint;
begin
    select * into r from renewal where renewal_no = in_renewal_no for update;
    select * into due from "order" where order_no = r.order_no;
    outcome := case
        when r.renewal_no is null then 'renewal_unknown'
        -- Sent again after it was found: the answer is what it was.
        when not exists (select from unnest(in_content_indexes) as content
                          where not exists (select from declared_transfer as d
                                             where d.renewal_no = in_renewal_no and d.content_index = content
                                               and d.state = 'matched')) then 'checked'
        when due.state = 'paid' then 'already_paid'
        when r.status <> 'awaiting_payment' or due.state <> 'unpaid' then 'renewal_state'
        when 'bank_transfer' <> all (r.payment_methods) then 'method_unavailable'
        when cardinality(in_content_indexes) > 20
             or (select count(*) filter (where removed_at is null) from declared_transfer
                  where renewal_no = in_renewal_no and content_index <> all (in_content_indexes))
                + cardinality(in_content_indexes) > 20
             or (select count(*) > 50 or sum(checks) > 200 from declared_transfer where renewal_no = in_renewal_no)
        then 'transfer_limit'
        else 'checked' end;
    credited := 0;
    if outcome <> 'checked' then
        return;
    end if;
    for place in 1 .. cardinality(in_content_indexes) loop
        select id into kept from declared_transfer
         where renewal_no = in_renewal_no and content_index = in_content_indexes[place] and removed_at is null;
        if not found then
            insert into declared_transfer (renewal_no, order_no, amount_fen, transferred_on, content_index, payer_sealed,
                                           payer_account_index, payer_account_masked, payer_name_masked, state)
            values (in_renewal_no, due.order_no, in_amounts_fen[place],
                    date '1970-01-01' + in_days[place]::integer, in_content_indexes[place], in_sealed[place],
                    in_account_indexes[place], in_accounts_masked[place], in_names_masked[place], 'waiting')
            returning id into kept;
            insert into audit_event (actor, action, object, detail)
            values ('applicant', 'transfer.declare', in_renewal_no, format('transfer %s', kept));
        end if;
        if transfer_check(kept, in_accounts[place], in_names[place]) = 'matched' then
            credited := credited + 1;
        end if;
    end loop;
end
$$;
