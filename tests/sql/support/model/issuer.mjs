// SPDX-License-Identifier: Apache-2.0
// The issuer: its lease and fence, intents, records, abandonment, the halt; and the certificates' register.
import { hex } from './reference.mjs';
import { call } from './call.mjs';

export function issuer_lease_take(world, pick) {
  const holder = pick.of(['issuer A', 'issuer B']);
  const { lease } = world;
  const busy = lease.live && lease.holder !== holder;
  const next = holder === lease.holder ? lease.fence : lease.fence + 1;
  return call({
    procedure: 'issuer_lease_take', values: [holder, 3600], expect: busy ? 'busy' : 'held',
    learns() {
      if (busy) return;
      Object.assign(lease, { holder, live: true, fence: next });
      for (const intent of world.issuances) if (intent.state === 'intended' && intent.fence < next) intent.state = 'abandoned';
    },
    wrong: (row) => (Number(row.fence) !== (busy ? lease.fence : next) ? `fence ${row.fence}` : null),
  });
}

const fence = (world, pick) => (pick.chance(6) ? Math.max(0, world.lease.fence - 1 - pick.below(2)) : pick.chance(1) ? world.lease.fence + 1 : world.lease.fence);

function verdict(world, renewal, nonce, key, signer) {
  if (!nonce) return 'nonce_unknown';
  if (nonce.used) {
    if (nonce.used.renewal !== renewal || !world.issuances.some((i) =>
      i.renewal === renewal && i.key === key && i.evidence === nonce.used.evidence)) return 'nonce_used';
  } else if (nonce.expired) return 'nonce_expired';
  const live = world.live(renewal);
  if (renewal.unknown) return 'renewal_unknown';
  if (signer !== null && signer !== renewal.certificate.fingerprint) return 'signer_mismatch';
  if (renewal.certificate.revoked) return 'certificate_revoked';
  if (live?.state === 'signed') return live.key === key ? 'issued' : 'already_issued';
  if (world.halted) return 'issuance_halted';
  if (['draft', 'awaiting_payment'].includes(renewal.status)) return 'not_paid';
  if (['awaiting_review', 'returned'].includes(renewal.status)) return 'not_approved';
  return renewal.status === 'awaiting_install' ? 'ready' : 'renewal_state';
}

// A request: mostly with a fresh nonce and the renewal's own key; now and then one of before, or another's.
function request(world, pick) {
  const renewal = world.renewal(pick, 'awaiting_install', 'awaiting_install', 'issued');
  if (!renewal) return null;
  const before = world.issuances.filter((i) => i.renewal === renewal);
  const fresh = world.nonces.filter((n) => !n.used && !n.expired);
  const used = world.nonces.filter((n) => n.used && before.some((i) => i.evidence === n.used.evidence));
  const nonce = pick.chance(3) || world.nonces.length === 0 ? null
    : used.length > 0 && pick.chance(30) ? pick.of(used) : pick.mostly(92, fresh, world.nonces);
  const key = pick.chance(6) && world.renewals.length > 0 ? `key of ${pick.of(world.renewals).no}` : pick.chance(6) ? world.fresh('key') : `key of ${renewal.no}`;
  return { renewal, nonce, key };
}

export function issuance_begin(world, pick) {
  const asked = request(world, pick);
  if (!asked) return null;
  const { renewal, nonce, key } = asked;
  const signer = pick.chance(6) ? hex('somebody') : renewal.certificate.fingerprint;
  return call({
    procedure: 'issuance_begin', sql: 'select * from xuqi.issuance_begin(array[$1::text], array[$2::bytea], array[$3::bytea], array[$4::bytea])',
    values: [renewal.no, hex(nonce?.word ?? 'never made'), signer, hex(key)],
    expect: verdict(world, renewal, nonce, key, signer), renewal,
    wrong: (row) => (row.outcome === 'issued' && row.certificate_der === null ? 'has no certificate' : null),
  });
}

