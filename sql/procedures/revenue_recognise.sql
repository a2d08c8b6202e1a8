-- SPDX-License-Identifier: Apache-2.0
-- The prices of these orders become revenue and output tax when their certificates are issued. The tax inside a gross
-- amount is that of tax_split. Internal.
create or replace function xuqi.revenue_recognise(
    in_order_nos text[], in_gross_fen bigint[], in_rates_permyriad bigint[]) returns void
language plpgsql set search_path = xuqi, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
    deferred    bigint := account_open('deferred_revenue', '');
    revenue     bigint := account_open('revenue', '');
    output_tax  bigint := account_open('output_tax', '');
    net         bigint[];
    tax         bigint[];
    fingerprints bytea[];
begin
    select array_agg(split.net order by split.place), array_agg(split.gross - split.net order by split.place),
           array_agg(fingerprint(split.order_no, split.net::text, (split.gross - split.net)::text)
                     order by split.place)
      into net, tax, fingerprints
      from (select place, order_no, gross, net_fen as net
              from unnest(in_order_nos, in_gross_fen, in_rates_permyriad)
                   with ordinality as sold (order_no, gross, rate, place),
                   lateral tax_split(gross, rate)) as split;
    perform ledger_post_alike('issue', in_order_nos, fingerprints, 'issuer',
                              array[deferred, deferred], array[revenue, output_tax], net, tax);
end
$$;
