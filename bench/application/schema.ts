/**
 * The tables of an application: users with JSON, their posts, tags by m:n, a tree, a key-value store and a log.
 * Rows come from a seed, so that every engine has the same.
 */
import type { Connection } from '../drivers/engine.ts';
import { Random } from '../random.ts';
import { inTransaction } from '../workload.ts';

const SCHEMA = `
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, created TEXT, meta TEXT, score REAL);
CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, author_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  title TEXT NOT NULL, body TEXT, published INTEGER NOT NULL DEFAULT 0, created TEXT);
CREATE INDEX posts_author ON posts (author_id, created);
CREATE INDEX posts_published ON posts (published) WHERE published = 1;
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE);
CREATE TABLE post_tags (post_id INTEGER, tag_id INTEGER, PRIMARY KEY (post_id, tag_id)) WITHOUT ROWID;
CREATE INDEX post_tags_tag ON post_tags (tag_id);
CREATE TABLE tree (id INTEGER PRIMARY KEY, parent INTEGER, name TEXT);
CREATE INDEX tree_parent ON tree (parent);
CREATE TABLE kv (k TEXT PRIMARY KEY, v BLOB) WITHOUT ROWID;
CREATE TABLE log (id INTEGER PRIMARY KEY, at INTEGER, level TEXT, msg TEXT);
CREATE INDEX log_at ON log (at);
`;

const USERS = 10_000;
const POSTS = 50_000;
const TAGS = 200;
const POST_TAGS = 120_000;
const NODES = 20_000;
const ENTRIES = 20_000;
const EVENTS = 100_000;
const SUBJECTS = ['cats', 'dogs', 'rust', 'sql'];
const LEVELS = ['info', 'warn', 'error'];

export function buildApplication(db: Connection): void {
  const random = new Random(5);
  const day = () => `2024-0${1 + random.next(9)}-1${random.next(10)}`;
  const fill = (table: string, columns: number, count: number, row: (id: number) => (number | string | Uint8Array | null)[]) => {
    const insert = db.prepare(`INSERT OR IGNORE INTO ${table} VALUES (?${', ?'.repeat(columns - 1)})`);
    for (let id = 1; id <= count; id++) insert.run(...row(id));
  };
  db.exec(SCHEMA);
  inTransaction(db, () => {
    fill('users', 6, USERS, (id) => [
      id,
      `user${id}@example.org`,
      `Name ${random.next(3000)}`,
      `${day()} 10:00:00`,
      JSON.stringify({
        age: random.next(90),
        tags: [`a${random.next(5)}`, `b${random.next(9)}`],
        addr: { city: `City${random.next(50)}`, zip: random.next(99_999) },
      }),
      random.next(100_000) / 7,
    ]);
    fill('posts', 6, POSTS, (id) => [
      id,
      1 + random.next(USERS),
      `Title ${random.next(20_000)} about ${SUBJECTS[random.next(SUBJECTS.length)]}`,
      'lorem ipsum '.repeat(1 + random.next(20)),
      random.next(2),
      `${day()}T0${random.next(9)}:00:00Z`,
    ]);
    fill('tags', 2, TAGS, (id) => [id, `Tag${id}`]);
    fill('post_tags', 2, POST_TAGS, () => [1 + random.next(POSTS), 1 + random.next(TAGS)]);
    fill('tree', 3, NODES, (id) => [id, id === 1 ? null : 1 + random.next(id - 1), `n${id}`]);
    fill('kv', 2, ENTRIES, (id) => [`key:${random.next(1_000_000)}`, new Uint8Array(20 + random.next(200)).fill(id)]);
    fill('log', 4, EVENTS, (id) => [
      id,
      1_700_000_000 + id * 7,
      LEVELS[random.next(LEVELS.length)] as string,
      `message ${random.next(1000)}`,
    ]);
  });
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
