/**
 * Code typed against @types/better-sqlite3 compiles against ours: calls as its declarations and its own tests have them.
 * The compiler is the judge (`tsc`); running it shows that nothing throws.
 */
import { expect, test } from 'vitest';
import { SUBJECT } from './testing/contract.ts';

test('function, aggregate, table, loadExtension and unsafeMode take what better-sqlite3 declares', () => {
  const db = new SUBJECT(':memory:');
  const same = [
    db.function('noop', () => {}),
    db.function('noop2', { deterministic: true, varargs: true }, () => {}),
    db.function(
      'add',
      { deterministic: true, safeIntegers: true, directOnly: true, varargs: false },
      (a: number, b: number) => a + b,
    ),
    db.function('any', (...params: unknown[]) => params.length),
    db.aggregate('add_sum', { start: 0, step: (total, next) => total + next }),
    db.aggregate('get_average', {
      start: (): number[] => [],
      step: (array, nextValue: number) => {
        array.push(nextValue);
      },
      result: (array) => array.reduce((sum, value) => sum + value) / array.length,
    }),
    db.aggregate('add_window', {
      start: 0,
      step: (total, next) => total + next,
      inverse: (total, dropped) => total - dropped,
      result: (total) => Math.round(total),
    }),
    db.aggregate<number>('typed', {
      varargs: true,
      deterministic: true,
      start: () => 0,
      step: (total, next: number) => total + next,
    }),
    db.table('files', {
      columns: ['name', 'size'],
      parameters: ['folder'],
      safeIntegers: false,
      directOnly: false,
      *rows(folder: unknown) {
        yield { name: String(folder), size: 1 };
        yield ['other', 2];
      },
    }),
    db.table('sequence', (length: string) => ({
      columns: ['value'],
      *rows() {
        for (let value = 0; value < Number(length); value++) yield [value];
      },
    })),
    db.unsafeMode(),
    db.unsafeMode(false),
  ];
  expect(same.every((database) => database === db)).toBe(true);
  expect(() => db.loadExtension('extension')).toThrow(SUBJECT.SqliteError);
  expect(db.prepare('SELECT add_sum(size), get_average(size) FROM files(?)').raw().get('x')).toStrictEqual([3, 1.5]);
  db.close();
});
