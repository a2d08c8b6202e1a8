// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { allocate } from './allocate';

const line = (id: number, free_fen: number) => ({ id, free_fen });
const order = (no: string, owed_fen: number) => ({ no, owed_fen });

describe('allocate', () => {
  test('one line pays one order', () => {
    expect(allocate([line(1, 100)], [order('A', 100)], 'line')).toEqual([{ line_id: 1, order_no: 'A', amount_fen: 100 }]);
  });
  test('one line pays several orders in turn', () => {
    expect(allocate([line(1, 300)], [order('A', 100), order('B', 200)], 'line')).toEqual([
      { line_id: 1, order_no: 'A', amount_fen: 100 }, { line_id: 1, order_no: 'B', amount_fen: 200 }]);
  });
  test('several lines pay one order', () => {
    expect(allocate([line(1, 60), line(2, 40)], [order('A', 100)], 'line')).toEqual([
      { line_id: 1, order_no: 'A', amount_fen: 60 }, { line_id: 2, order_no: 'A', amount_fen: 40 }]);
  });
  test('what is too much stays on its line', () => {
    expect(allocate([line(1, 150)], [order('A', 100)], 'line')).toEqual([{ line_id: 1, order_no: 'A', amount_fen: 100 }]);
  });
  test('what is too much becomes the credit of the last payer, in the same request', () => {
    expect(allocate([line(1, 150)], [order('A', 100)], 'credit')).toEqual([{ line_id: 1, order_no: 'A', amount_fen: 150 }]);
  });
  test('a whole line beyond the orders becomes credit of its own', () => {
    expect(allocate([line(1, 100), line(2, 30)], [order('A', 100)], 'credit')).toEqual([
      { line_id: 1, order_no: 'A', amount_fen: 100 }, { line_id: 2, order_no: 'A', amount_fen: 30 }]);
  });
  test('too little pays a part', () => {
    expect(allocate([line(1, 40)], [order('A', 100)], 'line')).toEqual([{ line_id: 1, order_no: 'A', amount_fen: 40 }]);
  });
  test('an order that owes nothing is passed over', () => {
    expect(allocate([line(1, 50)], [order('A', 0), order('B', 50)], 'line')).toEqual([{ line_id: 1, order_no: 'B', amount_fen: 50 }]);
  });
  test('without orders nothing is matched', () => {
    expect(allocate([line(1, 50)], [], 'credit')).toEqual([]);
  });
});
