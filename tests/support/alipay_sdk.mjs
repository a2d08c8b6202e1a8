// SPDX-License-Identifier: Apache-2.0
// Alipay's SDK on Debian 12's Node.js 18, whose global scope lacks what the SDK's HTTP client expects there.
import { File } from 'node:buffer';

globalThis.File ??= File;
export const { AlipaySdk } = await import('alipay-sdk');
// The SDK keeps its signing primitives in a file that its package.json does not export by name.
export const { signatureV3, sign } = await import(new URL('../node_modules/alipay-sdk/dist/esm/util.js', import.meta.url));
