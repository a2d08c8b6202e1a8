-- SPDX-License-Identifier: Apache-2.0
-- Revenue and output tax of a part of an issued order become the payer's credit. The parts' taxes add up to that of the
-- whole: each is the difference between what has gone back with it and without it. Internal.
create or replace function xuqi.refund_revenue(
    in_refund xuqi.refund, in_order xuqi."order", in_rate_permyriad bigint, in_actor text) returns void
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    earlier bigint := (select coalesce(sum(amount), 0)
                         from posting as p join transfer as t on t.posting_id = p.id
                        where p.event_type = 'return'
                          and p.event_key in (select refund_no from refund where order_no = in_refund.order_no));
    net     bigint;
    tax     bigint;
begin
    net := (select net_fen from tax_split(earlier + in_refund.amount_fen, in_rate_permyriad))
           - (select net_fen from tax_split(earlier, in_rate_permyriad));
    tax := in_refund.amount_fen - net;
    perform ledger_post('return', in_refund.refund_no, fingerprint(in_refund.refund_no, net::text, tax::text), now(),
                        in_actor,
                        case when net = 0 then array[account_open('output_tax', '')]
                             when tax = 0 then array[account_open('revenue', '')]
                             else array[account_open('revenue', ''), account_open('output_tax', '')] end,
                        case when net = 0 or tax = 0 then array[in_order.payer_credit_id]
                             else array[in_order.payer_credit_id, in_order.payer_credit_id] end,
                        array_remove(array[net, tax], 0::bigint));
end
$$;
