-- SPDX-License-Identifier: Apache-2.0
-- The renewals that a text names exactly, by index: its number, its order's, its certificate's serial, a whole mobile (as keyed
-- hashes), and of cases at the desk four last digits. A thousand at most. Internal.
create or replace function xuqi.review_found(in_text text, in_mobiles bytea[]) returns text[]
language sql stable set search_path = xuqi, pg_temp as $$
    select coalesce(array_agg(named.renewal_no), '{}')
      from (select renewal_no from review_tail where number = in_text
            union
            select renewal_no from review_tail where serial = in_text
            union
            select renewal_no from review_tail where mobile = in_text
            union
            select renewal_no from renewal where renewal_no = in_text
            union
            select renewal_no from "order" where order_no = in_text
            union
            select renewal_no from renewal where certificate_serial = ltrim(lower(translate(in_text, ' :', '')), '0')
            union
            select renewal_no from renewal_content where agent_mobile_index = any (in_mobiles)
            union
            select renewal_no from correction where agent_mobile_index = any (in_mobiles)
             limit 1000) as named
$$;
