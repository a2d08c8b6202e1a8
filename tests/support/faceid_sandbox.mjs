// SPDX-License-Identifier: Apache-2.0
// A stand-in for Tencent Cloud FaceID on this machine, for the demonstration and the tests: DetectAuth,
// GetDetectInfoEnhanced and PhoneVerification with the provider's signature, checked independently of the server's code. A
// visitor "does" the liveness check on a labelled page. Misbehaves when told to.
//   node faceid_sandbox.mjs <port> <file with the API key> <secret id>
// POST /sandbox/next   {action?, behaviour, times?}   what the next calls do: silence, error_500, broken, limit_exceeded,
//                                                      auth_failure, no_record, mismatch, busy, late (pending for 2 looks)
// POST /sandbox/result {biz_token, code}               what a visitor's check came to; 0 is success
// GET  /sandbox/calls                                  the calls so far, as they came
import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, keyFile, secretId] = process.argv.slice(2).filter((it) => it !== '--port');
const secretKey = readFileSync(keyFile, 'utf8').trim();
const TOKEN_LIFE_MS = 7200 * 1000;
const CLOCK_SKEW_S = 300;

const checks = new Map(); // by BizToken
const calls = [];
const misbehaviours = [];

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const mac = (key, text) => createHmac('sha256', key).update(text).digest();

// TC3-HMAC-SHA256, from the provider's description: whatever headers the caller says it has signed are canonicalised here.
function signatureFault(req, body) {
  const parsed = /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d{2}-\d{2})\/faceid\/tc3_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/
    .exec(req.headers.authorization ?? '');
  if (!parsed) return 'AuthFailure.InvalidAuthorization';
  const [, id, date, signedHeaders, signature] = parsed;
  const timestamp = req.headers['x-tc-timestamp'] ?? '';
  if (id !== secretId) return 'AuthFailure.SecretIdNotFound';
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > CLOCK_SKEW_S) return 'AuthFailure.SignatureExpire';
  if (new Date(Number(timestamp) * 1000).toISOString().slice(0, 10) !== date) return 'AuthFailure.SignatureFailure';
  const names = signedHeaders.split(';');
  if (!names.includes('content-type') || !names.includes('host')) return 'AuthFailure.SignatureFailure';
  const value = (name) => (name === 'host' ? req.headers.host.replace(/:\d+$/, '') : (req.headers[name] ?? '').trim().toLowerCase());
  const canonical = ['POST', '/', '', ...names.map((name) => `${name}:${value(name)}`), '', signedHeaders, sha256(body)].join('\n');
  const scope = `${date}/faceid/tc3_request`;
  const text = ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n');
  const key = mac(mac(mac(`TC3${secretKey}`, date), 'faceid'), 'tc3_request');
  const expected = mac(key, text);
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? null : 'AuthFailure.SignatureFailure';
}

const messages = {
  0: '成功', 2005: '未查询到身份信息，请通过其他渠道验证', 2006: '姓名和身份证号不匹配，请核实身份后重试',
  2016: '无法判断为同一人，请确认身份后重试', 1002: '疑似非真人录制', 1004: '人脸验证失败，请重试', 302: '身份证已过期，请使用有效身份证进行核验',
};

function textOf(check) {
  if (check.code === null) {
    return { ErrCode: null, ErrMsg: null, IdCard: '', Name: '', OcrIdCard: null, OcrName: null, OcrValidDate: null, LiveStatus: null,
      LiveMsg: null, Comparestatus: null, Comparemsg: null, Sim: null, Location: null, Extra: check.Extra, LivenessDetail: [] };
  }
  const done = check.code === 0;
  const live = check.code >= 1000 && check.code < 2000 ? check.code : 0;
  return { ErrCode: check.code, ErrMsg: messages[check.code] ?? '失败', IdCard: check.IdCard, Name: check.Name, OcrIdCard: check.IdCard,
    OcrName: check.Name, OcrValidDate: '2016.05.04-2036.05.04', OcrNation: '汉', OcrGender: '男', LiveStatus: live, LiveMsg: live ? '失败' : '成功',
    Comparestatus: done ? 0 : live ? null : check.code, Comparemsg: done ? '成功' : '失败', Sim: done ? '98.71' : '12.30', Location: '',
    Extra: check.Extra, LivenessDetail: [], ...check.change };
}

const actions = {
  DetectAuth(body) {
    for (const name of ['RuleId', 'IdCard', 'Name', 'RedirectUrl', 'Extra'])
      if (typeof body[name] !== 'string' || body[name] === '') return { error: 'InvalidParameterValue', message: `${name}` };
    if (body.Name.length > 32 || body.RedirectUrl.length > 1024 || body.Extra.length > 1024) return { error: 'InvalidParameter' };
    const token = randomUUID().toUpperCase();
    checks.set(token, { ...body, code: null, begun: Date.now(), pendingLooks: 0, change: {} });
    return { BizToken: token, Url: `http://127.0.0.1:${port}/liveness?BizToken=${token}` };
  },
  GetDetectInfoEnhanced(body, behaviour) {
    const check = checks.get(body.BizToken);
    if (!check || check.RuleId !== body.RuleId) return { error: 'InvalidParameterValue.BizTokenIllegal' };
    if (behaviour === 'no_record') check.code = 2005;
    if (behaviour === 'mismatch') check.code = 2006;
    if (check.code === null && Date.now() - check.begun > TOKEN_LIFE_MS) return { error: 'InvalidParameterValue.BizTokenExpired' };
    if (check.pendingLooks > 0) {
      check.pendingLooks -= 1;
      return { Text: textOf({ ...check, code: null }) };
    }
    return { Text: textOf(check), IdCardData: null, BestFrame: null, VideoData: null, Encryption: null };
  },
  PhoneVerification(body, behaviour) {
    for (const name of ['IdCard', 'Name', 'Phone']) if (!body[name]) return { error: 'InvalidParameterValue' };
    if (!/^1\d{10}$/.test(body.Phone)) return { Result: '-6', Description: '手机号码不合法', Isp: '' };
    if (behaviour === 'no_record') return { Result: '-9', Description: '没有记录', Isp: '' };
    if (behaviour === 'busy') return { Result: '-11', Description: '服务繁忙', Isp: '' };
    // In the demonstration numbers that end in 0001 belong to somebody else.
    if (behaviour === 'mismatch' || body.Phone.endsWith('0001'))
      return { Result: '-4', Description: '信息不一致', Isp: '移动', ResultDetail: 'PhoneIdCardMismatch' };
    return { Result: '0', Description: '三要素信息一致', Isp: '移动', ResultDetail: '' };
  },
};

