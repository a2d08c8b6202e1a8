#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Verifies what `xuqictl audit export`, `audit prove` and `audit consistency` wrote, with nothing of ours: Node.js alone, no
// packages, no database, no network. It shares no code with the server; it is copied into every evidence bundle.
//   node audit_verify.mjs export FILE --key audit.pem [--witness witness.log] [--writers audit.key]
//   node audit_verify.mjs proof FILE --key audit.pem
//   node audit_verify.mjs consistency FILE --key audit.pem [--timestamp FILE.tsr]
//   node audit_verify.mjs when FILE.tsr
// --key: the public key of the log, from somewhere else than the file. --writers: the key from which sessions get theirs; without
// it MACs are not looked at. Of a time stamp (RFC 3161) it says whether it is over that checkpoint, and when; whose it is says
// openssl ts -verify. Prints what is broken and where, then one line; exit status 1 when something is.
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const sha256 = (...parts) => { const hash = createHash('sha256'); for (const part of parts) hash.update(part); return hash.digest(); };
const ZERO = Buffer.from([0]), ONE = Buffer.from([1]);

// -- RFC 6962 2.1 ------------------------------------------------------------------------------------------------------------

export function entry(event) {
  const field = (value) => { const text = Buffer.from(String(value)); return Buffer.concat([Buffer.from(`${text.length}:`), text]); };
  return Buffer.concat([1, event.id, event.writer, event.writer_seq, event.at_us, event.xid, event.actor, event.action, event.object, event.detail].map(field));
}
export const leafHash = (event) => sha256(ZERO, entry(event));
const node = (left, right) => sha256(ONE, left, right);

// The roots of whole subtrees, largest first: appending is all it takes.
class Tree {
  size = 0;
  roots = [];
  append(hash) {
    for (let at = this.size++; at % 2 === 1; at = Math.floor(at / 2)) hash = node(this.roots.pop(), hash);
    this.roots.push(hash);
  }
  root() { return this.roots.length === 0 ? sha256() : this.roots.reduceRight((right, left) => (right === null ? left : node(left, right)), null); }
}

export function inclusionRoot(hash, index, size, path) { // RFC 9162 2.1.3.2
  let at = index, last = size - 1, used = 0;
  if (!(index >= 0 && index < size)) return null;
  for (; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    if (at % 2 === 0 && at === last) continue;
    const next = path[used++];
    if (next === undefined) return null;
    hash = at % 2 === 1 ? node(next, hash) : node(hash, next);
  }
  return used === path.length ? hash : null;
}

export function consistent(oldSize, oldRoot, size, root, path) { // RFC 6962 2.1.2, from the definition of the proof
  let used = 0;
  const take = () => path[used++] ?? Buffer.alloc(32);
  const split = (n) => { let half = 1; while (half * 2 < n) half *= 2; return half; };
  // The roots of D[0:m] and D[0:n] as the proof has them; whole: the old tree is known.
  const walk = (m, n, whole) => {
    if (m === n) { const hash = whole ? oldRoot : take(); return [hash, hash]; }
    const half = split(n);
    if (m <= half) { const [a, b] = walk(m, half, whole); return [a, node(b, take())]; }
    const [a, b] = walk(m - half, n - half, false);
    const left = take();
    return [node(left, a), node(left, b)];
  };
  if (!(oldSize > 0 && oldSize <= size)) return false;
  const [a, b] = walk(oldSize, size, true);
  return used === path.length && a.equals(oldRoot) && b.equals(root);
}

// -- checkpoints: c2sp.org/tlog-checkpoint, ECDSA P-256 (type 0x02) -------------------------------------------------------------

