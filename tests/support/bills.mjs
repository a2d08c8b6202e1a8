// SPDX-License-Identifier: Apache-2.0
// The daily bills of the three gateways as they write them, from rows { kind: payment | refund, id, txn, attempt, refundNo,
// fen, fee (1/1000 fen), at: "2026-11-20 12:00:00", original }. Used by the stand-ins, the flow tests and the benchmark. Needs
// Node.js, no packages: zip is written here (PKWARE APPNOTE 4.3).
import { deflateRawSync, deflateSync, crc32 as nodeCrc32 } from 'node:zlib';
import { createHash } from 'node:crypto';

// -- GBK ----------------------------------------------------------------------------------------------------------

// Node reads GBK and does not write it: the table is what it reads.
const gbkOf = new Map();
for (let high = 0x81; high <= 0xfe; high++) {
  for (let low = 0x40; low <= 0xfe; low++) {
    if (low === 0x7f) continue;
    const [character, more] = new TextDecoder('gbk').decode(Uint8Array.of(high, low));
    if (character !== '\ufffd' && more === undefined && !gbkOf.has(character)) gbkOf.set(character, [high, low]);
  }
}
export function gbk(text) {
  const bytes = [];
  for (const character of text) {
    if (character.charCodeAt(0) < 0x80) bytes.push(character.charCodeAt(0));
    else bytes.push(...(gbkOf.get(character) ?? [0x3f]));
  }
  return Buffer.from(bytes);
}

// -- zip ----------------------------------------------------------------------------------------------------------

