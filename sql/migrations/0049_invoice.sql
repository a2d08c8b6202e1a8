-- SPDX-License-Identifier: Apache-2.0
-- What finance notes of an order's invoice is kept step by step: a number that was typed wrong is corrected, never overwritten.
-- Nobody reviews what his own account at the web hall submitted.
begin;

create table xuqi.invoice_record (
    order_no    text not null references xuqi."order",
    version     bigint not null,
    state       text not null,
    number      text not null,
    corrects    text,
    reason_id   bigint references xuqi.reason,
    recorded_by bigint references xuqi.staff,
    recorded_at timestamptz not null default now(),
    primary key (order_no, version),
    constraint invoice_record_version_check check (version > 0),
    constraint invoice_record_state_check check (state in ('issued', 'reversed')),
    constraint invoice_record_number_check check (length(number) between 1 and 40),
    constraint invoice_record_corrects check (corrects <> number),
    constraint invoice_record_why check ((corrects is null) = (reason_id is null))
);
comment on table xuqi.invoice_record is 'The newest version of an order is what the order itself says';
comment on column xuqi.invoice_record.corrects is 'The number that stood there by mistake, of the same invoice or red letter';
comment on column xuqi.invoice_record.recorded_by is 'Null: from before versions were kept, and the audit trail does not say';
create trigger append_only before update or delete or truncate on xuqi.invoice_record
    for each statement execute function xuqi.forbid();

-- What was noted until now: its last state is known, who noted it is on the trail.
insert into xuqi.invoice_record (order_no, version, state, number, recorded_by, recorded_at)
select o.order_no, 1, o.invoice_state, o.invoice_number, person.id, coalesce(said.at, now())
  from xuqi."order" as o
  left join lateral (select e.actor, e.at from xuqi.audit_event as e
                      where e.object = o.renewal_no and e.action = 'invoice.' || o.invoice_state
                        and e.detail = o.order_no || ' ' || o.invoice_number
                      order by e.id desc limit 1) as said on true
  left join xuqi.staff as person on 'staff:' || person.name = said.actor
 where o.invoice_state <> 'none';

create function xuqi.invoice_kept() returns trigger
language plpgsql security definer set search_path = xuqi, pg_temp as $$
begin
    if not exists (select from (select e.state, e.number from invoice_record as e
                                 where e.order_no = new.order_no order by e.version desc limit 1) as last
                    where (last.state, last.number) = (new.invoice_state, new.invoice_number)) then
        raise exception 'order %: its invoice is not what was recorded last', new.order_no using errcode = '23514';
    end if;
    return null;
end
$$;
create trigger invoice_kept after update of invoice_state, invoice_number on xuqi."order"
    for each row execute function xuqi.invoice_kept();

-- A member of staff is known as the holder of an account at the web hall, too.
alter table xuqi.staff
    add column person_portal_index bytea,
    drop constraint staff_person_more,
    add constraint staff_person_more check (
        person_sealed is not null
        or num_nonnulls(person_email_index, person_recipient_index, person_legal_index, person_portal_index) = 0);
comment on column xuqi.staff.person_portal_index is 'His mobile as accounts of the web hall are found by it';
insert into xuqi.sealed_column (name, place, kind, table_name, column_name, lead, row_key, context, source)
values ('staff.person_portal_index', 'portal.mobile', 'lookup', 'staff', 'person_portal_index', 'name', 'name',
        'convert_to(name, ''UTF8'')', null);

-- They take or answer more now.
drop function if exists xuqi.review_own;
drop function if exists xuqi.staff_person_put;
drop function if exists xuqi.order_invoice;

insert into xuqi.schema_migration (number, name, sha256) values (49, 'invoice', :'sha256');
commit;
