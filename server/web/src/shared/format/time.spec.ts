// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { countdown, date, dateTime } from './time';

test('a time is shown in Beijing time', () => expect(dateTime('2017-09-21T06:49:48Z')).toBe('2017-09-21 14:49:48'));
test('the hour after midnight is 00', () => expect(dateTime('2026-03-01T00:05:09+08:00')).toBe('2026-03-01 00:05:09'));
test('a date is the Beijing day', () => expect(date('2026-12-31T16:00:00Z')).toBe('2027-01-01'));
test('what is left is minutes and seconds', () => expect(countdown(245.9)).toBe('4:05'));
test('less than nothing is nothing', () => expect(countdown(-3)).toBe('0:00'));
