-- SPDX-License-Identifier: Apache-2.0
-- The finance desk finds an order by its invoice, those that wait for one, and a line by its words; the audit trail says of an event
-- whether it is what was sealed.
begin;

create index invoice_record_number on xuqi.invoice_record (number);
create index order_invoice_due on xuqi."order" (order_no) where state = 'paid' and invoice_state = 'none';
create index order_invoice_noted on xuqi."order" (invoice_state, order_no) where invoice_state <> 'none';

-- They take or answer more now.
drop function if exists xuqi.audit_event_get;
drop function if exists xuqi.audit_list;
drop function if exists xuqi.finance_lines;
drop function if exists xuqi.staff_person_get;

insert into xuqi.schema_migration (number, name, sha256) values (54, 'desk_finds', :'sha256');
commit;
