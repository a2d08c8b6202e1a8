// SPDX-License-Identifier: Apache-2.0
// Payouts through a bank that does not answer one in five, pays one in ten and says that it did not, refuses some, and sends one
// in twenty back days later. By the running installation's web, jobs and database, and the bank's stand-in with books of its own:
// nobody is paid twice, nothing is sent again while its fate is unknown, everything is resolved, and both books agree.
//   XUQI_VAR=… node tests/chaos/payouts.mjs [--count 10000] [--seed 1]     needs a running ./deploy/run; prints counts, ends in
//   "N passed, N failed". flow/payouts.mjs is its short form.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as client from '../support/client.mjs';
import { asOwner, demo, folder, newSubscriber, sql } from '../support/world.mjs';
import { startWeb } from '../support/extra_web.mjs';
import { readAndMatch } from '../support/link.mjs';

const AT_ONCE = 16;
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const bank = async (path, body) => (await client.call(demo.citic.url, body === undefined ? 'GET' : 'POST', path, { body })).json;
const number = (text) => Number(sql(text));

// One true renewal that waits for its account to be verified.
async function original(web) {
  const subscriber = newSubscriber({ notBefore: '-400 days', notAfter: '-35 days' });
  const renewal = (await client.submit(web.demo, subscriber, { platform: 'payouts-test', change: (it) => ({ ...it, client_version: '1.0', invoice: { kind: 'none' } }) })).json;
  const form = (await client.pay(web.demo, renewal)).json;
  await client.notify(web.demo, client.alipaySigned(web.demo, client.alipayNotice(web.demo, form)));
  for (let tries = 0; sql(`select state from xuqi.payout where renewal_no = '${renewal.renewal_no}'`) !== 'paid'; tries += 1) {
    assert.ok(tries < 300, 'the original is paid');
    await pause(100);
  }
  return { no: renewal.renewal_no, organisation: subscriber.organisation };
}

// Copies of it, each with a payout that is not to be sent yet.
function copy(no, count, run) {
  sql(`set session_replication_role = replica;
    create temporary table made as select n, '01' || '${run}' || lpad(n::text, 7, '0') as renewal_no,
        'XC${run}' || lpad(n::text, 10, '0') as client_id from generate_series(1, ${count}) as n;
    insert into xuqi.renewal select it.* from made, xuqi.renewal as r, lateral jsonb_populate_record(r, jsonb_build_object(
        'renewal_no', made.renewal_no, 'certificate_fingerprint', sha256(convert_to(made.renewal_no, 'UTF8')))) as it where r.renewal_no = '${no}';
    insert into xuqi.renewal_content select it.* from made, xuqi.renewal_content as c, lateral jsonb_populate_record(c, jsonb_build_object(
        'renewal_no', made.renewal_no)) as it where c.renewal_no = '${no}';
    insert into xuqi.account_verification (renewal_no, state, payouts) select renewal_no, 'paying', 1 from made;
    insert into xuqi.payout (client_id, purpose, renewal_no, number, amount_fen) select client_id, 'verification', renewal_no, 1, 1 from made;
    insert into xuqi.outbox (topic, dedup_key, event, renewal_no, run_at)
    select 'payout', renewal_no || ':' || client_id, client_id, renewal_no, 'infinity' from made`);
  return sql(`select renewal_no from xuqi.payout where client_id like 'XC${run}%' order by client_id`).split('\n');
}

// Each of them names an account of its own, as applicants do.
async function nameAccounts(web, renewals, organisation, run) {
  const key = Buffer.from(asOwner('cat', `${folder}/keys/access.key`).trim(), 'hex');
  const waiting = renewals.map((no, i) => [no, i]);
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const [no, i] = next;
      const answer = await client.call(web.demo.base_url, 'PUT', `/api/v1/renewals/${no}/account`, { token: createHmac('sha256', key).update(`xuqi renewal access ${no}`).digest('base64url'),
        body: { name: organisation, number: `62${run}${String(i).padStart(8, '0')}`, bank_name: '中国工商银行', bank_code: '102100099996' } });
      assert.equal(answer.status, 200, answer.text);
    }
  }));
}

