// SPDX-License-Identifier: Apache-2.0
// The web hall: codes by SMS that live shortly and once, accounts, sessions, and other portals' signed tokens.
import { hex } from './reference.mjs';
import { call, edit } from './call.mjs';

const MOBILES = ['mobile 1', 'mobile 2', 'mobile 3'];
const PURPOSES = ['login', 'register', 'password'];
const TRIES = 5; // of a code, and of an account before it is locked

// The account of a number, and its live code for this purpose.
async function standing(books, mobile, purpose) {
  const [account] = await books.rows('select id, name, status, password_hash as hash from xuqi.portal_account where mobile_index = $1', [hex(mobile)]);
  const [code] = await books.rows(`select id, encode(code_digest, 'hex') as digest, tries from xuqi.sms_code where mobile_index = $1 and purpose = $2 and ended_at is null
      and expires_at > clock_timestamp()`, [hex(mobile), purpose]);
  return { account, code };
}
const typed = (pick, code) => (code && pick.chance(70) ? `\\x${code.digest}` : hex('guess'));

export async function sms_code_request(books, pick) {
  const mobile = pick.of(MOBILES);
  const again = (books.salts ?? []).length > 0 && pick.chance(8);
  const salt = again ? pick.of(books.salts) : books.fresh('salt');
  const [asked] = await books.rows(`select count(*) filter (where requested_at > now() - interval '1 minute') as minute, count(*) filter (where requested_at > now() - interval '1 hour') as hour,
      count(*) filter (where requested_at > now() - interval '1 day') as day from xuqi.sms_code where mobile_index = $1`, [hex(mobile)]);
  const expect = again ? 'requested' : Number(asked.minute) >= 1 || Number(asked.hour) >= 5 || Number(asked.day) >= 10 ? 'sms_limit' : 'requested';
  return call({
    procedure: 'sms_code_request', values: [hex(mobile), '\\x00', pick.of(PURPOSES), hex(salt), hex(`code ${salt}`), '127.0.0.1', pick.chance(10) ? 0 : 300, 1, 5, 10, 1000, 100000], expect,
    learns() { if (expect === 'requested' && !again) (books.salts ??= []).push(salt); },
  });
}

export async function codes_age(books, pick) {
  const mobile = pick.of(MOBILES);
  return edit('time: minutes pass for a number', `update xuqi.sms_code set requested_at = requested_at - make_interval(mins => $2) where mobile_index = $1`, [hex(mobile), pick.of([2, 2, 20, 600])], () => {});
}

// A code that was wrong is tried once more; the fifth time ends it.
const spent = async (books, code, before) => {
  const [after] = await books.rows('select tries, used_at is not null as used, ended_at is not null as ended from xuqi.sms_code where id = $1', [code.id]);
  return Number(after.tries) === Number(before) + 1 && (after.ended === 't') === (Number(after.tries) >= TRIES) ? null : `the code has ${after.tries} tries`;
};

export async function portal_session_open_sms(books, pick) {
  const mobile = pick.of(MOBILES);
  const { account, code } = await standing(books, mobile, 'login');
  const digest = typed(pick, code);
  const right = code && digest === `\\x${code.digest}`;
  const expect = right && account?.status !== 'disabled' ? 'opened' : 'sms_code_refused';
  return call({
    procedure: 'portal_session_open_sms', values: [hex(mobile), '\\x00', '138****0000', digest, hex(books.fresh('seat')), 1800, 28800], expect,
    wrong: () => (code && !right ? spent(books, code, code.tries) : null),
  });
}

export async function portal_register(books, pick) {
  const mobile = pick.of(MOBILES);
  const { account, code } = await standing(books, mobile, 'register');
  const name = pick.of(['ruby', 'rosa', 'rita']);
  const [taken] = await books.rows('select count(*) as n from xuqi.portal_account where name = $1', [name]);
  const digest = typed(pick, code);
  const right = code && digest === `\\x${code.digest}`;
  const expect = !right ? 'sms_code_refused' : account?.name || account?.status === 'disabled' ? 'account_exists' : Number(taken.n) > 0 ? 'account_name_taken' : 'opened';
  return call({
    procedure: 'portal_register', values: [hex(mobile), '\\x00', '138****0000', digest, name, `hash of ${name}`, hex(books.fresh('seat')), 1800, 28800], expect,
    wrong: () => (code && expect !== 'opened' ? spent(books, code, code.tries) : null),
  });
}

