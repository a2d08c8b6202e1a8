-- SPDX-License-Identifier: Apache-2.0
-- Why a renewal is this member of staff's own, or null: reviewer_own: he stands in it, as applied or as corrected, as its agent (by
-- document, mobile or e-mail address), its recipient or its legal person; reviewer_account: his account at the web hall submitted
-- it. Known of those of whom it was noted (staff_person_keep). Internal.
create or replace function xuqi.review_own(in_renewal_no text, in_staff_id bigint) returns text
language sql stable set search_path = xuqi, pg_temp as $$
    select case
        when exists (
            select from (select agent_id_index, agent_mobile_index, agent_email_index, recipient_mobile_index, legal_person_id_index
                           from renewal_content where renewal_no = in_renewal_no
                         union all
                         select agent_id_index, agent_mobile_index, agent_email_index, recipient_mobile_index, legal_person_id_index
                           from correction where renewal_no = in_renewal_no) as named
             where named.agent_id_index = person.person_id_index or named.agent_mobile_index = person.person_mobile_index
                or named.agent_email_index = person.person_email_index
                or named.recipient_mobile_index = person.person_recipient_index
                or named.legal_person_id_index = person.person_legal_index) then 'reviewer_own'
        when exists (
            select from renewal_portal as p join portal_account as account on account.id = p.account_id
             where p.renewal_no = in_renewal_no and account.mobile_index = person.person_portal_index) then 'reviewer_account' end
      from staff as person where person.id = in_staff_id and person.person_sealed is not null
$$;
