// SPDX-License-Identifier: Apache-2.0
// Who appears in the demonstration's desks: organisations, agents, and colleagues of the visitor's. Nobody exists.
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { demo, folder, startAsOwner } from '../../../tests/support/installation.mjs';
import * as wire from '../../../tests/support/wire.mjs';

const cities = ['广州市', '深圳市', '佛山市', '东莞市', '中山市', '珠海市', '惠州市', '江门市', '汕头市', '肇庆市', '湛江市'];
const words = ['康泰', '瑞华', '恒信', '百益', '同仁', '华康', '安达', '博济', '中科', '鼎盛', '嘉禾', '利民', '众合', '明德', '新源', '天和', '永信', '宏图', '德邦', '金桥'];
const trades = { 'gd-drug': '药业', gpo: '医药', 'demo-two': '医药', 'sz-consumables': '医疗器械', 'szca-bidding': '建设工程', pingan: '商贸' };
export const organisationOf = (platform, n) => `${cities[(n * 7) % cities.length]}${words[(n * 3 + Math.floor(n / 20)) % words.length]}${trades[platform]}有限公司`;

const surnames = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗', given = ['敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明', '霞', '平', '刚'];
export const personOf = (n) => surnames[n % surnames.length] + given[(n * 5) % given.length];
export const mobileOf = (n) => `136${String(20000000 + n * 7919 % 79999999).padStart(8, '0')}`;
export const accountOf = (n) => `44050${String(1580000000000 + n * 104729)}`;

// GB 11643: the last character is a check over the first seventeen.
export function idNumberOf(n) {
  const digits = `4401061985${String(1 + n % 12).padStart(2, '0')}${String(1 + n % 28).padStart(2, '0')}${String(100 + n % 800)}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return digits + '10X98765432'[[...digits].reduce((sum, digit, index) => sum + digit * weights[index], 0) % 11];
}

// Colleagues decide what has been decided: the visitor's own accounts have their codes to themselves, since each code works
// once. Their secrets lie beside the others'.
export async function colleague(name, display, role) {
  const work = `${folder}/demo/staff`, password = `${work}/${name}.password`, totp = `${work}/${name}.totp`;
  if (!existsSync(totp)) {
    mkdirSync(work, { recursive: true });
    writeFileSync(password, `demo-${randomBytes(12).toString('base64url')}\n`, { mode: 0o600 });
    const { uid, gid } = statSync(`${folder}/xuqid.yaml`);
    if (process.getuid() === 0) chownSync(password, uid, gid);
    await startAsOwner(`${folder}/bin/xuqictl`, 'staff', 'add', '--name', name, '--display', display, '--role', role, '--password-file', password, '--totp-file', totp);
  }
  const person = { name, password: readFileSync(password, 'utf8').trim(), totp_secret: readFileSync(totp, 'utf8').trim() };
  const answer = await wire.login({ ...demo, staff: [person] }, name);
  if (answer.status !== 201) throw new Error(`${name}: ${answer.text}`);
  return answer.json.token;
}
