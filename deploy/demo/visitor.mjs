// SPDX-License-Identifier: Apache-2.0
// Two things that a visitor of the demonstration has no device for (deploy/run --login, --apply):
//   node visitor.mjs var/demo/demo.json login NAME    the password and the one-time code of this half minute
//   node visitor.mjs var/demo/demo.json apply NAME    what the client with the USB key does: signs an application; the order's address
import * as wire from '../../tests/support/wire.mjs';

const [path, what, name] = process.argv.slice(2);
const demo = wire.readDemo(path);
const fail = (text) => { console.error(text); process.exit(1); };
const among = (rows) => rows.map((row) => row.name).join('、');

function login() {
  const person = demo.staff.find((row) => row.name === name) ?? fail(`没有这个账号 no such account: ${name ?? ''}\n${among(demo.staff)}`);
  const left = 30 - Math.floor(Date.now() / 1000) % 30;
  console.log(`${demo.staff_url}\n用户名 name    ${person.name}（${person.display_name}）\n密码 password  ${person.password}\n动态码 code     ${wire.totp(person.totp_secret)}（${left} 秒内有效，用一次 for ${left} s, once）`);
}

async function apply() {
  const subscriber = demo.subscribers.find((row) => row.name === name) ?? fail(`没有这个用户 no such subscriber: ${name ?? ''}\n${among(demo.subscribers)}`);
  // As the portal sends its supplier on, where the platform asks for that.
  const change = (it) => (subscriber.platform === demo.portal.platform ? { ...it, portal_token: wire.portalToken(demo, 'demo-visitor') } : it);
  const { status, json, text } = await wire.submit(demo, subscriber, { platform: subscriber.platform, change });
  if (status === 200 || status === 201) return console.log(`${subscriber.organisation}  ${json.renewal_no}\n在浏览器中打开 open in a browser:\n${json.pay_url}`);
  return fail(json ? `${json.title}\n${json.fix ?? ''}\n${json.title_en}. ${json.fix_en ?? ''}` : text);
}

await ({ login, apply }[what] ?? (() => fail('login NAME | apply NAME')))();
