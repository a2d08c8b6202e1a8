-- SPDX-License-Identifier: Apache-2.0
-- Keeps what a person typed about an object and answers what the audit trail says of it: its number and a hash that is salted, so
-- that nothing leads back from it once the words are erased. Nothing typed: nothing said. Internal.
create or replace function xuqi.reason_keep(in_actor text, in_object text, in_words text) returns text
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    salt constant bytea := uuid_send(gen_random_uuid());
    number bigint;
begin
    if coalesce(in_words, '') = '' then
        return '';
    end if;
    insert into reason (actor, object, salt, words) values (in_actor, in_object, salt, in_words) returning id into number;
    return format('reason %s sha256:%s', number, encode(sha256(salt || convert_to(in_words, 'UTF8')), 'hex'));
end
$$;
