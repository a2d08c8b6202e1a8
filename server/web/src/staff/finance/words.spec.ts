// SPDX-License-Identifier: Apache-2.0
// A word of the server's that the finance desk shows is never shown as it came.
// @ts-expect-error: the pages know no types of Node.js
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { changeText } from '@/shared/components/change';
import { setLanguage } from '@/shared/i18n';
import { w } from '../words';
import { k } from './books';
import { d, lastWord } from './daily';
import { f } from './words';

const file = (path: string): string => readFileSync(`../../${path}`, 'utf8');
const description = file('docs/openapi.yaml');
// The values of a property in one of the description's schemas, or the schema's own.
function valuesOf(schema: string, property?: string): string[] {
  const block = description.match(new RegExp(`^    ${schema}:[^]*?(?=^    \\w+:)`, 'm'))?.[0] ?? '';
  const line = property ? block.split('\n').find((text) => text.trim().startsWith(`${property}:`)) : block;
  const values = line?.match(/enum: \[([^\]]+)\]/)?.[1].split(', ').filter((value) => value !== 'null') ?? [];
  expect(values.length, `${schema}.${property ?? ''}`).toBeGreaterThan(1);
  return values;
}
const found = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map((match) => match[1]!))];

type Said = (value: string) => string;
const cases: [string, () => string[], Said][] = [
  ['a file\'s format', () => [...(readdirSync('../../config/banks') as string[]).filter((name) => name.endsWith('.yaml')).map((name) => name.replace('.yaml', '')),
    ...found(file('server/statement/camt.c') + file('server/statement/mt940.c'), /->format = "([^"]+)"/g)], (value) => f.of('format', value)],
  ['a gateway\'s answer', () => found(file('server/remote/gateway.c') + file('server/jobs/refund.c'), /\[(?:GATEWAY|REFUND)_\w+\] = "(\w+)"/g), lastWord],
  ['what differs', () => valuesOf('DifferenceClass'), (value) => d.of('class', value)],
  ['its object', () => valuesOf('Difference', 'kind'), (value) => d.of('object', value)],
  ['its state', () => valuesOf('Difference', 'state'), (value) => d.of('state', value)],
  ['what happens to it', () => valuesOf('Difference', 'action'), (value) => d.of('action', value)],
  ['its rail', () => found(description, /rail: \{ type: string, enum: \[(alipay)/g).concat('unionpay', 'wechat'), (value) => w.of('rail', value)],
  ['a statement\'s source', () => valuesOf('StatementImport', 'source'), (value) => f.of('source', value)],
  ['a line\'s direction', () => valuesOf('StatementLine', 'direction'), (value) => f.of('direction', value)],
  ['a line\'s kind', () => valuesOf('StatementLine', 'kind'), (value) => f.of('kind', value)],
  ['a payout\'s purpose', () => valuesOf('Payout', 'purpose'), (value) => k.of('purpose', value)],
  ['a payout\'s state', () => valuesOf('Payout', 'state'), (value) => k.of('pstate', value)],
  ['what comes next for it', () => valuesOf('Payout', 'next').filter((value) => value !== 'none'), (value) => k.of('next', value)],
  ['a refund\'s state', () => valuesOf('RefundPage', 'state'), (value) => d.of('rstate', value)],
  ['a refund\'s cause', () => valuesOf('RefundPage', 'cause'), (value) => d.of('cause', value)],
  ['what somebody else did', () => found(file('tests/sql/late_writes.sql'), /: (?:[A-Z]{3}|the server) ([\w.]+)(?=[',])/g), changeText],
  ['a step of the review desk', () => valuesOf('DeskStep'), changeText],
];

describe('every word of the server\'s has ours', () => {
  afterEach(() => setLanguage('zh'));
  for (const [what, values, said] of cases)
    it(what, async () => {
      const known = values();
      expect(known.length).toBeGreaterThan(0);
      for (const language of ['zh', 'en'] as const) {
        await setLanguage(language);
        for (const value of known) expect(said(value), `${value} in ${language}`).not.toBe(value);
      }
    });
  it('what the gateway itself said stands behind our word for it', () => {
    expect([lastWord('no_answer'), lastWord('refused ACQ.NOT_ENOUGH'), lastWord('two people'), lastWord(null)]).toEqual(['没有答复', '渠道拒绝 ACQ.NOT_ENOUGH', '两人认定', '']);
  });
});
