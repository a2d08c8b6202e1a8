// SPDX-License-Identifier: Apache-2.0
// A certificate request (PKCS#10) as the API takes it: PEM (RFC 7468 7). DER is written as PEM; null when it can be neither.
const pem = /-----BEGIN (NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (NEW )?CERTIFICATE REQUEST-----/;
const sequence = 0x30; // every DER request begins with it (X.690 8.9)
const sizeMost = 24 * 1024;
const label = 'CERTIFICATE REQUEST';

const framed = (base64: string) => `-----BEGIN ${label}-----\n${base64.replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;

export function requestText(content: Uint8Array): string | null {
  if (content.length === 0 || content.length > sizeMost) return null;
  if (content[0] === sequence) return framed(btoa(String.fromCharCode(...content)));
  const match = pem.exec(new TextDecoder().decode(content));
  return match ? framed(match[2].replace(/\s/g, '')) : null;
}
