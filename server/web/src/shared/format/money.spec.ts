// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { capitals, fenOf, yuan } from './money';

test.each([[0, '0.00'], [1, '0.01'], [20000, '200.00'], [123456789, '1,234,567.89'], [-5, '-0.05'], [100000000, '1,000,000.00']])(
  '%i fen is %s yuan', (fen, text) => expect(yuan(fen)).toBe(text));

test.each([
  [0, '零元整'], [1, '壹分'], [10, '壹角整'], [11, '壹角壹分'], [105, '壹元零伍分'], [150, '壹元伍角整'], [20000, '贰佰元整'],
  [101000, '壹仟零壹拾元整'], [100100, '壹仟零壹元整'], [10000000, '壹拾万元整'], [10000100, '壹拾万零壹元整'],
  [1001000000, '壹仟零壹万元整'], [10000000000, '壹亿元整'], [10000000001, '壹亿元零壹分'], [10000100000, '壹亿零壹仟元整'],
  [168032, '壹仟陆佰捌拾元叁角贰分'],
])('%i fen in capitals is %s', (fen, text) => expect(capitals(fen)).toBe(text));

test.each([['200', 20000], ['200.5', 20050], ['¥1,200.05', 120005], [' 0.01 ', 1]])('"%s" is %i fen', (text, fen) => expect(fenOf(text)).toBe(fen));
test.each(['', '1e3', '--5', '1.234', '-1', '１', 'abc'])('"%s" is no amount', (text) => expect(fenOf(text)).toBeNull());
