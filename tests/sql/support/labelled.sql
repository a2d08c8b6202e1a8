-- SPDX-License-Identifier: Apache-2.0
-- A labelled set (tests/support/labelled.mjs) in the database, its matching, and how right it was. LABELLED_LINES says how many.
set search_path = story;
\ir statement.sql
select outcome as priced from load('labelled', '{"2019-01-01": {"12": [["fee", 10000, 1]], "24": [["fee", 10000, 2]], "36": [["fee", 28000, 1]],
    "48": [["fee", 36000, 1]], "60": [["fee", 45000, 1]]}}') \gset
create unlogged table story.labelled (kind text, id bigint, payer text, months bigint, day integer, fen bigint, account text, name text,
                                      remark text, truth bigint[], class text, order_no text, line_id bigint);
\copy story.labelled (kind, id, payer, months, day, fen, account, name, remark, truth, class) from program 'node "$STORY_ROOT/tests/support/labelled.mjs" "${LABELLED_LINES:-400}"' csv
create index on story.labelled (kind, id);
create index on story.labelled (order_no);

create function story.labelled_order(id bigint, payer text, months bigint) returns text language plpgsql as $$
declare
    made record;
    word text := 'labelled ' || id;
    who  text := replace(payer, 'person:', '');
begin
    perform xuqi.challenge_create(digest(word), 300);
    select * into made from xuqi.renewal_submit(
        digest(word), 'labelled', 'v', digest('certificate ' || word), 'c0ffee' || to_hex(id), convert_to(word, 'UTF8'),
        now() + interval '30 days', '\x3000', 'CN=' || who, who, case when payer like 'person:%' then '' else payer end,
        digest('evidence ' || word), 'sealed', months, 0, 0, 600, now() + interval '1 year', 'profile', '1', 1, 'never', 'a', '1',
        repeat('0', 64), '4.2.0', '', '', '', '', '', '', '', '', 'sealed', digest('i'), digest('m'), 0, 30,
        array['alipay', 'bank_transfer']);
    return made.order_no;
end
$$;
update story.labelled set order_no = labelled_order(id, payer, months) where kind = 'order';

-- The number in one of the ways that people write it.
create function story.number_written(number text, way text) returns text language sql as $$
    select case way when 'spaces' then regexp_replace(number, '(.{4})', '\1 ', 'g')
                    when 'wide' then translate(number, '0123456789', '０１２３４５６７８９')
                    when 'hyphens' then regexp_replace(number, '^(.{8})(.{6})', '\1-\2-')
                    when 'mixed' then translate(left(number, 8), '0123456789', '０１２３４５６７８９') || ' ' || substr(number, 9)
                    when 'slip' then overlay(number placing translate(substr(number, 15, 1), '0123456789', '5678901234') from 15 for 1)
                    else number end
$$;
create function story.remark_written(template text) returns text language plpgsql as $$
declare
    part text[];
    o    record;
begin
    for part in select regexp_matches(template, '\{([or]):(\d+):(\w+)\}', 'g') loop
        select l.order_no, d.renewal_no into o from labelled l join xuqi."order" d on d.order_no = l.order_no
         where l.kind = 'order' and l.id = part[2]::bigint;
        template := replace(template, format('{%s:%s:%s}', part[1], part[2], part[3]),
                            number_written(case part[1] when 'o' then o.order_no else o.renewal_no end, part[3]));
    end loop;
    return template;
end
$$;
-- Who declared did so before the money came.
select count(declare((select o.renewal_no from xuqi."order" o join labelled l on l.order_no = o.order_no where l.kind = 'order' and l.id = d.id),
                     d.account, d.name, d.fen, d.day)) as declared from labelled d where d.kind = 'declared' \gset
select import() as file \gset
update story.labelled set line_id = line(fen, account, name, remark_written(remark), day, 'ordinary', :file) where kind = 'line';
analyze;
select clock_timestamp() as begun \gset
-- As jobs does: first what was declared, then the rest by phases.
select count(v.outcome) filter (where v.outcome = 'matched') as found
  from labelled d join xuqi.declared_transfer t on t.content_index = digest(concat_ws('|', d.account, d.name, d.fen, d.day)),
       lateral xuqi.transfer_verify(t.id, d.account, d.name) v
 where d.kind = 'declared' \gset
select sum(matched) as numbers from generate_series(0, 1000000, 5000) a, lateral xuqi.statement_match(:file, 'numbers',
    (select min(id) - 1 + a from xuqi.statement_line where import_id = :file), 5000) where a < (select count(*) from labelled where kind = 'line') \gset
select sum(matched) as misspelt from generate_series(0, 1000000, 5000) a, lateral xuqi.statement_match(:file, 'misspelt',
    (select min(id) - 1 + a from xuqi.statement_line where import_id = :file), 5000) where a < (select count(*) from labelled where kind = 'line') \gset
select sum(matched) as sums from generate_series(0, 1000000, 5000) a, lateral xuqi.statement_match(:file, 'sums',
    (select min(id) - 1 + a from xuqi.statement_line where import_id = :file), 5000) where a < (select count(*) from labelled where kind = 'line') \gset
select round(extract(epoch from clock_timestamp() - :'begun'))::int as seconds \gset

-- Right: the line's order is one of its truth; complete: all of them, or one where they are alike, and the whole line is used.
create view story.judged as
    select l.id, l.class, l.truth, l.fen, m.orders, m.fen as matched_fen,
           coalesce(m.orders <@ l.truth, false) as correct,
           m.orders is not null and m.orders <@ l.truth and m.fen = l.fen
           and (l.class = 'alike=1' or cardinality(m.orders) = cardinality(l.truth)) as complete
      from labelled l
      left join lateral (select array_agg(o.id) as orders, sum(m.fen) as fen
                           from xuqi.transfer_match m join labelled o on o.kind = 'order' and o.order_no = m.order_no
                          where m.line_id = l.line_id and m.undone_at is null) m on m.orders is not null
     where l.kind = 'line';
