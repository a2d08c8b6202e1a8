// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { isUsualNumber, noteOf, stepsOf } from './invoice';

test('an order without an invoice gets one, an issued one is corrected or reversed, after a reversal there may be another', () => {
  expect([stepsOf('none'), stepsOf('issued'), stepsOf('reversed')]).toEqual([['issue'], ['correct', 'reverse'], ['issue', 'correct']]);
});
test('a correction names what stood there, of the same kind, and why', () => {
  expect(noteOf('correct', { state: 'reversed', number: '1' }, '2', 'typed wrong')).toEqual({ state: 'reversed', number: '2', corrects: '1', reason: 'typed wrong' });
});
test('a step of its own corrects nothing', () => {
  expect(noteOf('reverse', { state: 'issued', number: '1' }, '2', '')).toEqual({ state: 'reversed', number: '2' });
  expect(noteOf('issue', { state: 'reversed', number: '1' }, '2', '')).toEqual({ state: 'issued', number: '2' });
});
test('a number of an unusual length is asked about, none is not', () => {
  expect(['24442000000012345678', '12345678', '', '2444200000001234567', '2444200000001234567O'].map(isUsualNumber)).toEqual([true, true, true, false, false]);
});
