-- SPDX-License-Identifier: Apache-2.0
-- What the staff wanted reversed, newest first, before the one given: asked (waiting for a second person), approved, refused,
-- all. One row for each leg of the posting in question, in their order, so that who decides sees what would be turned round.
-- For finance and auditors. Outcomes: ok in every row, or one row: empty, unauthenticated, forbidden. Reads only.
create or replace function xuqi.reversal_list(in_token_digest bytea, in_state text, in_before bigint, in_size bigint)
returns table (outcome text, id bigint, event_type text, event_key text, posted_at timestamptz, posted_by text, reason text,
               state text, asked_by text, asked_at timestamptz, decided_by text, decided_at timestamptz, debit text,
               debit_owner text, credit text, credit_owner text, amount_fen bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    outcome := match_refusal(in_token_digest);
    if outcome is not null then
        return next;
        return;
    end if;
    return query
    select 'ok'::text, r.id, p.event_type, p.event_key, p.event_at, p.actor, r.reason, r.state, asker.display_name, r.asked_at,
           decider.display_name, r.decided_at, debit.kind::text, debit.owner_key, credit.kind::text, credit.owner_key, t.amount
      from (select * from reversal as q
             where q.id < in_before and (in_state = 'all' or q.state = in_state)
             order by q.id desc limit in_size) as r
      join posting as p on p.id = r.posting_id
      join staff as asker on asker.id = r.asked_by
      left join staff as decider on decider.id = r.decided_by
      join transfer as t on t.posting_id = p.id
      join account as debit on debit.id = t.debit_id
      join account as credit on credit.id = t.credit_id
     order by r.id desc, t.leg;
    if not found then
        outcome := 'empty';
        return next;
    end if;
end
$$;
