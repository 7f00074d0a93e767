/** A fixed slice of the campaign about foreign keys, and the proof that it can fail. */
import { expect, test } from 'vitest';
import { type Connection, type Engine, loadEngine, type PreparedStatement } from '../engine.ts';
import { runForeignKeyEpisode } from './foreign-keys-run.ts';

const SLICE_SEED = 1000;
const SLICE_EPISODES = 20;

const reference = await loadEngine('better-sqlite3');
const pluresdb = await loadEngine('pluresdb');

/** better-sqlite3 that takes one action for another. */
const faulty: Engine = {
  name: 'better-sqlite3',
  open(path) {
    const db = reference.open(path);
    return new Proxy(db, {
      get(target, name) {
        if (name === 'prepare')
          return (sql: string): PreparedStatement => target.prepare(sql.replace('ON DELETE CASCADE', 'ON DELETE SET NULL'));
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }) as Connection;
  },
};

test('random schemas full of foreign keys answer as in SQLite', () => {
  for (let seed = SLICE_SEED; seed < SLICE_SEED + SLICE_EPISODES; seed++)
    expect(runForeignKeyEpisode(reference, pluresdb, seed).found).toBeUndefined();
});

test('an action that does something else is found', () => {
  let script: readonly string[] = [];
  for (let seed = 0; script.length === 0 && seed < 200; seed++) {
    const { found } = runForeignKeyEpisode(reference, faulty, seed);
    // That `foreign_key_list` lists another action is no proof: the statements must behave otherwise.
    if (found !== undefined && !found.script.some((sql) => sql.includes('foreign_key_list'))) script = found.script;
  }
  expect(script.length).toBeGreaterThan(0);
});
