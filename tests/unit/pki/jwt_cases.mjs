// SPDX-License-Identifier: Apache-2.0
// Writes a key set and tokens signed by node:crypto, good and bad, for test_jwt.c: keys.json, and in cases.txt one line
// each: the code expected, a tab, what it is, a tab, the token.
import { createHmac, createSign, generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const NOW = 1795000000;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ec384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = (pair, kid, more = {}) => ({ ...pair.publicKey.export({ format: 'jwk' }), kid, ...more });
const set = (...keys) => JSON.stringify({ keys });
writeFileSync('keys.json', set(jwk(ec, 'ec-1', { alg: 'ES256', use: 'sig' }), jwk(rsa, 'rsa-1')));

const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const signers = {
  ES256: (text, pair = ec) => sign('sha256', Buffer.from(text), { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }),
  RS256: (text, pair = rsa) => sign('sha256', Buffer.from(text), pair.privateKey),
};
const good = { iss: 'https://portal.example.cn', aud: 'xuqi', sub: 'acme', jti: 'j-1', iat: NOW - 10, nbf: NOW - 10, exp: NOW + 300 };
function token({ header = {}, claims = {}, alg = 'ES256', kid = alg === 'ES256' ? 'ec-1' : 'rsa-1', pair, rawHeader, rawClaims, signature } = {}) {
  const merged = { ...good, ...claims };
  for (const key of Object.keys(merged)) if (merged[key] === undefined) delete merged[key];
  const text = `${b64(rawHeader ?? { alg, kid, typ: 'JWT', ...header })}.${b64(rawClaims ?? merged)}`;
  return `${text}.${(signature ? signature(text) : signers[alg](text, pair)).toString('base64url')}`;
}
const lines = [];
const expect = (code, what, text) => lines.push(`${code}\t${what}\t${text}`);
const bad = (what, text) => expect('portal_token_invalid', what, text);

expect('ok', 'ES256', token());
expect('ok', 'RS256', token({ alg: 'RS256' }));
expect('ok', 'one audience of several', token({ claims: { aud: ['a', 'xuqi'] } }));
expect('ok', 'no nbf, and members nobody asked for', token({ claims: { nbf: undefined, name: '张三', roles: [1] } }));
expect('ok', 'a minute of skew', token({ claims: { iat: NOW + 59, nbf: NOW + 59 } }));
expect('ok', 'expired less than the skew ago', token({ claims: { exp: NOW - 59 } }));
expect('portal_token_expired', 'expired', token({ claims: { exp: NOW - 61 } }));
bad('not yet valid', token({ claims: { nbf: NOW + 90 } }));
bad('nbf as text', token({ claims: { nbf: String(NOW) } }));
bad('issued in the future', token({ claims: { iat: NOW + 90 } }));
bad('a life of a day', token({ claims: { exp: NOW + 86400 } }));
bad('an exp beyond all bounds', token({ rawClaims: JSON.stringify(good).replace(/"exp":\d+/, '"exp":9223372036854775807') }));
bad('an exp beyond 64 bits', token({ rawClaims: JSON.stringify(good).replace(/"exp":\d+/, '"exp":1e30') }));
for (const claim of ['iss', 'aud', 'sub', 'jti', 'iat', 'exp']) bad(`no ${claim}`, token({ claims: { [claim]: undefined } }));
bad('another issuer', token({ claims: { iss: 'https://portal.example.cn/' } }));
bad('another audience', token({ claims: { aud: ['a', 'XUQI'] } }));
bad('an audience of another kind', token({ claims: { aud: { xuqi: true } } }));
bad('an empty account', token({ claims: { sub: '' } }));
bad('an account that is a number', token({ claims: { sub: 7 } }));
bad('a huge jti', token({ claims: { jti: 'j'.repeat(129) } }));
bad('alg none', token({ header: { alg: 'none' }, signature: () => Buffer.alloc(0) }));
bad('alg none with a signature', token({ header: { alg: 'none' } }));
bad('HS256 with the public key as secret', token({ rawHeader: { alg: 'HS256', kid: 'rsa-1' }, signature: (text) => createHmac('sha256', rsa.publicKey.export({ type: 'spki', format: 'pem' })).update(text).digest() }));
bad('ES256 said of the RSA key', token({ header: { alg: 'ES256', kid: 'rsa-1' } }));
bad('RS256 said of the EC key', token({ alg: 'RS256', kid: 'ec-1' }));
bad('RS512', token({ rawHeader: { alg: 'RS512', kid: 'rsa-1' }, signature: (text) => createSign('sha512').update(text).sign(rsa.privateKey) }));
bad('no alg', token({ rawHeader: { kid: 'ec-1' } }));
bad('no kid', token({ rawHeader: { alg: 'ES256' } }));
bad('an unknown kid', token({ kid: 'ec-2' }));
bad('a kid that is a number', token({ header: { kid: 1 } }));
bad('a critical extension', token({ header: { crit: ['exp'] } }));
bad('another key of the same kind', token({ pair: other }));
bad('another curve', token({ pair: ec384, signature: (text) => signers.ES256(text, ec384) }));
bad('a DER signature', token({ signature: (text) => sign('sha256', Buffer.from(text), ec.privateKey) }));
for (const size of [0, 63, 65, 128]) bad(`r and s of ${size} bytes`, token({ signature: (text) => Buffer.concat([signers.ES256(text), Buffer.alloc(64)]).subarray(0, size) }));
bad('r and s of nothing', token({ signature: () => Buffer.alloc(64) }));
bad('r and s of all ones', token({ signature: () => Buffer.alloc(64, 255) }));
bad('a shorter RSA signature', token({ alg: 'RS256', signature: (text) => signers.RS256(text).subarray(1) }));
bad('an RSA signature of zeros', token({ alg: 'RS256', signature: () => Buffer.alloc(256) }));
bad('a claim twice', token({ rawClaims: `${JSON.stringify(good).slice(0, -1)},"sub":"other"}` }));
bad('alg twice', token({ rawHeader: '{"alg":"ES256","kid":"ec-1","alg":"ES256"}' }));
bad('claims that are no object', token({ rawClaims: '[]' }));
bad('claims that are no JSON', token({ rawClaims: '{' }));
bad('a header that is no JSON', token({ rawHeader: 'ES256' }));
bad('padding', `${token()}==`);
bad('two parts', token().split('.').slice(0, 2).join('.'));
bad('four parts', `${token()}.e30`);
bad('nothing', '.');
bad('empty parts', '..');
bad('the other alphabet', token({ signature: (text) => signers.ES256(text) }).replace(/\.([^.]*)$/, (_, s) => `.+/${s.slice(2)}`));
bad('a huge token', token({ claims: { pad: 'x'.repeat(4096) } }));
bad('JSON serialisation', JSON.stringify({ payload: b64(good), signature: 'x' }));
writeFileSync('cases.txt', `${lines.join('\n')}\n`);

const sets = {
  'not JSON': '{', 'no keys': '{}', 'an empty set': set(), 'keys that are no array': '{"keys":{"a":1}}', 'a key that is no object': '{"keys":[7]}',
  'no kid': set(jwk(ec, undefined)), 'the same kid twice': set(jwk(ec, 'a'), jwk(rsa, 'a')), 'an empty kid': set(jwk(ec, '')),
  'a private key': set({ ...ec.privateKey.export({ format: 'jwk' }), kid: 'a' }), 'a symmetric key': set({ kty: 'oct', k: 'c2VjcmV0', kid: 'a' }),
  'another curve': set(jwk(ec384, 'a')), 'a short RSA key': set(jwk(small, 'a')), 'another alg': set(jwk(rsa, 'a', { alg: 'PS256' })),
  'the EC key said to be RS256': set(jwk(ec, 'a', { alg: 'RS256' })), 'for encryption': set(jwk(rsa, 'a', { use: 'enc' })),
  'a point off the curve': set(jwk(ec, 'a', { y: Buffer.alloc(32, 1).toString('base64url') })), 'a short coordinate': set(jwk(ec, 'a', { x: 'AQ' })),
  'an even modulus': set(jwk(rsa, 'a', { n: Buffer.alloc(256, 254).toString('base64url') })), 'an exponent of one': set(jwk(rsa, 'a', { e: 'AQ' })),
  'seventeen keys': set(...Array.from({ length: 17 }, (_, i) => jwk(ec, `k${i}`))),
};
writeFileSync('sets.txt', `${Object.entries(sets).map(([what, text]) => `${what}\t${text}`).join('\n')}\n`);
