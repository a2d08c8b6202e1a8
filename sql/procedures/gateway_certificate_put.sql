-- SPDX-License-Identifier: Apache-2.0
-- Keeps a certificate as the gateway sealed it. Safe to call again: sealed anew it takes the place of what was there, since
-- the key it was sealed under may have changed. Outcomes: kept (a new one), renewed.
create or replace function xuqi.gateway_certificate_put(
    in_rail text, in_serial text, in_nonce text, in_associated_data text, in_ciphertext bytea, in_not_after timestamptz,
    out outcome text)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
begin
    update gateway_certificate
       set nonce = in_nonce, associated_data = in_associated_data, ciphertext = in_ciphertext, not_after = in_not_after,
           sealed_at = now()
     where rail = in_rail and serial = in_serial;
    if found then
        outcome := 'renewed';
        return;
    end if;
    insert into gateway_certificate (rail, serial, nonce, associated_data, ciphertext, not_after)
    values (in_rail, in_serial, in_nonce, in_associated_data, in_ciphertext, in_not_after)
        on conflict (rail, serial) do nothing;
    if not found then
        outcome := 'renewed'; -- somebody else at the same moment
        return;
    end if;
    insert into audit_event (actor, action, object, detail)
    values ('gateway:' || in_rail, 'gateway.certificate', in_serial, in_not_after::text);
    outcome := 'kept';
end
$$;
