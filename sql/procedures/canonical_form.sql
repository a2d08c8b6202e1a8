-- SPDX-License-Identifier: Apache-2.0
-- The form's further fields and warnings as canonical() has them; nothing for a form that has neither, so that renewals
-- from before there were any keep the hash that was approved. Indexes and sealed values change with the keys: they are
-- not in it.
create or replace function xuqi.canonical_form(
    in_fields text[], in_shown text[], in_warning_fields text[], in_warning_codes text[]) returns bytea
language plpgsql immutable parallel safe set search_path = xuqi, pg_temp as $$
declare
    part   text;
    joined bytea := '';
begin
    if cardinality(in_fields) + cardinality(in_warning_fields) = 0 then
        return '';
    end if;
    foreach part in array in_fields || in_shown || in_warning_fields || in_warning_codes loop
        joined := joined || canonical(convert_to(part, 'UTF8'));
    end loop;
    return canonical(int8send(cardinality(in_fields)), int8send(cardinality(in_warning_fields)), joined);
end
$$;
