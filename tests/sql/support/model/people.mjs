// SPDX-License-Identifier: Apache-2.0
// Who the agent is: photos by telephone, liveness and telecom checks, and the draft that waits for them. What a provider
// says decides only while the draft is open, and only for who holds the check.
import { hex } from './reference.mjs';
import { call, edit } from './call.mjs';

const FACTS = `select r.status, r.required_identity_steps as steps, r.required_materials as materials,
    (select array_agg(distinct kind) from xuqi.material where renewal_no = r.renewal_no) as kinds,
    (select array_agg(distinct kind) from xuqi.identity_check where renewal_no = r.renewal_no and state in ('passed', 'manual')) as stand,
    (select count(*) from xuqi.phone_link where renewal_no = r.renewal_no) as links
  from xuqi.renewal as r where r.renewal_no = $1`;
const list = (text) => (text ? text.slice(1, -1).split(',').filter(Boolean) : []);
const SIDES = ['id_photo_front', 'id_photo_back'];

// A draft, or sometimes another renewal that asks for these steps.
async function draft(books, pick, step = null) {
  const r = await books.renewal(pick, step ? `r.status = 'draft' and '${step}' = any (r.required_identity_steps)` : `r.status = 'draft'`);
  if (!r) return null;
  if (r.unknown) return { ...r, steps: [], kinds: [], stand: [], links: 0 };
  const [facts] = await books.rows(FACTS, [r.no]);
  return { ...r, steps: list(facts.steps), kinds: list(facts.kinds), stand: list(facts.stand), links: Number(facts.links) };
}
const photosMissing = (r) => SIDES.filter((side) => !r.kinds.includes(side));
const missing = (r) => r.steps.filter((step) => (step === 'id_photos' ? photosMissing(r).length > 0 : !r.stand.includes(step)));

export async function draft_submit(books, pick) {
  const r = await draft(books, pick);
  if (!r) return null;
  const expect = r.unknown ? 'renewal_unknown' : r.status === 'awaiting_payment' && r.steps.length > 0 ? 'submitted' : r.status !== 'draft' ? 'renewal_state'
    : missing(r).length > 0 ? 'identity_missing' : 'submitted';
  return call({
    procedure: 'draft_submit', values: [r.no], expect, renewal: r,
    wrong: (row) => (expect === 'identity_missing' && row.missing !== missing(r).map((step) => `identity.${step}`).join(' ') ? `misses ${row.missing}` : null),
  });
}

// -- the telephone -----------------------------------------------------------------------------------------------------

export async function phone_link_create(books, pick) {
  const r = await draft(books, pick, 'id_photos');
  if (!r) return null;
  const daily = pick.chance(10) ? 1 : 20;
  const expect = r.unknown ? 'renewal_unknown' : !r.steps.includes('id_photos') ? 'identity_unexpected' : r.status !== 'draft' ? 'renewal_state' : r.links >= daily ? 'rate_limited' : 'created';
  const word = books.fresh('link');
  return call({
    procedure: 'phone_link_create', values: [r.no, hex(word), 600, daily], expect, renewal: r,
    learns() { if (expect === 'created') (books.links ??= []).push({ word, no: r.no }); },
  });
}

// A link and a telephone: mostly the one that has it, or a fresh one.
async function link(books, pick) {
  const it = pick.mostly(100, books.links ?? [], []);
  if (!it) return null;
  const latest = pick.chance(70) ? books.links.filter((each) => each.no === it.no).at(-1) : it;
  const word = pick.chance(4) ? 'guessed' : latest.word;
  const device = pick.chance(85) ? `telephone of ${latest.no}` : 'another telephone';
  const [row] = await books.rows(`select device_digest is not null as opened, encode(device_digest, 'hex') as device, ended_by, expires_at <= clock_timestamp() as expired from xuqi.phone_link where token_digest = $1`, [hex(word)]);
  const theirs = row?.opened !== 't' || `\\x${row.device}` === hex(device);
  const verdict = (finished) => (!row ? 'phone_link_invalid' : !theirs ? 'phone_link_used' : row.ended_by === 'phone' && finished && row.opened === 't' ? 'ok'
    : row.ended_by ? 'phone_link_over' : row.expired === 't' ? 'phone_link_expired' : 'ok');
  const r = await draftOf(books, latest.no);
  return { word, device, row, verdict, r };
}
async function draftOf(books, no) {
  const [facts] = await books.rows(FACTS, [no]);
  return { no, status: facts.status, steps: list(facts.steps), kinds: list(facts.kinds), stand: list(facts.stand) };
}

