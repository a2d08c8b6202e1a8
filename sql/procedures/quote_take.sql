-- SPDX-License-Identifier: Apache-2.0
-- The price of a term now, held against what the applicant was shown: a quote version, an amount, both or (0) neither. A
-- version that has been replaced by one with the very same lines for this term is as good as that one.
-- Outcomes: null (taken), price_absent, term_not_offered, quote_unknown, quote_changed. Refusals say in quote what was
-- shown and what it is now. A fee table never changes, so that what is read of it afterwards belongs together. Internal.
create or replace function xuqi.quote_take(
    in_platform text, in_months bigint, in_quote_version bigint, in_amount_shown bigint,
    out outcome text, out quote_version bigint, out amount_fen bigint, out shown_fen bigint, out quote text)
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    now_quoted json;
    shown      json;
begin
    quote_version := quote_at(in_platform, now());
    if quote_version is null then
        outcome := 'price_absent';
        return;
    end if;
    amount_fen := (select f.amount_fen from fee_term as f
                    where f.fee_table_id = quote_version and f.months = in_months);
    if amount_fen is not null and in_quote_version in (0, quote_version) and in_amount_shown in (0, amount_fen) then
        return;
    end if;
    if in_quote_version <> 0
       and not exists (select from fee_table as t where t.id = in_quote_version and t.platform = in_platform) then
        outcome := 'quote_unknown';
        return;
    end if;
    now_quoted := quote_part(quote_version, in_months);
    shown := quote_part(in_quote_version, in_months);
    if in_amount_shown <> 0 and (shown ->> 'amount_fen')::bigint is distinct from in_amount_shown then
        shown := json_build_object('quote_version', nullif(in_quote_version, 0), 'amount_fen', in_amount_shown,
                                   'items', '[]'::json);
    end if;
    if now_quoted is null then
        outcome := 'term_not_offered';
    elsif in_amount_shown not in (0, amount_fen) or shown -> 'items' is null
          or (shown -> 'items')::jsonb <> (now_quoted -> 'items')::jsonb then
        outcome := 'quote_changed';
    else
        return;
    end if;
    shown_fen := (shown ->> 'amount_fen')::bigint;
    quote := json_build_object(
        'term_months', in_months, 'shown', shown, 'current', now_quoted,
        'offered_months', (select json_agg(f.months order by f.months) from fee_term as f
                            where f.fee_table_id = quote_version))::text;
end
$$;
