-- SPDX-License-Identifier: Apache-2.0
-- The form's further fields: frozen with the renewal, masked for the reviewer, part of what he approves.
set search_path = story;

select renewal_no as no from submit('form', 'form', fields => array['organisation.name', 'basic_account.number'],
    shown => array['某公司', '****6874'], warning_fields => array['basic_account.bank_code'],
    warning_codes => array['check_digit']) \gset
select renewal_no as plain from submit('plain', 'plain') \gset
select same('fields, indexes and warnings are frozen',
    (select concat_ws(' ', form_fields, form_shown, warning_fields, warning_codes,
                      legal_person_id_index = digest('legal person'), account_number_index = digest('account'))
       from xuqi.renewal_content where renewal_no = :'no'),
    '{organisation.name,basic_account.number} {某公司,****6874} {basic_account.bank_code} {check_digit} t t');
select same('a form without them has none', (select concat_ws(' ', form_fields, warning_fields, legal_person_id_index)
    from xuqi.renewal_content where renewal_no = :'plain'), '{} {}');
select hire('ann') as hired \gset
select same('the reviewer sees them a line each', (select form_fields || '|' || form_shown || '|' || warning_fields || '|' || warning_codes
    from xuqi.review_case(token('ann'), :'no')), E'organisation.name\nbasic_account.number|某公司\n****6874|basic_account.bank_code|check_digit');
select refused('a field without its value', $$ select story.submit('odd', 'odd', fields => array['a'], shown => '{}') $$);
select refused('a warning without its code', $$ select story.submit('odd', 'odd', warning_fields => array['a']) $$);
select refused('they may not change', format($$ update xuqi.renewal_content set form_shown = '{x,y}' where renewal_no = %L $$, :'no'));

-- What is approved covers them: each change gives another hash.
create function story.hash_with(change text, no text) returns bytea language plpgsql as $$
declare
    got bytea;
begin
    alter table xuqi.renewal_content disable trigger user;
    execute format('update xuqi.renewal_content set %s where renewal_no = %L', change, no);
    got := xuqi.renewal_content_hash(no);
    raise exception using message = encode(got, 'hex'), errcode = 'P0001';
exception when sqlstate 'P0001' then
    return decode(sqlerrm, 'hex');
end
$$;
select yes('another ' || change || ' is another content', story.hash_with(change, :'no') <> xuqi.renewal_content_hash(:'no'))
  from unnest(array['form_shown = ''{某公司,****6875}''', 'form_fields = ''{organisation.name,basic_account.name}''',
                    'warning_fields = ''{}'', warning_codes = ''{}''', 'warning_codes = ''{other}''',
                    'form_shown = ''{某,公司****6874}''']) as change;
