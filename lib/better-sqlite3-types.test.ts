/**
 * Code typed against @types/better-sqlite3 compiles against ours: calls as its declarations and its own tests have them.
 * The compiler is the judge (`tsc`); running it shows that nothing throws.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** What the compiler says of `typed-code.ts` when it imports `driver`. */
function complaints(driver: string, spoil = (text: string): string => text): string {
  const root = join(import.meta.dirname, '..');
  const folder = mkdtempSync(join(import.meta.dirname, 'testing', 'typed-'));
  try {
    const text = readFileSync(join(import.meta.dirname, 'testing', 'typed-code.ts'), 'utf8');
    writeFileSync(join(folder, 'typed-code.ts'), spoil(text).replace("'better-sqlite3'", `'${driver}'`));
    const settings = { extends: '../../../tsconfig.json', include: [], files: ['typed-code.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    return spawnSync(tsc, ['-p', folder], { cwd: root, encoding: 'utf8' }).stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each(['better-sqlite3', 'pluresdb', 'pluresdb/better-sqlite3'])(
  'code typed against @types/better-sqlite3 compiles with %s',
  (driver) => {
    expect(complaints(driver)).toBe('');
  },
);

test('the types say no to what is wrong', () => {
  expect(complaints('pluresdb', (text) => text.replace('get({ name })', 'get({ name: 5 })'))).toContain('error TS');
  expect(complaints('pluresdb', (text) => text.replace('timeout: 1000', "timeout: 'long'"))).toContain('error TS');
});