export function openNote(note, key) {
  const blank = note.lastIndexOf('\n\n');
  const text = note.slice(0, blank + 1);
  const match = /^— (\S+) (\S+)\n$/.exec(note.slice(blank + 2));
  const lines = text.split('\n');
  if (blank < 0 || match === null || lines.length !== 4) throw new Error('is no checkpoint');
  const blob = Buffer.from(match[2], 'base64');
  const spki = key.export({ type: 'spki', format: 'der' });
  if (match[1] !== lines[0] || !blob.subarray(0, 4).equals(sha256(spki).subarray(0, 4))) throw new Error('is signed by another key');
  if (!verify('sha256', Buffer.from(text), key, blob.subarray(4))) throw new Error('has a signature that does not hold');
  if (!/^(0|[1-9][0-9]{0,15})$/.test(lines[1])) throw new Error('has no size');
  return { origin: lines[0], size: Number(lines[1]), root: Buffer.from(lines[2], 'base64') };
}

// -- time stamps (RFC 3161): what a token says, not whose it is --------------------------------------------------------------

// The elements of a DER SEQUENCE, SET or [n], or of the given octets.
function elements(der) {
  const list = [];
  for (let at = 0; at < der.length;) {
    let size = der[at + 1], head = 2;
    if (size === undefined || size === 0x80 || size > 0x84) throw new Error('is no DER');
    if (size > 0x80) { head += size & 0x7f; size = der.subarray(at + 2, at + head).reduce((sum, octet) => sum * 256 + octet, 0); }
    if (at + head + size > der.length) throw new Error('is cut short');
    list.push({ tag: der[at], body: der.subarray(at + head, at + head + size) });
    at += head + size;
  }
  return list;
}
const only = (list, i, tag) => { if (list[i]?.tag !== tag) throw new Error('is no time stamp'); return list[i].body; };
const SHA256_OID = '608648016503040201', SIGNED_DATA = '2a864886f70d010702', TST_INFO = '2a864886f70d0109100104';

export function openTimestamp(response) {
  const [status, token] = [0, 1].map((i) => only(elements(only(elements(response), 0, 0x30)), i, 0x30));
  if (only(elements(status), 0, 0x02)[0] > 1) throw new Error('is a refusal');
  if (only(elements(token), 0, 0x06).toString('hex') !== SIGNED_DATA) throw new Error('is no time stamp');
  const signed = elements(only(elements(only(elements(token), 1, 0xa0)), 0, 0x30));
  const content = elements(only(signed, 2, 0x30));
  if (only(content, 0, 0x06).toString('hex') !== TST_INFO) throw new Error('is no time stamp');
  const info = elements(only(elements(only(elements(only(content, 1, 0xa0)), 0, 0x04)), 0, 0x30));
  const imprint = elements(only(info, 2, 0x30));
  if (only(elements(only(imprint, 0, 0x30)), 0, 0x06).toString('hex') !== SHA256_OID) throw new Error('is not over SHA-256');
  const time = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(only(info, 4, 0x18).toString());
  if (!time) throw new Error('has no time');
  return { sha256: only(imprint, 1, 0x04), at: new Date(Date.UTC(time[1], time[2] - 1, time[3], time[4], time[5], time[6])) };
}

export function stampedNote(note, response) {
  const stamp = openTimestamp(response);
  if (!stamp.sha256.equals(sha256(note))) throw new Error('has a time stamp over something else');
  return stamp.at;
}

// -- an export ---------------------------------------------------------------------------------------------------------------

