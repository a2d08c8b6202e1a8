-- SPDX-License-Identifier: Apache-2.0
-- The lists of somebody's renewals name the organisation: an agent renews for several. Loading prices knows which file was the
-- last one and what the desk decided.
begin;

-- They answer more now.
drop function if exists xuqi.portal_renewals;
drop function if exists xuqi.renewal_lookup;
drop function if exists xuqi.platform_fees;

insert into xuqi.schema_migration (number, name, sha256) values (47, 'mine', :'sha256');
commit;
