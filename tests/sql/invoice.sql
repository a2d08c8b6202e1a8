-- SPDX-License-Identifier: Apache-2.0
-- Whom the invoice is made out to: changed until it is paid.
set search_path = story;

create function story.make_out(no text, title text, kind text default 'electronic') returns text language sql as $$
    select outcome from xuqi.renewal_invoice(no, kind, title, 'tax')
$$;
create function story.made_out(no text) returns text language sql as $$
    select invoice_kind || ' ' || invoice_title || ' ' || invoice_tax_id from xuqi.renewal where renewal_no = no
$$;
select renewal_in('awaiting_payment', 'buyer') as no \gset
select same('before payment it is changed', make_out(:'no', 'one') || ', ' || made_out(:'no'), 'changed, electronic one tax');
select count(*) as events from xuqi.audit_event \gset
select make_out(:'no', 'one') as again \gset
select same('the same again changes nothing', :'again' || ' ' || (select count(*) - :events from xuqi.audit_event), 'changed 0');
select make_out(:'no', 'two') as another \gset
select same('another is changed again, and written down', :'another' || ' ' || (select count(*) - :events from xuqi.audit_event), 'changed 1');
select renewal_in('awaiting_review', 'paid') as paid \gset
select same('once it is paid it is fixed', make_out(:'paid', 'other'), 'invoice_fixed');
select renewal_in('cancelled', 'gone') as gone \gset
select same('of one that has ended as well', make_out(:'gone', 'other'), 'invoice_fixed');
select same('a number that nobody has', make_out('0120261121000', 'one'), 'renewal_unknown');
select books_right();
