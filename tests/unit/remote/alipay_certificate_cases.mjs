// SPDX-License-Identifier: Apache-2.0
// Certificates of an application and of Alipay, made by openssl, and what alipay-sdk makes of them in certificate mode: the
// names of the certificates, a signed request, an answer that it accepts. node alipay_certificate_cases.mjs FOLDER
import { execFileSync } from 'node:child_process';
import { createSign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlipaySdk, sign } from '../../support/alipay_sdk.mjs';

const folder = process.argv[2];
const at = (name) => join(folder, name);
const openssl = (...args) => execFileSync('openssl', args, { stdio: 'ignore' });
function root(name, algorithm, subject) {
  openssl('req', '-x509', '-new', '-newkey', ...algorithm, '-nodes', '-utf8', '-keyout', at(`${name}.key`), '-out', at(`${name}.crt`), '-days', '30', '-subj', subject);
}
function leaf(name, subject) {
  openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-utf8', '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', subject);
  openssl('x509', '-req', '-in', at(`${name}.csr`), '-CA', at('root1.crt'), '-CAkey', at('root1.key'), '-CAcreateserial', '-days', '30', '-out', at(`${name}.crt`));
}
root('root1', ['rsa:2048'], '/C=CN/O=Ant Financial/OU=Certification Authority/CN=Ant Financial Certification Authority R1');
root('root2', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], '/C=CN/O=Ant Financial/CN=Ant Financial Certification Authority E1');
root('root3', ['rsa:2048'], '/C=CN/O=iTrusChina/OU=China Trust Network/CN=iTrusChina Class 2 Root CA - G3');
leaf('app', '/C=CN/O=测试单位/CN=2088000000000001-2021000000000001');
leaf('alipay', '/C=CN/O=Alipay/CN=支付宝(中国)网络技术有限公司');
leaf('alipay-new', '/C=CN/O=Alipay/CN=支付宝(中国)网络技术有限公司');
writeFileSync(at('roots.crt'), ['root1', 'root2', 'root3'].map((name) => readFileSync(at(`${name}.crt`), 'utf8')).join(''));
execFileSync('chmod', ['600', at('app.key')]);

const sdk = new AlipaySdk({
  appId: '2021000000000001', privateKey: readFileSync(at('app.key'), 'utf8'), keyType: 'PKCS8',
  appCertPath: at('app.crt'), alipayRootCertPath: at('roots.crt'), alipayPublicCertPath: at('alipay.crt'),
});
const other = new AlipaySdk({
  appId: '2021000000000001', privateKey: readFileSync(at('app.key'), 'utf8'), keyType: 'PKCS8',
  appCertPath: at('app.crt'), alipayRootCertPath: at('roots.crt'), alipayPublicCertPath: at('alipay-new.crt'),
});
const request = sign('alipay.trade.query', { format: 'JSON', timestamp: '2026-11-21 13:24:05', bizContent: { out_trade_no: '2026112113040501000000000101' } }, sdk.config);
const node = JSON.stringify({ code: '10000', msg: 'Success', out_trade_no: '2026112113040501000000000101', trade_no: '2026112122001446880500000001', trade_status: 'TRADE_SUCCESS', total_amount: '88.80',
  buyer_user_id: '2088102177846882', send_pay_date: '2026-11-21 13:05:09' });
function answer(by, config) {
  const signature = createSign('RSA-SHA256').update(node).sign(readFileSync(at(`${by}.key`)), 'base64');
  const text = `{"alipay_trade_query_response":${node},"alipay_cert_sn":"${config.config.alipayCertSn}","sign":"${signature}"}`;
  config.checkResponseSign(text, 'alipay_trade_query_response', signature, '');
  return text;
}
writeFileSync(at('app_cert_sn'), sdk.config.appCertSn);
writeFileSync(at('root_cert_sn'), sdk.config.alipayRootCertSn);
writeFileSync(at('sign'), request.sign);
writeFileSync(at('answer'), answer('alipay', sdk));
writeFileSync(at('answer-new'), answer('alipay-new', other));
