/** What counts as a loss; the counting itself is a check of `npm test`. */
import { expect, test } from 'vitest';
import { losses } from './main.ts';

test('a case loses when it takes over a tenth more', () => {
  expect(losses({ a: 100, b: 100 }, { a: 110, b: 90 })).toEqual([]);
  expect(losses({ a: 100 }, { a: 111 })).toEqual(['a: 1.11 times as many']);
});

test('a case that is in one of them only is told', () => {
  expect(losses({ a: 1 }, { b: 1 })).toEqual(['a: not counted', 'b: not saved']);
});
