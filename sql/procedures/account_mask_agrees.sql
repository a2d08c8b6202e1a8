-- SPDX-License-Identifier: Apache-2.0
-- Can a number that the bank has masked (6222****1234) be this account? At least four digits must be shown.
create or replace function xuqi.account_mask_agrees(in_masked text, in_digits text) returns boolean
language plpgsql immutable strict parallel safe set search_path = xuqi, pg_temp as $$
declare
    pattern text := translate(normalize(in_masked, NFKC), ' -', '');
begin
    return pattern ~ '^[0-9*X#•·.]+$' and pattern ~ '[^0-9]'
       and length(regexp_replace(pattern, '[^0-9]', '', 'g')) >= 4
       and in_digits ~ ('^' || regexp_replace(pattern, '[^0-9]+', '[0-9]+', 'g') || '$');
end
$$;