const INTEND = `select i.* from xuqi.issuance_intend($1, array[$2::text], array[$3::bytea], array[$4::bytea], array['csr'::bytea],
  array[$5::bytea], array[$6::bytea], array[now()], (select array[not_after + $7::interval] from xuqi.renewal where renewal_no = $2),
  array[$8::text::bytea], array[case $9::text when 'present' then xuqi.renewal_content_hash($2) else sha256('changed') end]) as i`;

export function issuance_intend(world, pick) {
  const asked = request(world, pick);
  if (!asked) return null;
  const { renewal, nonce, key } = asked;
  const again = pick.chance(12) ? world.issuances.find((i) => i.renewal === renewal && i.state === 'intended') : null;
  const serial = again?.serial ?? (pick.chance(4) && world.serials.length > 0 ? pick.of(world.serials) : `\\x10${hex(world.fresh('serial')).slice(2, 32)}`);
  const evidence = nonce?.used && pick.chance(80) ? nonce.used.evidence : world.fresh('request');
  const tbs = `tbs ${renewal.no} ${serial.slice(2)}`;
  const present = !pick.chance(4);
  const late = pick.chance(4);
  const mine = fence(world, pick);
  const live = world.live(renewal);
  let same = null;
  let expect = verdict(world, renewal, nonce, key, null);
  if (mine !== world.lease.fence) expect = 'fenced';
  else if (live?.state === 'intended' && live.serial === serial && live.tbs === tbs && live.fence === mine) [expect, same] = ['intended', live];
  else if (expect === 'issued') expect = 'busy';
  else if (expect === 'ready') {
    expect = !present ? 'case_changed' : live && !live.stale ? 'busy'
      : world.issuances.some((i) => i.key === key && i.state !== 'abandoned' && i.renewal !== renewal) ? 'csr_key_refused'
        : world.serials.includes(serial) ? '!23505' : late ? '!23514' : 'intended';
  }
  return call({
    procedure: 'issuance_intend', sql: INTEND, expect, renewal,
    values: [mine, renewal.no, hex(nonce?.word ?? 'never made'), hex(key), hex(evidence), serial, late ? '1 day' : '0', tbs, present ? 'present' : 'changed'],
    learns(row) {
      if (expect !== 'intended' || same) return;
      if (live) live.state = 'abandoned';
      world.issuances.push({ id: row.issuance_id, renewal, serial, key, evidence, tbs, fence: mine, state: 'intended', stale: false });
      world.serials.push(serial);
      if (!nonce.used) nonce.used = { evidence, renewal };
    },
    wrong: (row) => (same && row.issuance_id !== same.id ? `intent ${row.issuance_id} instead of ${same.id}` : null),
  });
}

const any = (world, pick, ...states) => pick.mostly(80, world.issuances.filter((i) => states.includes(i.state)), world.issuances);

export function issuance_record(world, pick) {
  if (world.issuances.length === 0) return null;
  const intent = any(world, pick, 'intended');
  const mine = pick.chance(80) ? intent.fence : fence(world, pick);
  const kind = pick.below(30);
  const serial = kind === 0 ? pick.of(world.serials) : intent.serial;
  const der = kind === 1 ? `other signature over ${intent.tbs}` : `signed ${intent.tbs}`;
  const fingerprint = kind === 2 ? hex('another') : hex(der);
  const foreign = serial !== intent.serial || kind === 2 || (intent.state === 'signed' && intent.der !== der);
  const expect = foreign ? '!23514' : intent.state === 'signed' ? 'recorded' : intent.state === 'abandoned' ? 'abandoned'
    : mine !== world.lease.fence || mine !== intent.fence ? 'fenced' : 'recorded';
  const { renewal } = intent;
  return call({
    procedure: 'issuance_record', sql: `select * from xuqi.issuance_record($1, array[$2::bigint], array[$3::bytea], array[convert_to($4, 'UTF8')], array[$5::bytea])`,
    values: [mine, intent.id, serial, der, fingerprint], expect, renewal,
    learns() {
      if (expect !== 'recorded' || intent.state === 'signed') return;
      Object.assign(intent, { state: 'signed', der });
      world.known.push({ serial: intent.serial.slice(2).replace(/^0+/, ''), revoked: false, fingerprint, der, certificate: null });
      renewal.status = 'issued';
      const net = Math.floor((renewal.amount * 10000) / (10000 + renewal.rate) + 0.5);
      world.revenue += net;
      world.tax += renewal.amount - net;
      world.enqueue(renewal, 'issued');
    },
  });
}

