-- SPDX-License-Identifier: Apache-2.0
-- Where sealed values are, so that keys can be changed; how long personal data is kept, and how it is erased.
begin;

-- Every sealed value and every blind index of the schema: what changing keys and erasing go by.
create table xuqi.sealed_column (
    name        text primary key check (name = table_name || '.' || column_name),
    place       text not null,
    kind        text not null check (kind in ('sealed', 'index', 'lookup')),
    table_name  text not null,
    column_name text not null,
    lead        text not null,
    row_key     text not null,
    context     text not null,
    source      text references xuqi.sealed_column,
    check ((kind = 'index') = (source is not null))
);
comment on column xuqi.sealed_column.kind is
    'index: made anew with the keys; lookup: what somebody is known by, under a key that stays as long as they do';
comment on column xuqi.sealed_column.place is 'What the program gives to seal and seal_index; of an index also the path in its source';
comment on column xuqi.sealed_column.lead is 'An indexed expression that row_key begins with, up to the first slash';
comment on column xuqi.sealed_column.row_key is 'An expression that names the row';
comment on column xuqi.sealed_column.context is 'An expression for the additional data that the value is bound to';
comment on column xuqi.sealed_column.source is 'Of an index: the sealed JSON that holds the value, in the same row';
insert into xuqi.sealed_column (name, place, kind, table_name, column_name, lead, row_key, context, source)
select t || '.' || c, place, kind, t, c, lead, row_key, context, source
  from (values
    ('renewal_content', 'personal_sealed', 'renewal.personal', 'sealed', 'renewal_no', 'renewal_no', 'evidence_sha256', null),
    ('renewal_content', 'evidence_sealed', 'renewal.evidence', 'sealed', 'renewal_no', 'renewal_no', 'evidence_sha256', null),
    ('material', 'sealed', 'renewal.material', 'sealed', 'renewal_no', 'renewal_no || ''/'' || kind || ''/'' || page',
     'convert_to(renewal_no || ''/'' || kind || ''/'' || page, ''UTF8'')', null),
    ('staff', 'totp_sealed', 'staff.totp', 'sealed', 'name', 'name', 'convert_to(name, ''UTF8'')', null),
    ('renewal_content', 'agent_id_index', 'agent.id_number', 'index', 'renewal_no', 'renewal_no', 'evidence_sha256', 'renewal_content.personal_sealed'),
    ('renewal_content', 'agent_mobile_index', 'agent.mobile', 'index', 'renewal_no', 'renewal_no', 'evidence_sha256', 'renewal_content.personal_sealed'),
    ('renewal_content', 'recipient_mobile_index', 'recipient.mobile', 'index', 'renewal_no', 'renewal_no', 'evidence_sha256', 'renewal_content.personal_sealed'),
    ('renewal_content', 'legal_person_id_index', 'legal_person.id_number', 'index', 'renewal_no', 'renewal_no', 'evidence_sha256', 'renewal_content.personal_sealed'),
    ('renewal_content', 'account_number_index', 'basic_account.number', 'index', 'renewal_no', 'renewal_no', 'evidence_sha256', 'renewal_content.personal_sealed'),
    ('portal_account', 'mobile_sealed', 'portal.mobile', 'sealed', 'lpad(id::text, 20, ''0'')', 'lpad(id::text, 20, ''0'')', 'mobile_index', null),
    ('sms_code', 'mobile_sealed', 'portal.mobile', 'sealed', 'lpad(id::text, 20, ''0'')', 'lpad(id::text, 20, ''0'')', 'mobile_index', null),
    ('portal_account', 'mobile_index', 'portal.mobile', 'lookup', 'lpad(id::text, 20, ''0'')', 'lpad(id::text, 20, ''0'')', 'mobile_index', null),
    ('sms_code', 'mobile_index', 'portal.mobile', 'lookup', 'lpad(id::text, 20, ''0'')', 'lpad(id::text, 20, ''0'')', 'mobile_index', null)
  ) as listed (t, c, place, kind, lead, row_key, context, source);
create trigger append_only before update or delete or truncate on xuqi.sealed_column
    for each statement execute function xuqi.forbid();

-- The classes of renewal_retention, with their law, for people.
create table xuqi.retention_class (
    class    text primary key,
    holds    text not null,
    basis    text not null,
    period   text not null,
    at_end   text not null,
    erasable boolean not null
);
insert into xuqi.retention_class values
    ('open', '办理中的业务', '个人信息保护法第十三条第一款第二项：履行合同所必需', '办理期间', '未缴费的可以撤销并删除', false),
    ('unpaid', '未缴费即撤销或关闭的业务的个人信息、材料和申请原文', '个人信息保护法第十九条、第四十七条：目的不再实现，最短时间', 'retention.unpaid_days', '删除', true),
    ('refused', '审核未通过、缴费后撤销的业务的个人信息、材料和申请原文', '民法典第一百八十八条诉讼时效；审核义务的证明（电子签名法第二十条）', '自结束之日起 retention.evidence_years', '删除', true),
    ('issued', '已签发证书的业务的个人信息、材料和申请原文', '电子签名法第二十四条：证书失效后至少五年', '自证书到期之日起 retention.evidence_years', '删除', true),
    ('certificate', '证书、签发记录、吊销列表', '电子签名法第二十四条', '证书失效后至少五年', '保留', false),
    ('voucher', '订单、支付通知、退款、总账', '会计档案管理办法（财政部、国家档案局令第79号）：凭证、账簿三十年', '三十年', '保留', false),
    ('bank_statement', '银行对账单、余额调节', '会计档案管理办法：十年', '十年', '保留', false),
    ('audit', '审计记录、审批、所接受的文本', '电子签名法第二十四条；个人信息保护法第五十一条、第五十四条', '与证书和凭证相同', '保留，不含个人信息明文', false);
