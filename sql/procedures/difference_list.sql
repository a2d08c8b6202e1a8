-- SPDX-License-Identifier: Apache-2.0
-- Differences, oldest first, from after one on. in_rail, in_state and in_day choose; empty: all; in_state "unexplained" is
-- waiting and open together. age_days: since it was found, until it was closed. For finance and auditors. One row with outcome unauthenticated, forbidden
-- or empty, or rows with outcome ok. Reads only.
create or replace function xuqi.difference_list(
    in_token_digest bytea, in_rail text, in_state text, in_day text, in_after bigint, in_page_size bigint)
returns table (outcome text, id bigint, rail text, day text, class text, kind text, gateway_id text, attempt_no text,
               refund_no text, renewal_no text, our_day text, their_day text, ours_fen bigint, theirs_fen bigint,
               our_fee_millifen bigint, their_fee_millifen bigint, booked_fen bigint, note text, action text, state text,
               owner text, age_days bigint, opened_at timestamptz, closed_at timestamptz, resolved_by text, reason text,
               last_word text, asked_at timestamptz, answer text, answer_said text, answered_at timestamptz,
               version bigint)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    refusal text := match_refusal(in_token_digest);
begin
    if refusal is null then
        return query
        select 'ok'::text, x.id, x.rail, x.day::text, 'match_' || x.class, x.kind, x.gateway_id, x.attempt_no, x.refund_no,
               x.renewal_no, x.our_day::text, x.their_day::text, x.ours_fen, x.theirs_fen, x.our_fee_millifen,
               x.their_fee_millifen, x.booked_fen, x.note, x.action, x.state, holder.name,
               extract(day from coalesce(x.closed_at, now()) - x.opened_at)::bigint, x.opened_at, x.closed_at,
               closer.name, x.reason, a.last_word, x.asked_at, x.answer, x.answer_said, x.answered_at,
               x.version
          from match_difference as x
          left join staff as holder on holder.id = x.owner_id
          left join staff as closer on closer.id = x.resolved_by
          left join payment_attempt as a on a.attempt_no = x.attempt_no
         where x.id > in_after and (in_rail = '' or x.rail = in_rail)
           and (in_day = '' or x.day = nullif(in_day, '')::date)
           and (in_state = '' or x.state = in_state or in_state = 'unexplained' and x.state in ('waiting', 'open'))
         order by x.id limit in_page_size;
        refusal := case when found then null else 'empty' end;
    end if;
    if refusal is not null then
        outcome := refusal;
        return next;
    end if;
end
$$;
