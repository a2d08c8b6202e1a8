-- SPDX-License-Identifier: Apache-2.0
-- A company's or person's name as it is compared: NFKC (full width becomes half width), upper case, one kind of bracket
-- and of middle dot, no white space. 有限公司 and 有限责任公司 stay different, as they are different companies.
create or replace function xuqi.party_name_normal(in_name text) returns text
language sql immutable strict parallel safe as $$
    select translate(upper(normalize(in_name, NFKC)), '[]{}【】〔〕〖〗《》<>•‧・∙⋅' || E' \t\u00a0\u200b\ufeff', '()()()()()()()·····')
$$;