comment on table xuqi.retention_class is 'What is kept how long, and why (docs/security.md)';
create trigger append_only before update or delete or truncate on xuqi.retention_class
    for each statement execute function xuqi.forbid();

create table xuqi.erasure (
    renewal_no   text primary key references xuqi.renewal,
    class        text not null references xuqi.retention_class check (class in ('unpaid', 'refused', 'issued')),
    actor        text not null,
    reason       text not null check (reason <> ''),
    content_hash bytea not null check (length(content_hash) = 32),
    erased_at    timestamptz not null default now()
);
comment on column xuqi.erasure.content_hash is 'As it was before: what reviewers approved can still be matched';
create trigger append_only before update or delete or truncate on xuqi.erasure
    for each statement execute function xuqi.forbid();

alter table xuqi.renewal add column erased_at timestamptz;
create index renewal_ended on xuqi.renewal (decided_at)
    where erased_at is null and status in ('rejected', 'cancelled', 'closed');
create index renewal_lapsed on xuqi.renewal (not_after) where erased_at is null and status in ('issued', 'completed');

-- What was frozen stays frozen but for two things: a sealed value or index may be made anew under another key, in which it
-- keeps its length, and what is personal may be emptied once the erasure is on record. Arguments: the sealed columns and
-- indexes; what else is personal.
create function xuqi.personal_keeps() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    was     jsonb := to_jsonb(old);
    is_now  jsonb := to_jsonb(new);
    sealed  text[] := string_to_array(tg_argv[0], ' ');
    personal text[] := sealed || string_to_array(tg_argv[1], ' ');
    changed text[] := array(select key from jsonb_each(was) where value is distinct from is_now -> key);
begin
    if changed <> '{}' and changed <@ sealed
       and not exists (select from unnest(changed) as name
                        where length(was ->> name) is distinct from length(is_now ->> name)) then
        return new;
    end if;
    if changed <@ personal
       and exists (select from erasure where renewal_no = old.renewal_no)
       and not exists (select from unnest(changed) as name where coalesce(is_now ->> name, '') not in ('', '\x', '[]')) then
        return new;
    end if;
    raise exception '% on %.% is forbidden: what was frozen may be sealed anew or erased', tg_op, tg_table_schema,
        tg_table_name using errcode = '23514';
end
$$;
drop trigger append_only on xuqi.renewal_content;
create trigger never_removed before delete or truncate on xuqi.renewal_content
    for each statement execute function xuqi.forbid();
create trigger keeps before update on xuqi.renewal_content for each row execute function xuqi.personal_keeps(
    'evidence_sealed personal_sealed agent_id_index agent_mobile_index recipient_mobile_index legal_person_id_index account_number_index',
    'agent_name_masked agent_id_masked agent_mobile_masked agent_email_masked recipient_masked form_fields form_shown');
drop trigger append_only on xuqi.acceptance; -- an address is personal data as well
create trigger never_removed before delete or truncate on xuqi.acceptance
    for each statement execute function xuqi.forbid();
create trigger keeps before update on xuqi.acceptance for each row execute function xuqi.personal_keeps(
    '', 'client_address');

-- Documents change only while the applicant may still work on them; they may be sealed anew, and go with an erasure.
create or replace function xuqi.material_changes() returns trigger
language plpgsql set search_path = xuqi, pg_temp as $$
declare
    owner_no text := case when tg_op = 'DELETE' then old.renewal_no else new.renewal_no end;
    resealed material := new;
begin
    if exists (select from renewal where renewal_no = owner_no and status in ('draft', 'returned'))
       or tg_op = 'DELETE' and exists (select from erasure where renewal_no = owner_no) then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    if tg_op = 'UPDATE' then
        resealed.sealed := old.sealed;
        if resealed is not distinct from old and length(new.sealed) = length(old.sealed) then
            return new;
        end if;
    end if;
    raise exception 'renewal %: its materials may not change any more', owner_no using errcode = '23514';
end
$$;

create index portal_account_key on xuqi.portal_account (lpad(id::text, 20, '0')); -- row keys

insert into xuqi.schema_migration (number, name, sha256) values (18, 'retention', :'sha256');
commit;