class Writers {
  writers = new Map();
  constructor(master, fault) { this.master = master; this.fault = fault; }
  take(event, hash, place) {
    if (event.writer === '' && event.writer_seq === 0) return; // from before sequences
    const writer = this.writers.get(event.writer) ?? { seq: 0, mac: Buffer.alloc(32),
      key: this.master === null ? null : createHmac('sha256', this.master).update(`xuqi audit writer ${event.writer}`).digest() };
    this.writers.set(event.writer, writer);
    if (event.writer.startsWith('unnamed/')) this.fault('writer_unknown', place, 'written by no process of theirs');
    if (event.writer_seq <= writer.seq || event.writer_seq > writer.seq + 1e6) {
      this.fault('sequence_order', place, `${event.writer}: ${event.writer_seq} where ${writer.seq + 1} comes next`);
      return;
    }
    const gap = event.writer_seq > writer.seq + 1;
    if (gap) this.fault('events_missing', place, `${event.writer}: ${writer.seq + 1} to ${event.writer_seq - 1} before it are missing`);
    while (writer.key !== null && writer.seq + 1 < event.writer_seq) { writer.key = sha256(writer.key); writer.seq++; }
    const mac = Buffer.from(event.mac, 'hex');
    if (writer.key !== null && !gap && !event.writer.startsWith('unnamed/') && !sha256(writer.key, hash, writer.mac).equals(mac))
      this.fault('mac_wrong', place, `is not what ${event.writer} wrote as its ${event.writer_seq}`);
    if (writer.key !== null) writer.key = sha256(writer.key);
    writer.seq = event.writer_seq;
    writer.mac = mac.length === 32 ? mac : Buffer.alloc(32);
  }
}

function readWitness(path, key, fault) {
  return path === undefined ? [] : readFileSync(path, 'utf8').split('\n').slice(0, -1).flatMap((line, i) => {
    try {
      return [{ ...openNote(Buffer.from(line.slice(line.lastIndexOf(' ') + 1), 'base64').toString(), key), place: `witness.log, line ${i + 1}`, witnessed: true }];
    } catch (error) { fault('witness_signature', `witness.log, line ${i + 1}`, error.message); return []; }
  });
}

export async function verifyExport(path, { key, witness, writers: master = null }, fault) {
  const tree = new Tree(), writers = new Writers(master, fault);
  let checkpoints = [], sorted = null, next = 0, events = 0, stamps = 0;
  const told = [], there = new Map(); // time stamps that were kept, as events say, and those that are there
  const tell = ({ action, object, detail, id }) => { if (action === 'audit.timestamp') told.push({ size: Number(object.replace('checkpoint:', '')), hash: detail, id }); };
  const checkRoots = () => {
    sorted ??= [...checkpoints, ...readWitness(witness, key, fault)].sort((a, b) => a.size - b.size);
    for (; next < sorted.length && sorted[next].size <= tree.size; next++)
      if (!sorted[next].root.equals(tree.root())) fault('root_differs', sorted[next].place, 'signs another tree than these leaves');
  };
  const take = {
    export: (head) => { if (head.format !== 'xuqi-audit-1') fault('format', 'the first line', 'is not known'); },
    checkpoint: (row) => {
      const place = `checkpoint ${row.size}`;
      try {
        const read = openNote(row.note, key);
        if (read.size !== row.size) throw new Error('is not of this size');
        checkpoints.push({ ...read, place });
      } catch (error) { fault('checkpoint_signature', place, error.message); }
      if (row.timestamp === undefined) return;
      stamps++;
      there.set(row.size, sha256(Buffer.from(row.timestamp, 'base64')).toString('hex'));
      try { stampedNote(row.note, Buffer.from(row.timestamp, 'base64')); } catch (error) { fault('timestamp_changed', place, error.message); }
    },
    event: (event) => {
      const place = `event ${event.id}, leaf ${event.leaf}`, stored = Buffer.from(event.hash, 'hex');
      if (event.leaf !== tree.size) fault('leaves_missing', place, `leaf ${tree.size} comes next`);
      while (tree.size < event.leaf && tree.size < 1e9) tree.append(Buffer.alloc(32));
      tree.append(stored);
      events++;
      if (event.writer === undefined) fault('event_deleted', place, 'the event of this leaf is gone');
      else {
        if (!leafHash(event).equals(stored)) fault('event_changed', place, 'is not what was sealed');
        writers.take(event, stored, place);
        tell(event);
      }
      checkRoots();
    },
    unsealed: (event) => { events++; tell(event); writers.take(event, leafHash(event), `event ${event.id} (not sealed)`); },
  };
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const [[name, value]] = Object.entries(JSON.parse(line));
    if (take[name] === undefined) throw new Error(`the line "${name}" is not known`);
    take[name](value);
  }
  checkRoots();
  for (; next < sorted.length; next++) fault('tree_short', sorted[next].place, 'signs more leaves than there are');
  for (const { size, hash, id } of told) {
    const place = `checkpoint ${size}, event ${id}`;
    if (!there.has(size)) fault('timestamp_missing', place, 'its time stamp was kept and is not there any more');
    else if (there.get(size) !== hash) fault('timestamp_changed', place, 'its time stamp is not the one that was kept');
  }
  return { events, leaves: tree.size, writers: writers.writers.size, checkpoints: sorted.length, stamps };
}

