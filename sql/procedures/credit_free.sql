-- SPDX-License-Identifier: Apache-2.0
-- What a payer may still use of his credit (账户余额): without what is due back to him and what is put aside for orders that
-- are not paid yet. Internal; who spends it holds the lock of its balance.
create or replace function xuqi.credit_free(in_payer_credit_id bigint) returns bigint
language sql stable set search_path = xuqi, pg_temp as $$
    select coalesce((select credits - debits from balance where account_id = in_payer_credit_id), 0)
           - coalesce((select sum(funded_fen) from "order"
                        where payer_credit_id = in_payer_credit_id and state = 'unpaid'), 0)::bigint
           - coalesce((select sum(due.amount_fen)
                         from (select order_no, amount_fen from surplus where state = 'due'
                               union all
                               select order_no, amount_fen from refund_due where state = 'due') as due
                         join "order" as o on o.order_no = due.order_no
                        where o.payer_credit_id = in_payer_credit_id), 0)::bigint
$$;
