-- SPDX-License-Identifier: Apache-2.0
-- The finance desk's list of orders goes by them, however many were paid before.
begin;

create index order_unpaid on xuqi."order" (order_no) where state = 'unpaid';
create index order_part_paid on xuqi."order" (order_no) where state = 'unpaid' and funded_fen > 0;

insert into xuqi.schema_migration (number, name, sha256) values (50, 'finance_lists', :'sha256');
commit;