export async function phone_link_open(books, pick) {
  const it = await link(books, pick);
  return it && call({ procedure: 'phone_link_open', values: [hex(it.word), hex(it.device), 600], expect: it.verdict(true), renewal: it.r });
}

export async function phone_link_get(books, pick) {
  const it = await link(books, pick);
  if (!it) return null;
  const expect = it.row && !it.row.ended_by && it.row.opened !== 't' ? 'phone_link_invalid' : it.verdict(true);
  return call({
    procedure: 'phone_link_get', values: [hex(it.word), hex(it.device)], expect, renewal: it.r,
    wrong: (row) => (expect === 'ok' && (row.renewal_no !== it.r.no || (row.has_front === 't') === photosMissing(it.r).includes('id_photo_front')) ? 'shows another' : null),
  });
}

export async function phone_photo_put(books, pick) {
  const it = await link(books, pick);
  if (!it) return null;
  const side = pick.of(SIDES);
  const content = `photo ${pick.below(3)}`;
  const [had] = await books.rows(`select encode(sha256, 'hex') as digest from xuqi.material where renewal_no = $1 and kind = $2`, [it.r.no, side]);
  const verdict = it.verdict(false);
  const expect = it.row?.opened !== 't' ? 'phone_link_invalid' : verdict !== 'ok' ? verdict : it.r.status !== 'draft' ? 'renewal_state' : `\\x${had?.digest}` === hex(content) ? 'kept' : had ? 'replaced' : 'created';
  return call({
    procedure: 'phone_photo_put', sql: `select * from xuqi.phone_photo_put($1, $2, $3, $4, 'image/jpeg', 6, $5, convert_to($6, 'UTF8'))`,
    values: [hex(it.word), hex(it.device), it.r.no, side, hex(content), `sealed ${content}`], expect, renewal: it.r,
  });
}

export async function phone_link_finish(books, pick) {
  const it = await link(books, pick);
  if (!it) return null;
  const verdict = it.row?.opened !== 't' ? 'phone_link_invalid' : it.verdict(true);
  const expect = verdict !== 'ok' ? verdict : photosMissing(it.r).length > 0 ? 'material_missing' : 'finished';
  return call({ procedure: 'phone_link_finish', values: [hex(it.word), hex(it.device)], expect, renewal: it.r });
}

export async function links_expire(books, pick) {
  const it = pick.mostly(100, books.links ?? [], []);
  return it ? edit('time: a link expires', `update xuqi.phone_link set created_at = now() - interval '1 hour', expires_at = now() - interval '1 second' where token_digest = $1 and ended_at is null`, [hex(it.word)], () => {}) : null;
}

// -- checks ------------------------------------------------------------------------------------------------------------

const CHECK = `select c.id, c.renewal_no as no, c.kind, c.state, c.lease_token as token, encode(c.token_digest, 'hex') as word, coalesce(c.expires_at > clock_timestamp(), true) as living,
    c.asked_at > clock_timestamp() - interval '1 minute' as asking, r.status from xuqi.identity_check as c join xuqi.renewal as r using (renewal_no)`;

async function begun(books, r, kind, provider, daily) {
  const checks = r.unknown ? [] : await books.rows(`${CHECK} where c.renewal_no = $1 and c.kind = $2 order by c.id`, [r.no, kind]);
  const [counted] = await books.rows(`select count(*) as n from xuqi.identity_check where renewal_no = $1 and kind = $2 and reason <> 'unreachable' and asked_at >= date_trunc('day', now(), 'Asia/Shanghai')`, [r.no, kind]);
  const last = checks.at(-1);
  return r.unknown ? 'renewal_unknown' : !r.steps.includes(kind) ? 'identity_unexpected' : r.status !== 'draft' ? 'renewal_state'
    : ['passed', 'manual'].includes(last?.state) ? last.state : last?.state === 'open' && last.living === 't' ? 'live' : last?.state === 'asking' && last.asking === 't' ? 'busy'
      : provider !== '' && Number(counted.n) >= daily ? 'identity_daily' : provider === '' ? 'manual' : 'asked';
}

