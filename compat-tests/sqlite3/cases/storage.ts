/** An editor's storage: one file that is copied, renamed, damaged and restored between opens. */
import { copyFileSync, existsSync, readdirSync, renameSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract } from '../case.ts';
import { Storage } from '../storage.ts';

const entries = (count: number, text: string) =>
  new Map(Array.from({ length: count }, (_, at) => [`key ${at}`, `${text} ${at} ${'x'.repeat(at % 50)}`]));

/** What is in a storage, as it is told apart by its size and by some of its entries. */
async function contents(storage: Storage): Promise<unknown> {
  const items = await storage.items();
  return [items.size, items.get('key 0'), items.get('key 1'), items.get('key 299'), items.get('ünïcode 😀')];
}

contract('storage', async ({ sqlite3, folder, note }) => {
  const path = join(folder, 'state.vscdb');
  const storage = new Storage(sqlite3, path);
  await storage.connect();
  note('is empty', await contents(storage));
  await storage.update(entries(300, 'first'));
  note('holds what was put in', await contents(storage));
  await storage.update(
    new Map([
      ['key 1', 'replaced'],
      ['ünïcode 😀', '{"json": true}'],
    ]),
    ['key 0', 'no such key'],
  );
  note('holds what was changed', await contents(storage));
  await storage.update(
    new Map(),
    Array.from({ length: 600 }, (_, at) => `key ${at + 100}`),
  );
  note('lost what was deleted', await contents(storage));
  note('quick check', await storage.checkIntegrity(false));
  note('full check', await storage.checkIntegrity(true));
  await storage.optimize();
  note('is optimized', await contents(storage));
  await storage.close();
  note('log', storage.log);
  note('is a file', [statSync(path).isFile(), statSync(storage.backupPath).isFile()]);
  note('files', readdirSync(folder).sort());
});

contract('storage opened again', async ({ sqlite3, folder, note }) => {
  const path = join(folder, 'state.vscdb');
  const first = new Storage(sqlite3, path);
  await first.connect();
  await first.update(entries(10, 'kept'));
  await first.close();
  for (const round of [1, 2, 3]) {
    const storage = new Storage(sqlite3, path);
    await storage.connect();
    note(`round ${round}`, await contents(storage));
    await storage.update(new Map([['key 1', `round ${round}`]]));
    await storage.close();
    note(`log ${round}`, storage.log);
  }
});

contract('storage whose file was moved', async ({ sqlite3, folder, note }) => {
  const path = join(folder, 'state.vscdb');
  const first = new Storage(sqlite3, path);
  await first.connect();
  await first.update(entries(10, 'moved'));
  await first.close();
  const elsewhere = join(folder, 'elsewhere.vscdb');
  renameSync(path, elsewhere);
  const moved = new Storage(sqlite3, elsewhere);
  await moved.connect();
  note('is whole', await contents(moved));
  await moved.close();
  copyFileSync(elsewhere, join(folder, 'copy.vscdb'));
  const copied = new Storage(sqlite3, join(folder, 'copy.vscdb'));
  await copied.connect();
  await copied.update(new Map([['key 0', 'of the copy']]));
  note('the copy', await contents(copied));
  await copied.close();
  const again = new Storage(sqlite3, elsewhere);
  await again.connect();
  note('the other is as it was', await contents(again));
  await again.close();
  const anew = new Storage(sqlite3, path);
  await anew.connect();
  note('where it was there is none', await contents(anew));
  await anew.close();
});

contract('storage whose file is broken', async ({ sqlite3, folder, note }) => {
  const path = join(folder, 'state.vscdb');
  const first = new Storage(sqlite3, path);
  await first.connect();
  await first.update(entries(10, 'backed up'));
  await first.close();
  writeFileSync(path, 'This is no database, but a text that somebody put in its place. '.repeat(100));
  const restored = new Storage(sqlite3, path);
  await restored.connect();
  note('comes from the backup', await contents(restored));
  note('log', restored.log);
  await restored.close();
  note('has a backup again', existsSync(restored.backupPath));
  unlinkSync(restored.backupPath);
  writeFileSync(path, 'text again '.repeat(1000));
  const lost = new Storage(sqlite3, path);
  await lost.connect();
  note('without a backup it is in memory', await contents(lost));
  note('log without a backup', lost.log);
});

contract('storage whose file is empty or gone', async ({ sqlite3, folder, note }) => {
  const path = join(folder, 'state.vscdb');
  writeFileSync(path, '');
  const empty = new Storage(sqlite3, path);
  await empty.connect();
  note('an empty file', await contents(empty));
  await empty.update(entries(3, 'x'));
  await empty.close();
  unlinkSync(path);
  const gone = new Storage(sqlite3, path);
  await gone.connect();
  note('a file that is gone', await contents(gone));
  await gone.close();
  truncateSync(path, 0);
  const cut = new Storage(sqlite3, path);
  await cut.connect();
  note('a file that was cut', await contents(cut));
  note('log', cut.log);
  await cut.close();
  const nowhere = new Storage(sqlite3, join(folder, 'none', 'state.vscdb'));
  await nowhere.connect();
  note('no folder', [await contents(nowhere), nowhere.log]);
});
