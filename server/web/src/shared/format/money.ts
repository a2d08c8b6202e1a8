// SPDX-License-Identifier: Apache-2.0
// Money is whole fen everywhere; only here does it become text.

export function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : '';
  const digits = String(Math.abs(fen)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${whole}.${digits.slice(-2)}`;
}

// What a person types, "200", "¥1,200.5", as fen; null when it is no amount.
export function fenOf(text: string): number | null {
  const match = /^¥?(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.replace(/[,，\s￥]/g, ''));
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null;
}

const digitWords = '零壹贰叁肆伍陆柒捌玖';
const placeWords = ['', '拾', '佰', '仟'];
const groupWords = ['', '万', '亿', '万亿'];

// Four digits: a zero is said once between digits and not at the end.
function groupWord(group: string): string {
  let words = '';
  let zero = false;
  [...group].forEach((digit, index) => {
    if (digit === '0') {
      zero = true;
      return;
    }
    if (zero && words !== '') words += '零';
    zero = false;
    words += digitWords[Number(digit)] + placeWords[group.length - 1 - index];
  });
  return words;
}

function wholeWords(whole: string): string {
  const padded = whole.padStart(Math.max(1, Math.ceil(whole.length / 4)) * 4, '0');
  const groups = padded.match(/\d{4}/g)!;
  let words = '';
  groups.forEach((group, index) => {
    if (group === '0000') return;
    const before = index > 0 ? groups[index - 1] : '';
    if (words !== '' && (group.startsWith('0') || before === '0000')) words += '零';
    words += groupWord(group) + groupWords[groups.length - 1 - index];
  });
  return words;
}

// 中文大写 as on bills (《支付结算办法》附件一《正确填写票据和结算凭证的基本规定》): 贰佰元整, 壹元零伍分.
export function capitals(fen: number): string {
  const digits = String(fen).padStart(3, '0');
  const whole = wholeWords(digits.slice(0, -2).replace(/^0+/, ''));
  const [jiao, fenDigit] = digits.slice(-2);
  if (fen === 0) return '零元整';
  let words = whole === '' ? '' : `${whole}元`;
  if (jiao === '0' && fenDigit === '0') return `${words}整`;
  if (jiao !== '0') words += `${digitWords[Number(jiao)]}角`;
  else if (whole !== '') words += '零';
  return words + (fenDigit === '0' ? '整' : `${digitWords[Number(fenDigit)]}分`);
}
