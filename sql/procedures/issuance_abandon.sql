-- SPDX-License-Identifier: Apache-2.0
-- Gives an intent up after any doubt. Safe to call again. Outcomes: abandoned, fenced (its own time has passed: it was
-- abandoned with the lease). Raises when it has been recorded.
create or replace function xuqi.issuance_abandon(
    in_fence bigint, in_issuance_id bigint, in_reason text, out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

declare
    current_fence bigint := issuer_enter();
    wanted        issuance;
begin
    perform from renewal join issuance on issuance.renewal_no = renewal.renewal_no
      where issuance.id = in_issuance_id for update of renewal;
    select * into wanted from issuance where id = in_issuance_id for update;
    outcome := case when wanted.state = 'abandoned' then 'abandoned'
                    when current_fence <> in_fence or wanted.fence <> in_fence then 'fenced' end;
    if outcome is not null then
        return;
    end if;
    if wanted.state is distinct from 'intended' then
        raise exception 'issuance %: there is nothing to abandon', in_issuance_id using errcode = '23514';
    end if;
    perform issuance_end(in_issuance_id, in_reason);
    outcome := 'abandoned';
end
$$;
