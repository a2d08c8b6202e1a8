-- SPDX-License-Identifier: Apache-2.0
-- A natural person asks for erasure, or withdraws consent. Before payment: the applicant's renewal is cancelled and erased
-- at once. Never paid, or past its time: erased. Otherwise the law's time goes on, and the row says which. Safe to call again.
-- Outcomes, one row for each renewal: cancelled_and_erased, erased, kept.
create or replace function xuqi.subject_erase(
    in_indexes text[], in_reason text, in_unpaid_days bigint, in_evidence_years bigint)
returns table (renewal_no text, outcome text, class text, basis text, until timestamptz)
language plpgsql security definer set search_path = xuqi, pg_temp as $$
#variable_conflict use_column
declare
    person record;
    kept   record;
    held   renewal;
begin
    for person in select * from subject_renewals(in_indexes) loop
        select * into held from renewal as r where r.renewal_no = person.renewal_no for update;
        outcome := 'erased';
        if held.status in ('draft', 'awaiting_payment') and person.as_agent then
            perform renewal_cancel(person.renewal_no);
            outcome := 'cancelled_and_erased';
        end if;
        select * into kept from renewal_retention(person.renewal_no, in_unpaid_days, in_evidence_years);
        if kept.class = 'unpaid' or kept.until < now() then
            perform renewal_erase(person.renewal_no, kept.class, 'admin', in_reason);
        else
            outcome := 'kept';
            insert into audit_event (actor, action, object, detail)
            values ('admin', 'subject.erase_refused', person.renewal_no, kept.class || ': ' || reason_keep('admin', 'erasure of ' || person.renewal_no, in_reason));
        end if;
        renewal_no := person.renewal_no;
        class := kept.class;
        until := kept.until;
        select c.basis into basis from retention_class as c where c.class = kept.class;
        return next;
    end loop;
end
$$;
