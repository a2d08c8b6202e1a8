-- SPDX-License-Identifier: Apache-2.0
-- The list of bank branches: replaced whole or not at all, and searched.
set search_path = story;

create function story.load(names text[], apply boolean default true, codes text[] default null) returns text language sql as $$
    select concat_ws(' ', outcome, added, changed, removed, unchanged)
      from xuqi.bank_import(coalesce(codes, array(select lpad((100 + i)::text, 3, '0') || '000000000' from generate_subscripts(names, 1) as i)),
                            names, array_fill('银行'::text, array[cardinality(names)]), array_fill(''::text, array[cardinality(names)]),
                            array_fill(''::text, array[cardinality(names)]), names, apply)
$$;
create function story.find(words text[], numbers text[] default '{}', at_most bigint default 20) returns text language sql as $$
    select string_agg(name, ' ' order by n) from xuqi.bank_search(words, numbers, at_most)
      with ordinality as found (code, name, bank, province, city, n)
$$;
select same('an empty list finds nothing', find('{工商}'), null);
select same('a dry run counts and changes nothing', load('{中国工商银行总行,中国农业银行总行}', false), 'checked 2 0 0 0');
select same('nothing is there', (select count(*) from xuqi.bank_branch)::text, '0');
select same('an import', load('{中国工商银行总行,中国农业银行总行}'), 'imported 2 0 0 0');
select same('the same again', load('{中国工商银行总行,中国农业银行总行}'), 'known 0 0 0 2');
select same('which is told once', (select string_agg(detail, '|') from xuqi.audit_event where action = 'bank.import'), 'added 2, changed 0, removed 0');
select same('what changed, came and went', load('{中国工商银行总行,中国农业银行北京,中国银行总行}'), 'imported 1 1 0 1');
select same('and went', load('{中国工商银行总行}', false), 'checked 0 0 2 1');
select refused('a bad row', $$ select story.load('{中国工商银行总行,坏}') $$);
select refused('a code that is none', $$ select story.load('{中国工商银行总行}', true, '{12}') $$);
select refused('a code twice', $$ select story.load('{中国工商银行总行,中国工商银行北京}', true, '{100000000000,100000000000}') $$, '21000');
select same('changes nothing at all', (select string_agg(name, ' ' order by code) from xuqi.bank_branch), '中国工商银行总行 中国农业银行北京 中国银行总行');

select same('a word of two characters', find('{工商}'), '中国工商银行总行');
select same('every word must stand there', find('{银行,总行}'), '中国银行总行 中国工商银行总行');
select same('in any order', find('{总行,中国}'), '中国银行总行 中国工商银行总行');
select same('pairs alone do not suffice', find('{行总行}'), '中国银行总行 中国工商银行总行');
select same('a word of pairs that stand apart is not there', find('{国银行总}'), '中国银行总行');
select same('digits begin the code', find('{}', '{102}'), '中国农业银行北京');
select same('of all numbers', find('{}', '{1,102,1020}'), '中国农业银行北京');
select same('which may not agree', find('{}', '{102,103}'), null);
select same('with a word', find('{银行}', '{103}'), '中国银行总行');
select same('at most so many', find('{银行}', '{}', 2), '中国银行总行 中国工商银行总行');
select same('a pattern is no pattern', find('{%%}'), null);
select same('nor is this', find('{__}'), null);
select same('nor this', find(array['\\']), null);
select same('a quote is a character', find(array['''; drop table xuqi.bank_branch; --']), null);

-- A list as long as the country's: banks are mixed, so that common words are met soon.
select xuqi.bank_import(array_agg(code), array_agg(name), array_agg(''::text), array_agg(''::text), array_agg(''::text), array_agg(name), true) is not null as loaded
  from (select (102 + i % 5) || lpad(i::text, 9, '0') as code,
               (array['中国工商银行', '中国农业银行', '中国银行', '中国建设银行', '农村信用社'])[1 + i % 5] || '第' || i || '支行' as name
          from generate_series(1, 20000) as i) as made \gset
select same('a common word gives as many as asked for', (select count(*) from xuqi.bank_search('{支行}', '{}', 21))::text, '21');
select same('each bank''s shortest first', (select string_agg(left(name, 4), ' ') from xuqi.bank_search('{支行}', '{}', 5)),
            '中国银行 农村信用 中国工商 中国农业 中国建设');
select same('what the walk does not meet is found all the same', find('{支行,第19999}'), '农村信用社第19999支行');
select same('common words that never meet', find('{工商,信用}'), null);
create function story.plan(statement text) returns text language plpgsql as $$
declare
    line text;
    plan text := '';
begin
    for line in execute 'explain ' || statement loop
        plan := plan || line;
    end loop;
    return plan;
end
$$;
select yes('pairs are looked up in their index', plan($$ select from xuqi.bank_branch
    where xuqi.bank_pairs(search) @> '{"第1","19","99","98"}' $$) like '%bank_branch_pairs%');
select yes('the walk goes by rank without sorting', plan($$ select * from xuqi.bank_branch order by rank, length(search), code limit 5000 $$)
    like '%bank_branch_rank%');
