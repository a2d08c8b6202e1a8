-- SPDX-License-Identifier: Apache-2.0
-- Automatic matching against a labelled set: nothing wrong, and nearly all that can be known. The full set: tests/sql/precision.
\ir support/labelled.sql
select same('nothing is matched wrongly', (select string_agg(class || ' ' || id, ', ') from judged where orders is not null and not correct), null);
select yes('of what is somebody''s at least 97 in 100 are found', (select count(*) filter (where complete) >= 0.97 * count(*) from judged where truth <> '{}'));
select same('no two lines for one order unless they add up', (select count(*)::text from xuqi."order" o
    where (select sum(m.fen) from xuqi.transfer_match m where m.order_no = o.order_no and m.undone_at is null) > o.amount_fen), '0');
select books_right();
