-- SPDX-License-Identifier: Apache-2.0
-- How the days of a month or less stand, a row for each rail and day, newest first: match_show for finance and auditors.
-- One row with outcome unauthenticated, forbidden or empty, or rows with outcome ok. Reads only.
create or replace function xuqi.match_list(in_token_digest bytea, in_from text, in_to text)
returns table (outcome text, day text, rail text, state text, payments bigint, payments_fen bigint, their_payments bigint,
               their_payments_fen bigint, their_refunds bigint, their_refunds_fen bigint, fee_fen bigint,
               arrived_fen bigint, even bigint, differences text, matched_at timestamptz, file_id bigint, fault text)
language plpgsql stable security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    refusal text := match_refusal(in_token_digest);
begin
    if refusal is null then
        return query
        select 'ok'::text, to_char(d.day, 'YYYY-MM-DD'), s.*
          from generate_series(in_from::date::timestamp, least(in_to::date, in_from::date + 31)::timestamp, interval '1 day') as d (day),
               lateral match_show(to_char(d.day, 'YYYY-MM-DD')) as s
         order by d.day desc, s.rail;
        refusal := case when found then null else 'empty' end;
    end if;
    if refusal is not null then
        outcome := refusal;
        return next;
    end if;
end
$$;
