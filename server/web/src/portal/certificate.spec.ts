// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { certificateText } from './certificate';

const bytes = (text: string) => new TextEncoder().encode(text);
const block = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

test('DER becomes base64', () => expect(certificateText(new Uint8Array([0x30, 0x82, 0x01]))).toBe('MIIB'));
test('PEM is kept, without what surrounds it', () => expect(certificateText(bytes(`Bag Attributes\n${block}\n`))).toBe(block));
test('bare base64 is taken', () => expect(certificateText(bytes('MIIB\r\nAAAA'))).toBe('MIIBAAAA'));
test.each([['nothing', ''], ['a picture', '\u0089PNG'], ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----']])(
  '%s is no certificate', (_, text) => expect(certificateText(bytes(text))).toBeNull());
test('a large file is no certificate', () => expect(certificateText(new Uint8Array(100_000).fill(0x30))).toBeNull());