// What the bank says of each of ours, and what we say.
async function compare(run) {
  const theirs = new Map((await bank('/?json')).payments.filter((it) => it.client_id.startsWith(`XC${run}`)).map((it) => [it.client_id, it]));
  const ours = new Map(sql(`select client_id, state from xuqi.payout where client_id like 'XC${run}%'`).split('\n').map((line) => line.split(' ')));
  return { theirs, ours };
}

async function settled(run, seconds) {
  const open = () => number(`select count(*) from xuqi.payout p join xuqi.outbox o on o.event = p.client_id where p.client_id like 'XC${run}%' and (p.state = 'queued' or p.state = 'sent' and p.asked < 4 and o.state <> 'dead')`);
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    if (open() === 0) return;
    await pause(1000);
  }
  assert.fail(`${open()} are still open`);
}

export async function campaign(count, seed, told = () => {}) {
  const run = String(Date.now() % 1e8).padStart(8, '0'); // names this run's numbers
  const web = await startWeb('payouts-test', Number(new URL(demo.base_url).port) + 7, {
    'payouts-test': (texts) => texts['szca-bidding'].replace(/^proofs: .*$/m, 'proofs: [current_key]').replace(/^ {2}always: \[application_form\]$/m, '  always: []')
      .replace(/^identity_steps: .*$/m, 'identity_steps: []').replace(/^review:\n.*\n.*$/m, 'review:\n  kind: automatic').replace(/^open_per_organisation: .*$/m, 'open_per_organisation: 0'),
  });
  const facts = [];
  const fact = (what, got, expected) => facts.push({ what, got, expected, right: JSON.stringify(got) === JSON.stringify(expected) });
  try {
    const { no, organisation } = await original(web);
    const renewals = copy(no, count, run);
    await nameAccounts(web, renewals, organisation, run);
    const before = (await bank('/?json')).balance;
    await bank('/sandbox/chances', { silent: 0.2, error_paid: 0.1, refuse: 0.06, returned: 0.05, seed });
    const begun = Date.now();
    sql(`update xuqi.outbox set run_at = now() where event like 'XC${run}%'`);
    await settled(run, 60 + count * 0.3);
    told(`${count} payouts sent and asked about in ${Math.round((Date.now() - begun) / 1000)} s`);

    let { theirs, ours } = await compare(run);
    const kinds = {};
    for (const it of theirs.values()) kinds[it.mode] = (kinds[it.mode] ?? 0) + 1;
    told(Object.entries(kinds).map(([kind, times]) => `${kind} ${times}`).join(', '));
    fact('each was sent', theirs.size, count);
    fact('none was sent twice', [...theirs.values()].filter((it) => it.sent !== 1).length, 0);
    fact('no account was paid twice', new Set([...theirs.values()].map((it) => it.account)).size, count);
    fact('what the bank paid is paid here', [...theirs].filter(([id, it]) => (it.state === 'paid') !== (ours.get(id) === 'paid')).length, 0);
    fact('what it refused or failed is failed here', [...theirs].filter(([id, it]) => ['refused', 'failed'].includes(it.state) !== (ours.get(id) === 'failed')).length, 0);
    fact('what never arrived is unknown', [...theirs].filter(([id, it]) => (it.state === 'lost') !== (ours.get(id) === 'sent')).length, 0);
    fact('no other number was made meanwhile', number(`select count(*) from xuqi.payout where renewal_no in (select renewal_no from xuqi.payout where client_id like 'XC${run}%') and client_id not like 'XC${run}%'`), 0);

    // Days later: who is still unknown is a person's, who looks at the statement.
    sql(`set session_replication_role = replica; update xuqi.payout set sent_at = sent_at - interval '7 days' where client_id like 'XC${run}%' and state = 'sent';
         update xuqi.outbox set run_at = now() where event like 'XC${run}%'`);
    const unknown = () => number(`select count(*) from xuqi.payout p join xuqi.outbox o on o.event = p.client_id where p.client_id like 'XC${run}%' and p.state = 'sent' and o.state <> 'dead'`);
    for (let tries = 0; unknown() > 0 && tries < 120 + count / 10; tries += 1) {
      sql(`update xuqi.outbox set run_at = now() where event like 'XC${run}%' and state = 'ready'`);
      await pause(1000);
    }
    fact('each of those has an alarm', number(`select count(*) from xuqi.audit_event where action = 'payout.unknown' and detail like 'XC${run}%'`), [...theirs.values()].filter((it) => it.state === 'lost').length);
    sql(`select count(xuqi.payout_decide(client_id, 'failed', 'bank_temporary', 'not on the statement', 'chaos', 10, 2)) from xuqi.payout where client_id like 'XC${run}%' and state = 'sent'`);

    // 退汇, by the lines of the statement, which the link brings; read twice.
    const { returned } = await bank('/sandbox/return', { all: true });
    const mine = returned.filter((id) => id.startsWith(`XC${run}`));
    for (let times = 0; times < 2; times += 1) await readAndMatch(60 + count * 0.1);
    ({ theirs, ours } = await compare(run));
    const paid = [...theirs.values()].filter((it) => it.state === 'paid').length;
    const tally = (state) => [...ours.values()].filter((it) => it === state).length;
    told(`paid ${tally('paid')}, returned ${tally('returned')}, failed ${tally('failed')}`);
    fact('everything is resolved', tally('queued') + tally('sent'), 0);
    fact('what came back is returned here', [tally('returned'), tally('paid')], [mine.length, paid - mine.length]);
    fact('and its verification is open again', number(`select count(*) from xuqi.account_verification v join xuqi.payout p using (renewal_no) where p.client_id like 'XC${run}%' and p.state = 'returned' and (v.state, v.reason) = ('failed', 'account_invalid')`), mine.length);
    fact('the bank\'s books and ours agree', number(`select coalesce(sum(case when a.kind = 'bank' then case when t.credit_id = a.id then t.amount else -t.amount end end), 0) from xuqi.transfer t join xuqi.posting p on p.id = t.posting_id join xuqi.account a on a.id in (t.debit_id, t.credit_id) where p.event_key like 'XC${run}%'`) - mine.length, before - (await bank('/?json')).balance + (returned.length - mine.length)); // less what came back of an earlier run
    fact('each payment has its line, and each return', [number(`select count(*) from xuqi.payout where client_id like 'XC${run}%' and line_id is not null`), number(`select count(*) from xuqi.payout where client_id like 'XC${run}%' and returned_line_id is not null`)], [paid, mine.length]);
    fact('nothing is left in between', number(`select count(*) from xuqi.balance b join xuqi.account a on a.id = b.account_id where a.kind = 'payout_clearing' and a.owner_key like 'XC${run}%' and b.credits <> b.debits`), 0);
    fact('the day\'s budget was kept', sql('select count(*) from xuqi.payout_budget where used_fen > budget_fen'), '0');
    fact('the books are right', sql(`select count(*) from xuqi.ledger_check() where detail like '%XC${run}%'`), '0');
  } finally {
    await bank('/sandbox/chances', {});
    await web.stop();
    sql(`set session_replication_role = replica; update xuqi.renewal set status = 'cancelled' where renewal_no in (select renewal_no from xuqi.payout where client_id like 'XC${run}%')`);
  }
  return facts;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { count: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } });
  const facts = await campaign(Number(values.count), Number(values.seed), (text) => console.log(text));
  for (const it of facts) console.log(it.right ? `ok ${it.what}` : `not ok ${it.what}: got ${JSON.stringify(it.got)}, expected ${JSON.stringify(it.expected)}`);
  const failed = facts.filter((it) => !it.right).length;
  console.log(`${facts.length - failed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
