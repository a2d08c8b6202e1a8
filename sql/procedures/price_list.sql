-- SPDX-License-Identifier: Apache-2.0
-- A platform's fee tables as loaded (platform_fees), for finance, administrators and auditors. One row with outcome unauthenticated,
-- forbidden, platform_forbidden or empty, or rows with outcome ok. Reads only.
create or replace function xuqi.price_list(in_token_digest bytea, in_platform text)
returns table (outcome text, version bigint, effective_on text, begun boolean, months bigint, name text, unit_fen bigint,
               quantity bigint)
language plpgsql volatile security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    caller record;
begin
    select * into caller from session_of(in_token_digest, array['administrator', 'finance', 'auditor']);
    outcome := case when caller.outcome = 'ok' and not staff_may(caller.platforms, in_platform) then 'platform_forbidden'
                    else caller.outcome end;
    if outcome <> 'ok' then
        return next;
        return;
    end if;
    return query
    select 'ok'::text, f.version, f.effective_on, f.begun, f.months, f.name, f.unit_fen, f.quantity
      from platform_fees(in_platform) as f where f.effective_on is not null;
    if not found then
        outcome := 'empty';
        version := coalesce((select max(v.number) from fee_version as v where v.platform = in_platform), 0);
        return next;
    end if;
end
$$;
