-- SPDX-License-Identifier: Apache-2.0
-- An invoice is due when its platform says, not as soon as the order is paid.
begin;

drop function if exists xuqi.finance_invoices;

insert into xuqi.schema_migration (number, name, sha256) values (56, 'invoice_moment', :'sha256');
commit;
