// SPDX-License-Identifier: Apache-2.0
// Drives one whole renewal against a running server, as a subscriber, Alipay and a reviewer would, and says what happens.
// Exits 1 at the first step that is not as it should be. Usage: node walkthrough.mjs var/demo/demo.json
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from '../tests/support/client.mjs';

const demo = client.readDemo(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'xuqi-walkthrough-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

let number = 0;
const step = (zh, en) => console.log(`\n${++number}. ${zh}  ${en}`);
const tell = (text) => console.log(`   ${text}`);
function expect(what, condition, seen) {
  if (condition) return;
  console.error(`\n   ✗ ${what}\n     实际 seen: ${typeof seen === 'string' ? seen : JSON.stringify(seen)}`);
  process.exit(1);
}
const yuan = (fen) => (fen / 100).toFixed(2);

// A subscriber whose certificate has no renewal under way: the walkthrough can be taken again and again.
async function chooseSubscriber() {
  const rows = demo.subscribers.filter((row) => row.name.startsWith('inside'));
  for (const subscriber of rows) {
    const answer = await client.submit(demo, subscriber);
    if (answer.status === 201) return { subscriber, answer };
    if (answer.status === 200) {
      const seen = await client.progress(demo, answer.json);
      if (seen.json?.status === 'awaiting_payment') return { subscriber, answer };
    } else if (answer.json?.code !== 'certificate_renewed') {
      tell(`${subscriber.name}: ${answer.text}`);
    }
  }
  return null;
}

step('读取平台规则', 'the platform\'s rules');
const platform = await client.platformOf(demo);
expect('平台可读 the platform can be read', platform?.platform === 'sz-consumables', platform);
tell(`${platform.name}，客服 ${platform.contact.hotline}`);
for (const term of platform.terms) tell(`${term.months}个月：${yuan(term.amount_fen)}元`);
tell(`支付方式 methods: ${platform.payment_methods.join('、')}`);

step('不在续期时间内的证书会被拒绝并说明原因', 'certificates outside the window are refused, with the reason');
for (const [name, code] of [['not-yet', 'window_not_open'], ['expired', 'certificate_expired']]) {
  const refused = await client.submit(demo, demo.subscribers.find((row) => row.name === name));
  expect(`${name} → ${code}`, refused.status === 403 && refused.json.code === code, refused.json);
  tell(`${name}: ${refused.json.detail ?? refused.json.title}`);
}

step('用当前证书签名提交续期申请', 'an application signed by the current key (openssl cms)');
const chosen = await chooseSubscriber();
expect('有可续期的演示用户 a demonstration subscriber is free (remove var/ to start over)', chosen !== null, 'none');
const { subscriber, answer: { json: renewal, status: submitStatus } } = chosen;
tell(`${subscriber.organisation}：业务单号 ${renewal.renewal_no}，订单 ${renewal.order_no}`);
tell(`费用 ${yuan(renewal.amount_fen)}元，新有效期至 ${renewal.not_after}${submitStatus === 200 ? '（继续已提交的申请 going on with the open one）' : ''}`);
const again = await client.submit(demo, subscriber);
expect('重复提交返回同一业务单 submitting again answers the open one', again.status === 200 && again.json.renewal_no === renewal.renewal_no, again.json);
tell('重复提交：返回同一业务单 submitting again answers the same renewal');

step('未缴费不能签发', 'no certificate before payment and review');
const early = await client.fetchCertificate(demo, subscriber, renewal);
expect('拒绝 refused', early.status === 409, early.json);
tell(`${early.json.title}（${early.json.code}）`);

step('支付宝支付', 'paying with Alipay');
const form = await client.pay(demo, renewal);
expect('得到支付表单 a form for the gateway', form.status === 201 && form.json.action.includes('gateway.do'), form.json);
expect('alipay-sdk对同一请求算出同一签名 alipay-sdk signs the same', client.alipayFormJudged(demo, form.json).same, form.json);
tell(`表单由jobs进程签名，alipay-sdk验证一致：${form.json.fields.out_trade_no ?? JSON.parse(form.json.fields.biz_content).out_trade_no}`);
const notice = client.alipayNotice(demo, form.json);
const short = await client.notify(demo, client.alipaySigned(demo, { ...notice, total_amount: '0.01', notify_id: 'short', trade_no: `${notice.trade_no}9` }));
expect('金额不符的通知被拒 a notice with another amount is refused', short.text !== 'success', short.text);
const signed = client.alipaySigned(demo, notice);
const answers = await Promise.all(Array.from({ length: 50 }, () => client.notify(demo, signed)));
expect('50份同样的通知都得到success 50 copies, 50 times success', answers.every((it) => it.status === 200 && it.text === 'success'), answers.map((it) => it.text));
tell('网关通知（alipay-sdk签名）发送50次：记账一次，回答50次success');

step('进度', 'progress');
const paid = await client.progress(demo, renewal);
expect('已缴费，等待审核 paid, waiting for review', paid.json?.status === 'awaiting_review' && paid.json.order.payment_status === 'paid', paid.json);
tell(`${paid.json.stage_name}，缴费时间 ${paid.json.paid_at}`);

step('审核员登录（口令+动态码）、领取、查看、通过', 'a reviewer logs in, claims, looks and approves');
const session = await client.login(demo, 'reviewer');
expect('登录 logged in', session.status === 201, session.json);
const path = `/api/v1/review/cases/${renewal.renewal_no}`;
const token = session.json.token;
const claim = await client.call(demo.base_url, 'POST', `${path}/claim`, { token, body: {} });
expect('领取 claimed', claim.status === 200, claim.json);
const seen = await client.call(demo.base_url, 'GET', path, { token });
expect('个人信息已脱敏 personal data is masked', seen.status === 200 && seen.json.agent.id_number.includes('*') && !JSON.stringify(seen.json).includes('13800138000'), seen.json);
tell(`经办人 ${seen.json.agent.name} ${seen.json.agent.id_number} ${seen.json.agent.mobile}，支付流水 ${seen.json.order.gateway_txn}`);
const approved = await client.call(demo.base_url, 'POST', `${path}/approval`, { token, body: { content_sha256: seen.json.content_sha256 } });
expect('审核通过 approved', approved.status === 200 && approved.json.status === 'awaiting_install', approved.json);
tell(`${session.json.display_name} 审核通过`);

step('用新密钥的CSR签发新证书', 'the certificate for a new key, signed inside the token');
const issued = await client.fetchCertificate(demo, subscriber, renewal);
expect('签发 issued', issued.status === 200 && issued.json.signing_certificate?.includes('BEGIN CERTIFICATE'), issued.json);
const pem = join(folder, 'new.pem');
writeFileSync(pem, issued.json.signing_certificate);
const verdict = execFileSync('openssl', ['verify', '-CAfile', demo.ca.root, '-untrusted', demo.ca.issuing, pem], { encoding: 'utf8' });
expect('openssl verify', verdict.trim().endsWith('OK'), verdict);
const text = execFileSync('openssl', ['x509', '-in', pem, '-noout', '-subject', '-enddate', '-serial', '-nameopt', 'utf8,sep_comma_plus'], { encoding: 'utf8' });
for (const line of text.trim().split('\n')) tell(line);
const end = new Date(execFileSync('openssl', ['x509', '-in', pem, '-noout', '-enddate'], { encoding: 'utf8' }).trim().split('=')[1]);
expect('有效期与缴费前承诺的一致 notAfter as promised before payment', end.getTime() === new Date(renewal.not_after).getTime(), `${end.toISOString()} ${renewal.not_after}`);
const repeated = await client.fetchCertificate(demo, subscriber, renewal);
expect('同一CSR得到同一证书 the same CSR gets the same certificate', repeated.json?.signing_certificate === issued.json.signing_certificate, repeated.json);
execFileSync('openssl', ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'other.key'), '-subj', '/CN=other', '-out', join(folder, 'other.csr')], { stdio: 'ignore' });
const other = await client.fetchCertificate(demo, subscriber, renewal, join(folder, 'other.csr'));
expect('另一CSR被拒 another CSR is refused', other.status === 409 && other.json.code === 'already_issued', other.json);
tell('同一CSR再次请求：同一证书；另一CSR：拒绝');

step('确认安装完成', 'installed');
const done = await client.acknowledge(demo, renewal);
expect('完成 completed', done.status === 200 && done.json.status === 'completed', done.json);
const last = await client.progress(demo, renewal);
expect('完成 completed', last.json?.status === 'completed', last.json);
tell(`${last.json.stage_name}：${renewal.renewal_no}`);
console.log('\n✓ 一次完整的续期 one whole renewal\n');
