-- SPDX-License-Identifier: Apache-2.0
-- A verdict belongs to the person it was made about; a renewal of the web hall is corrected in a session.
begin;

alter table xuqi.identity_check add column person bigint not null default 0 check (person >= 0);
comment on column xuqi.identity_check.person is
    'Whom it is about: the number of the correction that last changed the agent before it, 0: as applied';
drop index xuqi.identity_check_settled;
create unique index identity_check_settled on xuqi.identity_check (renewal_no, kind, person)
    where state in ('passed', 'manual');

-- As before; and a verdict is about the person as he is by then, whoever asks.
create or replace function xuqi.identity_check_changes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        new.person := identity_person(new.renewal_no);
    elsif to_jsonb(new) - array['answer_sealed', 'token_sealed', 'url_sealed']
          = to_jsonb(old) - array['answer_sealed', 'token_sealed', 'url_sealed'] then
        return new; -- sealed anew, or gone with an erasure
    elsif old.decided_at is not null then
        raise exception 'renewal %: its % check is decided', old.renewal_no, old.kind using errcode = '23514';
    elsif new.person <> old.person then
        raise exception 'renewal %: a % check stays with its person', old.renewal_no, old.kind using errcode = '23514';
    end if;
    if new.state not in ('passed', 'failed', 'manual') then
        return new;
    end if;
    if not exists (select from renewal where renewal_no = new.renewal_no and status in ('draft', 'returned')) then
        raise exception 'renewal %: its identity checks may not change any more', new.renewal_no
            using errcode = '23514';
    end if;
    if new.person <> identity_person(new.renewal_no) then
        raise exception 'renewal %: a % check was made about another person', new.renewal_no, new.kind
            using errcode = '23514';
    end if;
    return new;
end
$$;

-- They take or answer more now.
drop function if exists xuqi.correction_begin;
drop function if exists xuqi.correction_missing;
drop function if exists xuqi.correction_submit;
drop function if exists xuqi.identity_list;

insert into xuqi.schema_migration (number, name, sha256) values (22, 'hall', :'sha256');
commit;
