// SPDX-License-Identifier: Apache-2.0
// The applicant's telephone: what it does with a link that it scanned, and pictures as its camera makes them.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from './client.mjs';
import { conforms } from './openapi.mjs';

const work = mkdtempSync(join(tmpdir(), 'xuqi-phone-'));
export const device = () => randomBytes(24).toString('base64url');
export class Phone {
  constructor(url, secret = device()) {
    const { hash, origin } = new URL(url);
    this.base = origin;
    this.token = hash.slice(1);
    this.device = secret;
  }

  async call(method, rest, options = {}) {
    const answer = await client.call(this.base, method, `/api/v1/phone${rest}`,
      { token: this.token, headers: { 'x-xuqi-device': this.device }, ...options });
    conforms(method.toLowerCase(), `/api/v1/phone${rest.replace(/\/photos\/\w+/, '/photos/{side}')}`, answer);
    return answer;
  }

  open() { return this.call('POST', '/opening', { body: { device: this.device } }); }
  tasks() { return this.call('GET', '/tasks'); }
  photo(side, body, type = 'image/jpeg') { return this.call('PUT', `/photos/${side}`, { body, type }); }
  finish() { return this.call('POST', '/completion', { body: {} }); }
  liveness() { return this.call('POST', '/liveness', { body: {} }); }
}
// A picture as a camera makes it: wide, its left half dark; Exif says how it was held.
export function picture({ width = 1600, height = 1000, orientation, kind = 'jpeg' } = {}) {
  const body = `0 g 0 0 ${width / 2} ${height} re f`;
  writeFileSync(join(work, 'p.pdf'), ['%PDF-1.4', '1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj', '2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj',
    `3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Contents 4 0 R/Resources<<>>>> endobj`,
    `4 0 obj <</Length ${body.length}>> stream`, body, 'endstream endobj', 'trailer <</Root 1 0 R>>', '%%EOF', ''].join('\n'));
  execFileSync('pdftoppm', [`-${kind}`, '-r', '72', '-singlefile', join(work, 'p.pdf'), join(work, 'p')], { stdio: 'ignore' });
  const bytes = readFileSync(join(work, kind === 'jpeg' ? 'p.jpg' : 'p.png'));
  return orientation ? withExif(bytes, orientation) : bytes;
}
// One that cannot be packed well, as large as telephones make them: noise.
export function noise({ width, height }) {
  const draw = `${width} 0 0 ${height} 0 0 cm /N Do`;
  writeFileSync(join(work, 'n.pdf'), Buffer.concat([Buffer.from(['%PDF-1.4', '1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj', '2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj',
    `3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Contents 4 0 R/Resources<</XObject<</N 5 0 R>>>>>> endobj`,
    `4 0 obj <</Length ${draw.length}>> stream`, draw, 'endstream endobj',
    `5 0 obj <</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Length ${width * height * 3}>> stream`, ''].join('\n')),
  randomBytes(width * height * 3), Buffer.from('\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n')]));
  execFileSync('pdftoppm', ['-jpeg', '-jpegopt', 'quality=95', '-r', '72', '-singlefile', join(work, 'n.pdf'), join(work, 'n')], { stdio: 'ignore' });
  return readFileSync(join(work, 'n.jpg'));
}
export function withExif(jpeg, orientation, padding = 0) {
  const block = Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0', 'latin1'), Buffer.from([orientation, 0, 0, 0, 0, 0, 0]),
    Buffer.from('GPS 23.0218N'), Buffer.alloc(padding, 7)]);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1, (block.length + 2) >> 8, (block.length + 2) & 255]), block, jpeg.subarray(2)]);
}
