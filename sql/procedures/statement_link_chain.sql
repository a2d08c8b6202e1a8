-- SPDX-License-Identifier: Apache-2.0
-- Do the movements of an upload lead on from one balance to the next, in whatever order they came? What they begin with is
-- what they end with, but for one beginning and one end. in_balance_fen (null: not known) decides where they lead back to where
-- they began. Internal; opening null when there are none, broken when they do not lead on.
create or replace function xuqi.statement_link_chain(
    in_upload_id bigint, in_balance_fen bigint, out broken boolean, out opening_fen bigint, out closing_fen bigint)
language plpgsql stable set search_path = xuqi, pg_temp as $$
declare
    opens  bigint[];
    closes bigint[];
begin
    with moved as materialized (
        select balance - movement as before, balance as after
          from statement_chunk as c, unnest(c.movements_fen, c.balances_fen) as m (movement, balance)
         where c.upload_id = in_upload_id)
    select array(select before from moved except all select after from moved),
           array(select after from moved except all select before from moved),
           (select case when in_balance_fen is not null and bool_or(after = in_balance_fen) then in_balance_fen
                        else min(after) end from moved)
      into opens, closes, closing_fen;
    broken := cardinality(opens) > 1 or cardinality(closes) > 1;
    opening_fen := coalesce(opens[1], closing_fen);
    closing_fen := coalesce(closes[1], closing_fen);
end
$$;
