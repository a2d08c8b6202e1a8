-- SPDX-License-Identifier: Apache-2.0
-- An order's price becomes revenue and output tax when its certificate is issued. The tax inside a gross amount is
-- gross - round half up(gross / (1 + rate)), the rule of money_tax_fen. Internal.
create or replace function xuqi.revenue_recognise(in_order_no text, in_gross_fen bigint, in_rate_permyriad bigint)
returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    deferred bigint := account_open('deferred_revenue', '');
    divisor  bigint := 10000 + in_rate_permyriad;
    net      bigint := (in_gross_fen * 20000 + divisor) / (2 * divisor);
    tax      bigint := in_gross_fen - net;
    credits  bigint[] := array[account_open('revenue', ''), account_open('output_tax', '')];
    amounts  bigint[] := array[net, tax];
    legs     integer := case when tax > 0 then 2 else 1 end;
begin
    perform ledger_post('issue', in_order_no, fingerprint(in_order_no, net::text, tax::text), now(), 'issuer',
                        array_fill(deferred, array[legs]), credits[1:legs], amounts[1:legs]);
end
$$;
