// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { labelled, steps } from './chart';

describe('the steps of an axis', () => {
  it('are round and reach beyond what is shown', () => {
    expect(steps(74000)).toEqual([0, 20000, 40000, 60000, 80000]);
    expect(steps(3)).toEqual([0, 1, 2, 3]);
    expect(steps(100)).toEqual([0, 25, 50, 75, 100]);
  });
  it('are there for nothing as well', () => expect(steps(0)).toEqual([0, 1]));
  it('labels that have no room are left out', () => {
    expect([0, 1, 2, 3, 4, 5].filter((index) => labelled(index, 6, 200))).toEqual([0, 2, 4]);
    expect([0, 1].filter((index) => labelled(index, 2, 600))).toEqual([0, 1]);
  });
});
