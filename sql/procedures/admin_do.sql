-- SPDX-License-Identifier: Apache-2.0
-- Does what a request asked for; the caller holds its row and has looked at admin_refusal. in_enrolment_digest: of the token by
-- which the person sets up password and one-time codes. Answers null, or what the database still refuses. Internal.
create or replace function xuqi.admin_do(
    in_request xuqi.admin_request, in_actor text, in_enrolment_digest bytea, in_enrolment_s bigint) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    person staff;
    loaded record;
begin
    if in_request.kind = 'price' then
        select * into loaded from platform_load(
            in_request.subject, encode(sha256(convert_to('request ' || in_request.id, 'UTF8')), 'hex'),
            'request ' || in_request.id, in_request.subject_version, in_request.price_days, in_request.price_months,
            in_request.price_names, in_request.price_units, in_request.price_quantities);
        return case loaded.outcome when 'loaded' then null when 'recorded' then null when 'unchanged' then 'nothing_changes'
                                   else loaded.outcome end;
    elsif in_request.kind = 'halt' then
        perform issuance_halt(in_request.reason);
        update halt set halted_by = 'request ' || in_request.id where released_at is null;
        return null;
    elsif in_request.kind = 'release' then
        perform issuance_release();
        update halt set released_by = 'request ' || in_request.id where released_at = now();
        return null;
    elsif in_request.kind = 'staff_add' then
        insert into staff (name, display_name, password_hash, totp_sealed, roles, platforms, status)
        values (in_request.subject, in_request.display_name, '', '', in_request.roles, in_request.platforms, 'invited')
        returning * into person;
    else
        select * into strict person from staff where name = in_request.subject;
        update staff_session set ended_at = now() where staff_id = person.id and ended_at is null;
    end if;
    if in_request.kind = 'staff_change' then
        update staff set roles = in_request.roles, platforms = in_request.platforms, version = version + 1 where id = person.id;
    else
        update staff set status = 'invited', password_hash = '', totp_sealed = '', version = version + 1,
                         enrolment_digest = in_enrolment_digest,
                         enrolment_until = clock_timestamp() + make_interval(secs => in_enrolment_s)
         where id = person.id;
        update staff_certificate set removed_at = clock_timestamp() where staff_id = person.id and removed_at is null;
    end if;
    perform staff_grant_put(person.id, 'request ' || in_request.id);
    return null;
end
$$;