function misbehaviourFor(action) {
  const at = misbehaviours.findIndex((row) => !row.action || row.action === action);
  if (at < 0) return null;
  const row = misbehaviours[at];
  row.times -= 1;
  if (row.times <= 0) misbehaviours.splice(at, 1);
  return row.behaviour;
}

const sendJson = (res, status, body) => {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
};

function answer(req, res, raw) {
  const action = req.headers['x-tc-action'];
  calls.push({ action, headers: req.headers, body: raw.toString('utf8'), at: Date.now() });
  const behaviour = misbehaviourFor(action);
  if (behaviour === 'silence') return; // the connection stays open and nothing comes
  if (behaviour === 'error_500') {
    sendJson(res, 500, { message: 'Internal Server Error' });
    return;
  }
  if (behaviour === 'broken') {
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end('{"Response":{"Text":{"ErrCode":0');
    return;
  }
  const refuse = (code) => sendJson(res, 200, { Response: { Error: { Code: code, Message: code }, RequestId: randomUUID() } });
  const fault = signatureFault(req, raw);
  if (fault || behaviour === 'auth_failure') return refuse(fault ?? 'AuthFailure.SignatureFailure');
  if (req.headers['x-tc-version'] !== '2018-03-01' || !actions[action]) return refuse('InvalidAction');
  if (behaviour === 'limit_exceeded') return refuse('RequestLimitExceeded');
  let body;
  try {
    body = JSON.parse(raw);
  } catch {
    return refuse('InvalidParameter');
  }
  const result = actions[action](body, behaviour);
  if (result.error) return refuse(result.error);
  sendJson(res, 200, { Response: { ...result, RequestId: randomUUID() } });
}

// -- the page a visitor sees

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function page(res, title, content) {
  const html = `<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>沙箱：人脸核身</title><body style="font-family:sans-serif;max-width:26em;margin:2em auto;padding:0 1em">
<p style="background:#fde68a;padding:.6em"><b>沙箱 sandbox</b>：这不是腾讯云，不采集任何人脸。This is a stand-in, nothing is recorded.</p>
<h1 style="font-size:1.2em">${title}</h1>${content}</body></html>`;
  res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  res.end(html);
}

function showCheck(res, token) {
  const check = checks.get(token);
  if (!check) return page(res, '没有这个认证流程', '');
  if (check.code !== null) return page(res, '认证已结束', '<p>请回到电脑页面继续。</p>');
  const choice = (code, text) => `<p><button name="code" value="${code}" style="padding:.7em 1em">${text}</button></p>`;
  return page(res, '活体认证', `<form method="post" action="/liveness?BizToken=${escape(token)}">${choice(0, '通过 passes')}
${choice(2016, '不是同一人 another face')}${choice(1004, '活体失败 liveness fails')}${choice(2005, '库中无记录 no record')}</form>`);
}

function finishCheck(res, token, code) {
  const check = checks.get(token);
  if (!check || check.code !== null) return page(res, '没有这个认证流程', '');
  check.code = code;
  const back = new URL(check.RedirectUrl);
  back.searchParams.set('BizToken', token);
  res.writeHead(303, { location: back.href });
  res.end();
}

function control(req, res, url, raw) {
  const body = raw.length > 0 ? JSON.parse(raw) : {};
  if (url.pathname === '/sandbox/next') {
    if (body.behaviour === 'late') for (const check of checks.values()) check.pendingLooks = 2;
    else misbehaviours.push({ times: 1, ...body });
  } else if (url.pathname === '/sandbox/result') {
    const check = checks.get(body.biz_token);
    if (!check) return sendJson(res, 404, {});
    check.code = body.code;
    check.change = body.change ?? {};
  } else if (url.pathname === '/sandbox/reset') {
    misbehaviours.length = 0;
  } else if (url.pathname === '/sandbox/calls') {
    return sendJson(res, 200, calls);
  } else {
    return sendJson(res, 404, {});
  }
  return sendJson(res, 200, {});
}

const server = createServer((req, res) => {
  const parts = [];
  req.on('data', (part) => parts.push(part));
  req.on('end', () => {
    const raw = Buffer.concat(parts);
    const url = new URL(req.url, `http://127.0.0.1:${port}`);
    const token = url.searchParams.get('BizToken') ?? '';
    if (url.pathname === '/' && req.method === 'POST') answer(req, res, raw);
    else if (url.pathname === '/liveness' && req.method === 'GET') showCheck(res, token);
    else if (url.pathname === '/liveness') finishCheck(res, token, Number(new URLSearchParams(raw.toString()).get('code')));
    else control(req, res, url, raw);
  });
});
server.listen(Number(port), '127.0.0.1', () => console.log(`faceid sandbox on 127.0.0.1:${port}`));
process.on('SIGTERM', () => { server.close(); server.closeAllConnections(); });
