-- SPDX-License-Identifier: Apache-2.0
-- A remark as it is searched: NFKC (full width becomes half width), upper case, letters and digits alone.
create or replace function xuqi.remark_normal(in_remark text) returns text
language sql immutable strict parallel safe as $$
    select regexp_replace(upper(normalize(in_remark, NFKC)), '[^0-9A-Z\u3400-\u9fff]', '', 'g')
$$;
