// SPDX-License-Identifier: Apache-2.0
// Writes the seeds that are no texts, and a CA with keys of this run: node seeds.mjs <folder>. Texts are in corpus/.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
process.chdir(folder);
const openssl = (...args) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] });
function seed(target, name, content) {
  mkdirSync(`seeds/${target}`, { recursive: true });
  writeFileSync(`seeds/${target}/${name}`, content);
}

// -- certificates ---------------------------------------------------------------------------------------------------
writeFileSync('ca.ext', 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n');
writeFileSync('leaf.ext', 'keyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n');
function certify(name, key, extensions, issuer) {
  openssl('req', '-new', ...key, '-nodes', '-utf8', '-keyout', `${name}.key`, '-subj', `/C=CN/O=示例机构/CN=${name}`, '-out', `${name}.csr`);
  openssl('x509', '-req', '-in', `${name}.csr`, '-days', '3650', '-extfile', extensions, '-out', `${name}.pem`,
    ...(issuer ? ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial'] : ['-signkey', `${name}.key`]));
}
const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const RSA = ['-newkey', 'rsa:2048'];
certify('ca', RSA, 'ca.ext');
certify('ec', P256, 'leaf.ext', 'ca');
certify('rsa', RSA, 'leaf.ext', 'ca');
writeFileSync('content', '{"platform":"web-hall","nonce":"n"}');
for (const name of ['ec', 'rsa']) {
  seed('certificate', `${name}.der`, openssl('x509', '-in', `${name}.pem`, '-outform', 'DER'));
  seed('certificate', `${name}.pem`, readFileSync(`${name}.pem`));
  seed('csr', `${name}.der`, openssl('req', '-in', `${name}.csr`, '-outform', 'DER'));
  seed('csr', `${name}.pem`, readFileSync(`${name}.csr`));
  for (const [kind, more] of [['plain', ['-noattr']], ['attributes', []]])
    seed('cms', `${name}-${kind}`, openssl('cms', '-sign', '-binary', '-nodetach', '-md', 'sha256', '-in', 'content', '-signer', `${name}.pem`, '-inkey', `${name}.key`, '-outform', 'DER', ...more));
}

// -- key sets -------------------------------------------------------------------------------------------------------
const { createPublicKey } = await import('node:crypto');
for (const name of ['ec', 'rsa'])
  seed('jwks', name, JSON.stringify({ keys: [{ ...createPublicKey(readFileSync(`${name}.key`)).export({ format: 'jwk' }), kid: 'a' }] }));

// -- documents: the first byte says which reader ----------------------------------------------------------------------
function chunk(type, content) {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length);
  head.write(type, 4, 'latin1');
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), content])));
  return Buffer.concat([head, content, sum]);
}
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
const header = Buffer.from([0, 0, 1, 0x90, 0, 0, 0, 4, 8, 2, 0, 0, 0]); // 400 × 4, 8 bits, RGB
const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('tEXt', Buffer.from('Title\0x')),
  chunk('IDAT', deflateSync(Buffer.alloc(4 * (1 + 3 * 400), 0))), chunk('IEND', Buffer.alloc(0))]);
const jpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PT' +
  'gyPC4zNDL/wAALCAAIAZABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAwj/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AJ/KUpSlKUpS' +
  'lKUpSlKUpSlKUpSlKUpSlKUpSlKUpSlK/9k=',
  'base64');
const pdf = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
  '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n';
for (const [letter, content] of [['d', pdf], ['j', jpeg], ['J', jpeg], ['p', png], ['P', png]])
  seed('upload', letter.charCodeAt(0).toString(), Buffer.concat([Buffer.from(letter), Buffer.from(content)]));

// -- frames -----------------------------------------------------------------------------------------------------------
function frame(word, body) {
  const rest = Buffer.concat([Buffer.alloc(8, 7), Buffer.from(`${word}\0${body}`)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(rest.length);
  return Buffer.concat([length, rest]);
}
seed('peer', 'two', Buffer.concat([frame('payment.open', '{"attempt":"1"}'), frame('ok', '')]));

// -- our own settings and platforms -----------------------------------------------------------------------------------
const config = fileURLToPath(new URL('../../config', import.meta.url));
seed('settings', 'xuqid.yaml', readFileSync(`${config}/xuqid.yaml`));
for (const name of readdirSync(`${config}/platforms`)) seed('platform', name, readFileSync(`${config}/platforms/${name}`));