const crcTable = Array.from({ length: 256 }, (_, n) => { let c = n; for (let i = 0; i < 8; i++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1; return c >>> 0; });
export const crc32 = nodeCrc32 ?? ((bytes) => { let c = 0xffffffff; for (const byte of bytes) c = crcTable[(c ^ byte) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; });
export function zip(members) {
  const parts = [], directory = [];
  let offset = 0;
  for (const { name, data } of members) {
    const rawName = Buffer.isBuffer(name) ? name : Buffer.from(name, 'latin1'), packed = deflateRawSync(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(0x5b74, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(rawName.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, rawName, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, rawName]));
    parts.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(directory), end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

// -- amounts ------------------------------------------------------------------------------------------------------

export const yuan = (fen) => `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
const yuan5 = (millifen) => `${millifen < 0 ? '-' : ''}${Math.floor(Math.abs(millifen) / 1e5)}.${String(Math.abs(millifen) % 1e5).padStart(5, '0')}`;
const sum = (rows, value) => rows.reduce((total, row) => total + value(row), 0);
const payments = (rows) => rows.filter((row) => row.kind === 'payment');
const refunds = (rows) => rows.filter((row) => row.kind === 'refund');
const at = (row, day) => row.at ?? `${day} 12:00:00`;

// -- WeChat Pay ---------------------------------------------------------------------------------------------------

export function wechatBill({ day, merchant = '1900000109', rows }) {
  const heading = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
  const line = (row) => {
    const refund = row.kind === 'refund';
    return [at(row, day), 'wxd678efh567hg6787', merchant, '0', '', refund ? row.original : row.id, row.attempt, 'o*****', 'NATIVE', refund ? 'REFUND' : 'SUCCESS', 'OTHERS', 'CNY', refund ? '0.00' : yuan(row.fen), '0.00',
      refund ? row.id : '0', refund ? row.refundNo : '0', refund ? yuan(row.fen) : '0.00', '0.00', refund ? 'ORIGINAL' : '', refund ? (row.status ?? 'SUCCESS') : '', '数字证书\\ 续期', '', yuan5(row.fee ?? 0), '0.60%',
      refund ? '0.00' : yuan(row.fen), refund ? yuan(row.fen) : '0.00', ''].map((cell) => `\`${cell}`).join(',');
  };
  const totals = [String(rows.length), yuan(sum(payments(rows), (row) => row.fen)), yuan(sum(refunds(rows), (row) => row.fen)), '0.00', yuan5(sum(rows, (row) => row.fee ?? 0)), yuan(sum(payments(rows), (row) => row.fen)), yuan(sum(refunds(rows), (row) => row.fen))];
  return Buffer.from([`\ufeff${heading}`, ...rows.map(line), '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额', totals.map((cell) => `\`${cell}`).join(','), ''].join('\r\n'));
}
export const sha1 = (bytes) => createHash('sha1').update(bytes).digest('hex');

// -- Alipay -------------------------------------------------------------------------------------------------------

export function alipayBill({ day, merchant = '2088000000000001', rows }) {
  const [year, month, date] = day.split('-');
  const notes = (title) => `#${title}\r\n#账号：[${merchant}0156]\r\n#起始日期：[${year}年${month}月${date}日 00:00:00]   终止日期：[次日 00:00:00]\r\n`;
  const line = (row) => {
    const refund = row.kind === 'refund', amount = yuan(refund ? -row.fen : row.fen), fee = yuan(Math.round(-(row.fee ?? 0) / 1000));
    return [refund ? row.original : row.id, `${row.attempt}\t`, refund ? '退款' : '交易', '数字证书续期', at(row, day), at(row, day), '', '', '', '', '王***(182****)', amount, amount, '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00', refund ? row.refundNo : '', fee, '0.00', ''].join(',');
  };
  const paid = payments(rows), back = refunds(rows), fee = yuan(-Math.round(sum(rows, (row) => row.fee ?? 0) / 1000));
  const net = sum(paid, (row) => row.fen) - sum(back, (row) => row.fen);
  const detail = `${notes('支付宝业务明细查询')}#-----------------------------------------业务明细列表----------------------------------------\r\n支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\r\n${rows.map((row) => `${line(row)}\r\n`).join('')}#-----------------------------------------业务明细列表结束------------------------------------\r\n#交易合计：${paid.length}笔，商家实收共${yuan(sum(paid, (row) => row.fen))}元，商家优惠共0.00元\r\n#退款合计：${back.length}笔，商家实收退款共${yuan(-sum(back, (row) => row.fen))}元，商家优惠退款共0.00元\r\n#导出时间：[${day} 09:00:00]\r\n`;
  const summary = `${notes('支付宝业务汇总查询')}门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）\r\n合计,,${paid.length},${back.length},${yuan(net)},${yuan(net)},0.00,0.00,0.00,${fee},0.00,${yuan(net)}\r\n#导出时间：[${day} 09:00:00]\r\n`;
  const name = `${merchant}0156_${day.replaceAll('-', '')}_业务明细`;
  return zip([{ name: gbk(`${name}.csv`), data: gbk(detail) }, { name: gbk(`${name}(汇总).csv`), data: gbk(summary) }]);
}

// -- UnionPay -----------------------------------------------------------------------------------------------------

const ZM = [3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98];
export function unionpayZip({ day, merchant = '777290058110048', rows }) {
  const short = day.replaceAll('-', '').slice(2);
  const digits = (fen) => String(fen).padStart(12, '0');
  const line = (row, index) => {
    const refund = row.kind === 'refund', fee = Math.round((row.fee ?? 0) / 1000), net = (refund ? -row.fen : row.fen) - fee;
    const cells = { 1: refund ? 'S30' : 'S56', 2: '88022900', 3: '00049993', 4: String(index % 1000000).padStart(6, '0'), 5: at(row, day).slice(5).replace(/\D/g, ''), 6: '622609******0048', 7: digits(row.fen), 8: '4899', 9: '07', 10: row.id, 11: '01',
      12: refund ? row.refundNo : row.attempt, 16: `${fee >= 0 ? 'D' : 'C'}${digits(Math.abs(fee))}`, 17: `${net >= 0 ? 'C' : 'D'}${digits(Math.abs(net))}`, 18: '0001', 20: refund ? '04' : '01', 22: '000201', 27: refund ? row.original : '', 28: merchant, 30: '000000000000000', 40: '7' };
    return ZM.map((size, i) => (cells[i + 1] ?? '').padEnd(size)).join(' ');
  };
  const paid = sum(payments(rows), (row) => row.fen), back = sum(refunds(rows), (row) => row.fen), fee = sum(rows, (row) => Math.round((row.fee ?? 0) / 1000)), net = paid - back - fee;
  const summary = `                    中国银联全渠道商户交易汇总表\r\n\r\n商户代码:${merchant}                       清算币种:人民币\r\n收单机构:88022900                 清算日期:${day.replaceAll('-', '')}\r\n\r\n总计    ${rows.length}    ${yuan(back)}    ${yuan(paid)}    ${yuan(fee)}    0.00    ${yuan(net < 0 ? -net : 0)}    ${yuan(net > 0 ? net : 0)}\r\n`;
  return zip([{ name: `INN${short}88ZM_${merchant}`, data: Buffer.from(rows.map((row, i) => `${line(row, i)}\r\n`).join('')) }, { name: `RD2010${short}01_${merchant}`, data: gbk(summary) }]);
}
// As UnionPay's answer holds it before base64.
export const unionpayBill = (it) => deflateSync(unionpayZip(it));

export const billOf = { alipay: alipayBill, unionpay: unionpayBill, wechat: wechatBill };

// -- a stand-in's bills -------------------------------------------------------------------------------------------

// Of each day what was paid at the stand-in, changed as a test wishes: { day, answers: [mode…], rows, drop: [id…] }. Modes of
// the next answers: none, creating, error500, silence, stranger, cutoff (the file ends too soon), hash (another SHA-1).
export class Bills {
  constructor(rail, merchant, paid) { Object.assign(this, { rail, merchant, paid, wishes: new Map() }); }
  wish({ day, ...wish }) { this.wishes.set(day, { ...this.wishes.get(day), ...wish }); }
  next(day) { return this.wishes.get(day)?.answers?.shift(); }
  rows(day) {
    const wish = this.wishes.get(day) ?? {}, drop = wish.drop ?? [];
    return [...this.paid(day).filter((row) => !drop.includes(row.id)), ...(wish.rows ?? [])];
  }
  file(day, mode) {
    const rows = this.rows(day);
    if (mode === 'none' || rows.length === 0) return null;
    const whole = billOf[this.rail]({ day, merchant: this.merchant, rows });
    return mode === 'cutoff' ? whole.subarray(0, whole.length - 40) : whole;
  }
}
// The usual fee, 0.60 %, as 1/1000 fen.
export const usualFee = (fen) => Math.round(fen * 0.006) * 1000;
