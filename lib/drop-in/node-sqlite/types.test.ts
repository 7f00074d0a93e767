/**
 * Code typed against `@types/node`'s `node:sqlite` compiles against ours, and runs. The same source is compiled twice: as it
 * stands, against the original's types, and with ours in the place of the import.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const testing = join(import.meta.dirname, '..', '..', 'testing');
const root = join(testing, '..', '..');
const source = readFileSync(join(testing, 'node-sqlite-typed-code.ts'), 'utf8').replace(
  "'node:sqlite'",
  "'pluresdb/node-sqlite'",
);

test('code typed against node:sqlite compiles against ours', () => {
  const folder = mkdtempSync(join(testing, 'typed-'));
  try {
    writeFileSync(join(folder, 'code.ts'), source);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['code.ts'] }));
    const program = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'tsc.cmd' : 'tsc');
    const { stdout, status } = spawnSync(program, ['-p', folder], { encoding: 'utf8' });
    expect([stdout, status]).toStrictEqual(['', 0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('and it runs', async () => {
  const folder = mkdtempSync(join(testing, 'typed-'));
  try {
    const file = join(folder, 'code.ts');
    writeFileSync(file, source.replace("'pluresdb/node-sqlite'", JSON.stringify(join(root, 'dist', 'node-sqlite.js'))));
    const { Notes } = (await import(file)) as typeof import('../../testing/node-sqlite-typed-code.ts');
    const notes = new Notes(':memory:');
    expect(notes.add('first')).toBe(1n);
    expect(notes.find(1)).toStrictEqual({ id: 1, text: 'first' });
    expect(notes.texts().slice(0, 2)).toStrictEqual(['first', 'first']);
    notes.define();
    notes.guard();
    expect(notes.changes().length).toBeGreaterThan(0);
    expect(await notes.save(join(folder, 'copy'))).toBeGreaterThan(0);
    expect(notes.close()).toBe('true,false,false,');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
