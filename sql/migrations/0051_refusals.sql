-- SPDX-License-Identifier: Apache-2.0
-- Of a refusal that is not recorded any more, who is refused is told why all the same.
begin;

drop function if exists xuqi.staff_refuse;

insert into xuqi.schema_migration (number, name, sha256) values (51, 'refusals', :'sha256');
commit;