export function verifyProof(proof, key) {
  const head = openNote(proof.checkpoint, key);
  if (head.size !== proof.size) throw new Error('the checkpoint is of another size');
  const root = inclusionRoot(leafHash(proof.event), proof.event.leaf, proof.size, proof.path.map((hash) => Buffer.from(hash, 'hex')));
  if (root === null || !root.equals(head.root)) throw new Error('the event is not under this checkpoint');
  return head;
}

export function verifyConsistency(proof, key) {
  const before = openNote(proof.old_checkpoint, key), after = openNote(proof.checkpoint, key);
  if (before.origin !== after.origin || !consistent(before.size, before.root, after.size, after.root, proof.path.map((hash) => Buffer.from(hash, 'hex'))))
    throw new Error('the later checkpoint does not go on from the earlier one');
  return { before, after };
}

// -- the command line ----------------------------------------------------------------------------------------------------------

async function main([command, path, ...rest]) {
  const options = {};
  for (let i = 0; i + 1 < rest.length; i += 2) options[rest[i].replace(/^--/, '')] = rest[i + 1];
  if (command === 'when' && path !== undefined) {
    console.log(openTimestamp(readFileSync(path)).at.getTime() / 1000);
    return 0;
  }
  if (path === undefined || options.key === undefined || !['export', 'proof', 'consistency'].includes(command)) {
    console.error('usage: audit_verify.mjs export|proof|consistency FILE --key audit.pem [--witness witness.log] [--writers audit.key] [--timestamp FILE.tsr], or when FILE.tsr');
    return 2;
  }
  const key = createPublicKey(readFileSync(options.key));
  if (command === 'proof') {
    for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
      const proof = JSON.parse(line), head = verifyProof(proof, key);
      console.log(`proven: event ${proof.event.id}, leaf ${proof.event.leaf} of ${head.size}: ${proof.event.at} ${proof.event.actor} ${proof.event.action} ${proof.event.object}`);
    }
    return 0;
  }
  if (command === 'consistency') {
    const proof = JSON.parse(readFileSync(path, 'utf8')), { before, after } = verifyConsistency(proof, key);
    console.log(`proven: ${after.size} leaves go on from ${before.size}`);
    if (options.timestamp !== undefined)
      console.log(`time stamp: the first ${before.size} leaves existed at ${stampedNote(proof.old_checkpoint, readFileSync(options.timestamp)).toISOString()}; whose it is says openssl ts -verify`);
    else console.log('no time stamp was given');
    return 0;
  }
  let faults = 0;
  const writers = options.writers === undefined ? null : Buffer.from(readFileSync(options.writers, 'utf8').trim(), 'hex');
  const found = await verifyExport(path, { key, witness: options.witness, writers }, (word, place, what) => { faults++; console.log(`broken: ${word}: ${place}: ${what}`); });
  console.log(`${found.events} events, ${found.leaves} leaves, ${found.writers} writers, ${found.checkpoints} checkpoints and witnesses, ${found.stamps === 0 ? 'no time stamps' : `${found.stamps} time stamps over them (whose they are says openssl ts -verify)`}: ${faults === 0 ? 'whole' : `broken in ${faults} places`}${writers === null ? '; MACs were not looked at' : ''}`);
  return faults === 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith('audit_verify.mjs')) {
  try { process.exitCode = await main(process.argv.slice(2)); } catch (error) { console.log(`broken: ${error.message}`); process.exitCode = 1; }
}
