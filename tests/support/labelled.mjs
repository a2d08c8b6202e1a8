// SPDX-License-Identifier: Apache-2.0
// A labelled set for automatic matching: orders, declared transfers, and statement lines with the noise of real ones, of which
// each is known whose money it is. The same seed gives the same set. CSV for \copy, one row per order, declaration or line:
//   node labelled.mjs <lines> [<seed>]
// kind,id,payer,months,day,fen,account,name,remark,truth,class — remark: {o:7} stands for the number of order 7, {r:7} for its
// renewal's, with a way of writing it behind ({o:7:spaces}); truth: the orders that this line may rightly pay, any one of them
// where alike=… in class.
const [lines = 400, seed = 20170921] = process.argv.slice(2).map(Number);
let state = seed >>> 0;
const random = () => { // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (p) => random() < p;
const shuffled = (list) => list.map((it) => [random(), it]).sort((a, b) => a[0] - b[0]).map(([, it]) => it);

const cities = ['广州市', '深圳市', '佛山市', '珠海市', '东莞市', '惠州市', '中山市', '江门市', '湛江市', '肇庆市', '汕头市', '梅州市'];
const words = ['康', '健', '民', '华', '泰', '安', '瑞', '和', '诚', '达', '盛', '源', '宏', '信', '益', '德', '博', '润', '中', '新', '广', '仁', '济', '海', '天', '金', '鑫', '恒', '丰', '通'];
const trades = ['医药', '医疗器械', '药业', '生物科技', '贸易', '商贸', '医药连锁', '健康科技'];
const forms = ['有限公司', '有限责任公司', '股份有限公司', '（广东）有限公司', '(中国)有限公司', '有限公司广州分公司'];
const surnames = [...'王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗'], given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平'];
const price = { 12: 10000, 24: 20000, 36: 28000, 48: 36000, 60: 45000 };
const terms = Object.keys(price).map(Number);

const names = new Set();
function company() {
  for (;;) {
    const name = pick(cities) + pick(words) + pick(words) + pick(words) + pick(trades) + pick(forms);
    if (!names.has(name)) return names.add(name), name;
  }
}
const person = () => pick(surnames) + pick(given) + (chance(0.5) ? pick(given) : '');
const digits = (n) => Array.from({ length: n }, () => below(10)).join('');
const account = () => (chance(0.5) ? '6222' : '4405') + digits(pick([12, 15]));
const wide = (text) => [...text].map((c) => (c >= '!' && c <= '~' ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c)).join('');
const mask = (number) => `${number.slice(0, 4)}${'*'.repeat(pick([4, 8, number.length - 8]))}${number.slice(-4)}`;
// How banks write the very same name.
const variant = (name) => pick([
  (it) => it, (it) => it, (it) => it, (it) => it.replaceAll('（', '(').replaceAll('）', ')'), (it) => it.replaceAll('(', '（').replaceAll(')', '）'),
  (it) => wide(it), (it) => ` ${it} `, (it) => `${it.slice(0, 5)} ${it.slice(5)}`, (it) => it.replace(/[（(]/, '〔').replace(/[）)]/, '〕'),
])(name);
const chatter = ['', '', '证书续期', 'CA续费', '数字证书服务费', '货款', '服务费', '续费款', 'CA证书年费', '电子证书', '转账', '往来款', '年审2026', '电话13812345678'];
const around = (text) => pick([(it) => it, (it) => `订单${it}`, (it) => `订单编号：${it}`, (it) => `${it} 证书续期`, (it) => `付${it}费用`, (it) => `（${it}）`, (it) => `CA续期,${it},谢谢`])(text);
const ways = ['plain', 'plain', 'spaces', 'wide', 'hyphens', 'mixed'];

const rows = [];
let orders = 0, made = 0;
const order = (payer, months = pick(terms)) => (rows.push({ kind: 'order', id: ++orders, payer, months }), { id: orders, fen: price[months] });
const line = (it) => (rows.push({ kind: 'line', id: ++made, day: below(6), ...it }), made);

const kinds = {
  one(n) { // one order, one line, nothing but the name
    const name = company(), it = order(name);
    line({ fen: it.fen, account: chance(0.2) ? mask(account()) : chance(0.1) ? '' : account(), name: variant(name), remark: pick(chatter), truth: [it.id], class: 'name' });
  },
  number() {
    const name = company(), it = order(name), other = chance(0.3);
    line({ fen: it.fen, account: account(), name: other ? (chance(0.5) ? company() : person()) : variant(name),
      remark: around(`{${pick(['o', 'o', 'r'])}:${it.id}:${pick(ways)}}`), truth: [it.id], class: other ? 'number, another pays' : 'number' });
  },
  numbers() { // several numbers in one remark
    const name = company(), list = Array.from({ length: 2 + below(2) }, () => order(name));
    line({ fen: list.reduce((sum, it) => sum + it.fen, 0), account: account(), name: chance(0.3) ? company() : variant(name),
      remark: list.map((it) => `{${pick(['o', 'r'])}:${it.id}:plain}`).join(pick(['、', ',', ' ', '/'])), truth: list.map((it) => it.id), class: 'numbers' });
  },
  slip() { // of several orders that cost the same only the number tells
    const name = company(), months = pick(terms), list = [order(name, months), order(name, months), order(name, months)], it = pick(list);
    line({ fen: it.fen, account: account(), name: variant(name), remark: around(`{o:${it.id}:slip}`), truth: [it.id], class: 'slip' });
  },
  merged() {
    const name = company(), list = shuffled(terms).slice(0, 2 + below(2)).map((months) => order(name, months));
    line({ fen: list.reduce((sum, it) => sum + it.fen, 0), account: account(), name: variant(name), remark: pick(chatter), truth: list.map((it) => it.id), class: 'merged' });
  },
  split() {
    const name = company(), it = order(name), first = 100 * (1 + below(it.fen / 100 - 1)), from = account();
    for (const fen of [first, it.fen - first]) line({ fen, account: from, name: variant(name), remark: pick(chatter), truth: [it.id], class: 'split' });
  },
  alike() {
    const name = company(), months = pick(terms), list = Array.from({ length: 2 + below(3) }, () => order(name, months));
    for (const it of list) line({ fen: it.fen, account: account(), name: variant(name), remark: pick(chatter), truth: list.map((one) => one.id), class: 'alike=1' });
  },
  declared() { // a person, whose name is not enough; his own word came before
    const name = person(), it = order(`person:${name}`), from = account();
    rows.push({ kind: 'declared', id: it.id, fen: it.fen, day: 3, account: from, name });
    line({ day: 1 + below(5), fen: it.fen, account: chance(0.4) ? mask(from) : from, name: chance(0.3) ? `${name[0]}${'*'.repeat(name.length - 1)}` : name, remark: pick(chatter), truth: [it.id], class: 'declared' });
  },
  // -- true, and not to be known ------------------------------------------------------------------------------------------
  unknowable() {
    const name = company(), months = pick(terms), list = [order(name, months), order(name, months)];
    line({ fen: list[0].fen, account: account(), name: variant(name), remark: pick(chatter), truth: [list[0].id], class: 'one of two alike' });
  },
  // -- nobody's: whatever is matched is wrong -----------------------------------------------------------------------------
  stranger() { line({ fen: pick(Object.values(price)), account: account(), name: company(), remark: pick(chatter), truth: [], class: 'stranger' }); },
  namesake() {
    const name = person(), it = order(`person:${name}`);
    line({ fen: it.fen, account: account(), name, remark: pick(chatter), truth: [], class: 'namesake' });
  },
  cousin() { // nearly the same name
    const name = company(), it = order(name);
    line({ fen: it.fen, account: account(), name: variant(name.replace(/有限公司|有限责任公司|股份有限公司/, (form) => (form === '有限公司' ? '有限责任公司' : '有限公司'))), remark: pick(chatter), truth: [], class: 'cousin' });
  },
  elsewhere() { // the payer's, for something else
    const name = company(), it = order(name);
    line({ fen: it.fen + 100 * (1 + below(50)), account: account(), name: variant(name), remark: '打印机租金', truth: [], class: 'another amount' });
  },
  contract() {
    const name = company(), it = order(name);
    line({ fen: it.fen, account: account(), name: variant(name), remark: `合同款 HT2026${digits(10)}`, truth: [], class: 'contract' });
  },
  early() {
    const name = company(), it = order(name);
    line({ day: -5 - below(20), fen: it.fen, account: account(), name: variant(name), remark: pick(chatter), truth: [], class: 'before the order' });
  },
  foreign() { // another's number that leads nowhere
    const name = company(), it = order(name);
    line({ fen: it.fen, account: account(), name: company(), remark: `流水${digits(26)}`, truth: [], class: 'a number of somebody else' });
  },
};
const shares = { one: 34, number: 20, numbers: 3, slip: 4, merged: 7, split: 4, alike: 3, declared: 6, unknowable: 1, stranger: 5, namesake: 3, cousin: 3, elsewhere: 2, contract: 2, early: 2, foreign: 1 };
const bag = Object.entries(shares).flatMap(([kind, share]) => Array(share).fill(kind));
while (made < lines) kinds[pick(bag)]();

const cell = (value) => `"${String(value ?? '').replaceAll('"', '""')}"`;
const columns = ['kind', 'id', 'payer', 'months', 'day', 'fen', 'account', 'name', 'remark', 'truth', 'class'];
for (const row of rows) console.log(columns.map((name) => cell(name === 'truth' ? `{${(row.truth ?? []).join(',')}}` : row[name] ?? (['months', 'day', 'fen'].includes(name) ? 0 : ''))).join(','));