export function issuance_abandon(world, pick) {
  if (world.issuances.length === 0) return null;
  const intent = any(world, pick, 'intended');
  const mine = fence(world, pick);
  const expect = intent.state === 'abandoned' ? 'abandoned' : mine !== world.lease.fence || mine !== intent.fence ? 'fenced'
    : intent.state === 'signed' ? '!23514' : 'abandoned';
  return call({
    procedure: 'issuance_abandon', values: [mine, intent.id, 'the token went away'], expect, renewal: intent.renewal,
    learns() { if (expect === 'abandoned') intent.state = 'abandoned'; },
  });
}

export function certificate_acknowledge(world, pick) {
  const renewal = world.renewal(pick, 'issued');
  if (!renewal) return null;
  const expect = renewal.unknown ? 'renewal_unknown' : ['issued', 'completed'].includes(renewal.status) ? 'completed' : 'certificate_unknown';
  return call({
    procedure: 'certificate_acknowledge', values: [renewal.no], expect, renewal,
    learns() { if (expect === 'completed') renewal.status = 'completed'; },
  });
}

export const issuance_halt = (world) => call({ procedure: 'issuance_halt', values: ['drill'], expect: 'halted', learns() { world.halted = true; } });
export const issuance_release = (world) => call({ procedure: 'issuance_release', expect: 'released', learns() { world.halted = false; } });

// -- the register ------------------------------------------------------------------------------------------------------

export function certificate_import(world, pick) {
  if (world.certificates.length === 0) return null;
  const certificate = pick.of(world.certificates);
  const kind = pick.below(12);
  const taken = kind === 0 && !certificate.registered && world.known.length > 0 ? pick.of(world.known).serial : null;
  return call({
    procedure: 'certificate_import',
    sql: `select * from xuqi.certificate_import($1, $2, convert_to($3, 'UTF8'), 'CN', '2026-01-01', '2027-01-01', null)`,
    values: [taken ?? certificate.serial, kind === 1 ? hex('another') : certificate.fingerprint, certificate.der],
    expect: kind === 1 ? '!23514' : taken ? '!23505' : certificate.registered ? 'known' : 'imported',
    learns() {
      if (kind === 1 || taken || certificate.registered) return;
      certificate.registered = true;
      world.known.push({ serial: certificate.serial, revoked: false, certificate });
    },
  });
}

export function certificate_revoke(world, pick) {
  const known = pick.chance(80) && world.known.length > 0 ? pick.of(world.known) : null;
  return call({
    procedure: 'certificate_revoke', values: [known?.serial ?? 'abc', 'keyCompromise'], expect: known ? 'revoked' : 'certificate_unknown',
    learns() {
      if (!known) return;
      known.revoked = true;
      if (known.certificate) known.certificate.revoked = true;
    },
  });
}

export function crl_record(world, pick) {
  const last = Math.max(0, ...world.crls.keys());
  const number = pick.chance(60) ? last + 1 : Math.max(1, last - pick.below(3));
  const der = pick.chance(80) ? `list ${number}` : `other list ${number}`;
  const mine = fence(world, pick);
  const expect = world.crls.get(number) === der ? 'recorded' : mine !== world.lease.fence ? 'fenced' : number <= last ? 'busy' : 'recorded';
  return call({
    procedure: 'crl_record', sql: `select * from xuqi.crl_record($1, $2, now(), now() + interval '1 day', 0, convert_to($3, 'UTF8'))`,
    values: [mine, number, der], expect, learns() { if (expect === 'recorded') world.crls.set(number, der); },
  });
}
