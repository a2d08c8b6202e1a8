-- SPDX-License-Identifier: Apache-2.0
-- What is written down stays: each table refuses by itself to be emptied, and most to be changed, also to its owner and also
-- when there is nothing in it. What else a table lets change is told in the stories of its procedures.
set search_path = story;

create function story.appended() returns table (name text) language sql as $$
    select unnest(array['abandoned_serial', 'account', 'account_chart', 'agreement_text', 'audit_checkpoint', 'audit_event', 'audit_leaf', 'audit_node', 'audit_timestamp', 'certificate_portal_account', 'crl', 'erasure',
        'fee_item', 'fee_term', 'fee_version', 'invoice_record', 'order_line', 'payment_notice', 'period', 'period_balance', 'posting', 'renewal_portal', 'renewal_return',
        'renewal_transition', 'retention_class', 'return_item', 'sealed_column', 'transfer'])
$$;
create function story.kept() returns table (name text) language sql as $$
    select unnest(array['acceptance', 'approval', 'audit_tree', 'balance', 'correction', 'correction_field', 'fee_table', 'identity_check', 'issuance', 'material_replaced',
        'order', 'payment_attempt', 'phone_link', 'portal_account', 'renewal', 'renewal_content', 'reversal', 'staff', 'unmasking'])
$$;
create function story.first_column(place text) returns text language sql as $$
    select attname from pg_attribute where attrelid = format('xuqi.%I', place)::regclass and attnum > 0 and attidentity = '' and not attisdropped order by attnum limit 1
$$;
select refused('changing ' || name, format('update xuqi.%I set %2$I = %2$I', name, first_column(name))) from appended();
select refused('deleting from ' || name, format('delete from xuqi.%I', name)) from (select * from appended() union all select * from kept()) as t;
select refused('truncating ' || name, format('truncate xuqi.%I cascade', name)) from (select * from appended() union all select * from kept()) as t;
select refused('truncating material', 'truncate xuqi.material');