export async function portal_password_change(books, pick) {
  const mobile = pick.of(MOBILES);
  const { account, code } = await standing(books, mobile, 'password');
  const digest = typed(pick, code);
  const named = account?.name && account.status === 'active';
  const expect = code && digest === `\\x${code.digest}` && named ? 'changed' : 'sms_code_refused';
  return call({
    procedure: 'portal_password_change', values: [hex(mobile), digest, books.fresh('hash')], expect,
    async wrong() {
      if (expect !== 'changed') return null;
      const [open] = await books.rows('select count(*) as n from xuqi.portal_session where account_id = $1 and ended_at is null', [account.id]);
      return Number(open.n) === 0 ? null : `${open.n} sessions are still open`;
    },
  });
}

export async function portal_session_open(books, pick) {
  const accounts = await books.rows('select id, name, status, password_hash as hash from xuqi.portal_account where name is not null order by id');
  const account = pick.mostly(92, accounts, [{ id: null, hash: '', status: 'none' }]);
  const word = `typed ${account.name ?? 'nobody'}`;
  const [failed] = await books.rows(`select count(*) filter (where kind = 'portal_account' and subject = case when $1::bigint is null then $2::bytea else xuqi.fingerprint('portal account', $1::text) end) as account,
      count(*) filter (where kind = 'portal_address') as address from xuqi.login_failure where at > now() - interval '15 minutes'`, [account.id, hex(word)]);
  const accepted = pick.chance(60);
  const stale = pick.chance(6);
  const expect = Number(failed.account) >= TRIES || Number(failed.address) >= TRIES * 40 ? 'login_locked' : accepted && !stale && account.status === 'active' ? 'opened' : 'portal_login_refused';
  return call({
    procedure: 'portal_session_open', expect,
    values: [account.id, stale ? 'an older hash' : account.hash, hex(word), `10.1.1.${1 + (books.knocks = (books.knocks ?? 0) + 1) % 250}`, accepted, hex(books.fresh('seat')), 1800, 28800, TRIES, 900],
  });
}

async function seat(books, pick) {
  const all = await books.rows(`select encode(s.token_digest, 'hex') as token, s.ended_at is not null as ended, s.idle_until <= now() as idle, a.status from xuqi.portal_session as s join xuqi.portal_account as a on a.id = s.account_id
      order by s.created_at, s.token_digest`);
  const it = pick.chance(5) ? null : pick.mostly(100, all, []);
  return { token: it ? `\\x${it.token}` : hex('guess'), it };
}

export async function portal_session_get(books, pick) {
  const { token, it } = await seat(books, pick);
  return call({ procedure: 'portal_session_get', values: [token], expect: it && it.ended === 'f' && it.idle === 'f' && it.status === 'active' ? 'ok' : 'unauthenticated' });
}

export async function portal_session_close(books, pick) {
  const { token, it } = await seat(books, pick);
  return call({ procedure: 'portal_session_close', values: [token], expect: it ? 'closed' : 'unauthenticated' });
}

export async function portal_account_bind(books, pick) {
  const known = await books.rows(`select encode(fingerprint, 'hex') as digest from xuqi.certificate order by serial`);
  const it = pick.mostly(90, known, []);
  const digest = it ? `\\x${it.digest}` : hex('no certificate');
  const account = pick.of(['portal a', 'portal b']);
  const [bound] = await books.rows(`select account from xuqi.certificate_portal_account where certificate_fingerprint = $1 and issuer = 'portal'`, [digest]);
  const expect = !it ? 'certificate_unknown' : !bound ? 'added' : bound.account === account ? 'known' : 'portal_account_mismatch';
  return call({ procedure: 'portal_account_bind', values: [digest, 'portal', account], expect });
}

// A portal's token comes with a submission: once, and for the account that the certificate was applied for with.
export async function portal_token_present(books, pick) {
  const bound = await books.rows(`select encode(certificate_fingerprint, 'hex') as digest, account from xuqi.certificate_portal_account where issuer = 'portal' order by 1`);
  const it = pick.mostly(70, bound, []);
  const account = pick.chance(80) ? it?.account ?? 'portal a' : 'portal c';
  const [used] = await books.rows('select encode(digest, \'hex\') as digest, encode(used_evidence, \'hex\') as evidence from xuqi.portal_token limit 1');
  const again = used && pick.chance(20);
  const expect = again ? 'portal_token_used' : it && it.account !== account ? 'portal_account_mismatch' : 'ok';
  const nonce = books.fresh('presented');
  await books.rows('select * from xuqi.challenge_create($1, 3600)', [hex(nonce)]);
  return call({
    procedure: 'portal_token_present', sql: `select * from xuqi.portal_token_present($1, $2, $3, 'portal', $4, $5, now() + interval '5 minutes')`,
    values: [hex(nonce), hex(books.fresh('evidence')), it ? `\\x${it.digest}` : hex('unbound'), account, again ? `\\x${used.digest}` : hex(books.fresh('token'))], expect,
  });
}
