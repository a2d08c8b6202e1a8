-- SPDX-License-Identifier: Apache-2.0
-- The personal data of a renewal as they are by now: the last correction's, or else those of the application. Everybody
-- who reads personal data reads them here. evidence_sha256 is what personal_sealed opens with. Internal; nulls if unknown.
create or replace function xuqi.renewal_personal(
    in_renewal_no text,
    out personal_sealed bytea, out evidence_sha256 bytea, out agent_name_masked text, out agent_id_masked text,
    out agent_mobile_masked text, out agent_email_masked text, out recipient_masked text, out form_fields text[],
    out form_shown text[])
language plpgsql stable set search_path = xuqi, pg_temp as $$
#variable_conflict use_column

begin
    select c.personal_sealed, c.evidence_sha256, c.agent_name_masked, c.agent_id_masked, c.agent_mobile_masked,
           c.agent_email_masked, c.recipient_masked, c.form_fields, c.form_shown
      into personal_sealed, evidence_sha256, agent_name_masked, agent_id_masked, agent_mobile_masked,
           agent_email_masked, recipient_masked, form_fields, form_shown
      from correction as c where c.renewal_no = in_renewal_no order by c.number desc limit 1;
    if not found then
        select c.personal_sealed, c.evidence_sha256, c.agent_name_masked, c.agent_id_masked, c.agent_mobile_masked,
               c.agent_email_masked, c.recipient_masked, c.form_fields, c.form_shown
          into personal_sealed, evidence_sha256, agent_name_masked, agent_id_masked, agent_mobile_masked,
               agent_email_masked, recipient_masked, form_fields, form_shown
          from renewal_content as c where c.renewal_no = in_renewal_no;
    end if;
end
$$;
