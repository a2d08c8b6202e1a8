-- SPDX-License-Identifier: Apache-2.0
-- The printed form says which edition it is.
begin;

drop function if exists xuqi.application_form;

insert into xuqi.schema_migration (number, name, sha256) values (55, 'form_edition', :'sha256');
commit;
