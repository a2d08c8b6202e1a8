// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { requestText } from './csr';

const bytes = (text: string) => new TextEncoder().encode(text);
const request = '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n';

describe('a certificate request', () => {
  test('as PEM is taken as it is', () => expect(requestText(bytes(request))).toBe(request));
  test('loses what stands around it', () => expect(requestText(bytes(`Subject: x\r\n${request}\r\n`))).toBe(request));
  test('of an older program is named as the standard does', () => expect(requestText(bytes(request.replaceAll('CERTIFICATE', 'NEW CERTIFICATE')))).toBe(request));
  test('as DER becomes PEM in lines of 64', () => {
    const lines = requestText(new Uint8Array(100).fill(0x30))!.split('\n');
    expect([lines[0], lines[1].length]).toEqual(['-----BEGIN CERTIFICATE REQUEST-----', 64]);
  });
  test('that is a certificate, a key, empty or huge is none', () => {
    for (const wrong of ['', 'x', request.replaceAll(' REQUEST', ''), request.replaceAll('CERTIFICATE REQUEST', 'PRIVATE KEY')]) expect(requestText(bytes(wrong))).toBeNull();
    expect(requestText(new Uint8Array(30_000).fill(0x30))).toBeNull();
  });
});
