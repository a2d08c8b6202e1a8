// SPDX-License-Identifier: Apache-2.0
// A certificate file as the API takes it: PEM as it is, DER in base64. null when it can be neither.
const pem = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/;
const sequence = 0x30; // every DER certificate begins with it (X.690 8.9)
const sizeMost = 24 * 1024;

export function certificateText(content: Uint8Array): string | null {
  if (content.length === 0 || content.length > sizeMost) return null;
  if (content[0] === sequence) return btoa(String.fromCharCode(...content));
  const text = new TextDecoder().decode(content);
  const match = pem.exec(text);
  if (match) return match[0];
  const base64 = text.replace(/\s/g, '');
  return /^MI[A-Za-z0-9+/]+=*$/.test(base64) ? base64 : null;
}
