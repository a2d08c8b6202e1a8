// SPDX-License-Identifier: Apache-2.0
// A picture that stands for a photo of an identity card: a card in two colours, nobody's. PNG (RFC 2083), written here.
import { deflateSync } from 'node:zlib';
import { crc32 } from '../../../tests/support/bills.mjs';

const width = 800, height = 500, card = { left: 60, right: 740, top: 40, bottom: 460 };

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]), out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

// Grey outside, light on the card; in front a darker square where a face would be, behind a red field; lines as of writing.
function shade(side, n, x, y) {
  if (x < card.left || x > card.right || y < card.top || y > card.bottom) return [120, 124, 130];
  if (side === 'front' && x > 540 && x < 700 && y > 110 && y < 320) return [150 + n % 60, 120, 100];
  if (side === 'back' && x > 100 && x < 240 && y > 80 && y < 200) return [190, 40 + n % 30, 40];
  const line = (y - 100) % 60 < 14 && y > 100 && x > 100 && x < 180 + (y * 13 + n * 37) % 320;
  return line ? [60, 60, 70] : [232, 226, 214];
}

export function photo(side, n) {
  const rows = [];
  for (let y = 0; y < height; y++) {
    const row = Buffer.alloc(1 + width * 3);
    for (let x = 0; x < width; x++) row.set(shade(side, n, x, y), 1 + x * 3);
    rows.push(row);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))]);
}