export async function liveness_begin(books, pick) {
  const r = await draft(books, pick, 'liveness');
  if (!r) return null;
  const provider = pick.chance(8) ? '' : 'tencent';
  const daily = pick.chance(10) ? 1 : 5;
  return call({ procedure: 'liveness_begin', values: [r.no, provider, daily], expect: await begun(books, r, 'liveness', provider, daily), renewal: r });
}

export async function telecom_begin(books, pick) {
  const r = await draft(books, pick, 'telecom');
  if (!r) return null;
  const provider = pick.chance(8) ? '' : 'tencent';
  const daily = pick.chance(10) ? 1 : 5;
  return call({ procedure: 'telecom_begin', values: [r.no, provider, daily], expect: await begun(books, r, 'telecom', provider, daily), renewal: r });
}

async function check(books, pick, state) {
  const all = await books.rows(`${CHECK} order by c.id`);
  return pick.mostly(80, all.filter((c) => c.state === state), all);
}

export async function liveness_open(books, pick) {
  const it = await check(books, pick, 'asking');
  return it && call({
    procedure: 'liveness_open', sql: `select * from xuqi.liveness_open($1, $2, 'sealed token', 'sealed url', now() + make_interval(hours => $3))`,
    values: [it.id, hex(books.fresh('biz')), pick.chance(15) ? -1 : 2], expect: it.state === 'asking' ? 'opened' : 'stale', renewal: { no: it.no },
  });
}

export async function identity_void(books, pick) {
  const it = await check(books, pick, 'asking');
  return it && call({ procedure: 'identity_void', values: [it.id, pick.of(['unknown', 'unreachable'])], expect: it.state === 'asking' ? 'voided' : 'stale', renewal: { no: it.no } });
}

export async function identity_manual(books, pick) {
  const it = await check(books, pick, 'asking');
  return it && call({ procedure: 'identity_manual', values: [it.id, 'no_record'], expect: it.state === 'asking' ? 'manual' : 'stale', renewal: { no: it.no } });
}

export async function identity_again(books, pick) {
  const it = await check(books, pick, 'open');
  if (!it) return null;
  const token = Number(it.token) - (pick.chance(15) ? 1 : 0);
  return call({ procedure: 'identity_again', values: [it.id, token, 60], expect: it.state === 'open' && token === Number(it.token) ? 'waiting' : 'stale', renewal: { no: it.no } });
}

export async function identity_hurry(books, pick) {
  const it = await check(books, pick, 'open');
  if (!it) return null;
  const known = it.word && !pick.chance(15);
  return call({ procedure: 'identity_hurry', values: [known ? `\\x${it.word}` : hex('forged')], expect: known && it.state === 'open' ? 'hurried' : 'unknown', renewal: { no: it.no } });
}

// The provider's verdict: late, it is no part of what was submitted.
export async function identity_decide(books, pick) {
  const it = await check(books, pick, 'open');
  if (!it) return null;
  const token = Number(it.token) - (pick.chance(10) ? 1 : 0);
  const result = pick.of(['passed', 'passed', 'failed', 'manual', 'void']);
  const expect = it.state === 'open' && token === Number(it.token) ? 'decided' : 'stale';
  return call({
    procedure: 'identity_decide', values: [it.id, token, 'tencent', result, result === 'passed' ? '' : 'face_mismatch', 90, 'request', '\\x00', 3], expect, renewal: { no: it.no },
    async wrong() {
      const [after] = await books.rows('select state from xuqi.identity_check where id = $1', [it.id]);
      const wanted = expect === 'stale' ? it.state : it.status === 'draft' ? result : 'void';
      return after.state === wanted ? null : `it is ${after.state} instead of ${wanted}`;
    },
  });
}
