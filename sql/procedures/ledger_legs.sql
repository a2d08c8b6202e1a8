-- SPDX-License-Identifier: Apache-2.0
-- The legs of a posting. For finance and auditors.
-- Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.ledger_legs(in_token_digest bytea, in_posting_id bigint)
returns table (outcome text, leg bigint, debit text, debit_owner text, credit text, credit_owner text, amount_fen bigint)
language plpgsql stable rows 4 security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    outcome := match_refusal(in_token_digest);
    if outcome is not null then
        return next;
        return;
    end if;
    return query
    select 'ok'::text, t.leg::bigint, d.kind::text, d.owner_key, c.kind::text, c.owner_key, t.amount
      from transfer as t join account as d on d.id = t.debit_id join account as c on c.id = t.credit_id
     where t.posting_id = in_posting_id order by t.leg;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
