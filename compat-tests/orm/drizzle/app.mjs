/** A blog over Drizzle: its migrator, relations, prepared statements, upserts, batches and transactions. */
import Database from 'better-sqlite3';
import {
  and,
  asc,
  avg,
  between,
  count,
  desc,
  eq,
  exists,
  gt,
  inArray,
  isNull,
  like,
  max,
  or,
  relations,
  sql,
  sum,
} from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import {
  alias,
  blob,
  foreignKey,
  index,
  integer,
  numeric,
  primaryKey,
  real,
  sqliteTable,
  sqliteView,
  text,
  unionAll,
} from 'drizzle-orm/sqlite-core';
import { runApp } from './harness.mjs';

const users = sqliteTable('users', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  name: text('name').notNull(),
  email: text('email').unique(),
  verified: integer('verified', { mode: 'boolean' }).notNull().default(false),
  settings: text('settings', { mode: 'json' }),
  created: integer('created', { mode: 'timestamp' }).notNull().default(sql`0`),
  balance: numeric('balance'),
  picture: blob('picture', { mode: 'buffer' }),
});
const posts = sqliteTable(
  'posts',
  {
    id: integer('id').primaryKey(),
    author: integer('author').notNull(),
    title: text('title').notNull(),
    words: integer('words').default(0),
    rating: real('rating').default(1.5),
  },
  (table) => [
    foreignKey({ columns: [table.author], foreignColumns: [users.id] }),
    index('posts_by_title').on(table.title, table.words),
  ],
);
const tags = sqliteTable(
  'tags',
  {
    post: integer('post').notNull(),
    tag: text('tag').notNull(),
  },
  (table) => [primaryKey({ columns: [table.post, table.tag] })],
);
const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
const postsRelations = relations(posts, ({ one, many }) => ({
  writer: one(users, { fields: [posts.author], references: [users.id] }),
  tags: many(tags),
}));
const tagsRelations = relations(tags, ({ one }) => ({ of: one(posts, { fields: [tags.post], references: [posts.id] }) }));
const schema = { users, posts, tags, usersRelations, postsRelations, tagsRelations };

await runApp(async ({ file, note, noteError }) => {
  const queries = [];
  const client = new Database(file);
  const db = drizzle(client, { schema, logger: { logQuery: (query) => queries.push(query) } });
  migrate(db, { migrationsFolder: './migrations' });
  migrate(db, { migrationsFolder: './migrations' });
  note('migrations', db.all(sql`SELECT hash, created_at FROM __drizzle_migrations`));

  note(
    'insert',
    await db.insert(users).values(
      Array.from({ length: 30 }, (_, at) => ({
        name: `User ${at}`,
        email: `u${at}@example.org`,
        verified: at % 2 === 0,
        settings: { theme: ['dark', 'light'][at % 2], sizes: [at, at + 1] },
        created: new Date(1_700_000_000_000 + at * 1000),
        balance: `${at}.50`,
        picture: at % 5 === 0 ? Buffer.from([at, 0, 255]) : null,
      })),
    ),
  );
  note('returning', await db.insert(users).values({ name: 'Nil' }).returning());
  await db.insert(posts).values(
    Array.from({ length: 80 }, (_, at) => ({
      author: (at % 10) + 1,
      title: `Post ${at % 37}`,
      words: (at * 13) % 101,
      rating: at / 8,
    })),
  );
  await db
    .insert(tags)
    .values(
      Array.from({ length: 80 }, (_, at) => ['x', 'y', 'z'].slice(0, (at % 3) + 1).map((tag) => ({ post: at + 1, tag }))).flat(),
    );
  await noteError('unique', () => db.insert(users).values({ name: 'Twin', email: 'u1@example.org' }));
  await noteError('not null', () => db.insert(users).values({ name: null }));
  await noteError('foreign key', () => db.insert(posts).values({ author: 500, title: 'Lost' }));
  await noteError('primary key', () => db.insert(tags).values({ post: 1, tag: 'x' }));
  note('do nothing', await db.insert(users).values({ name: 'Twin', email: 'u1@example.org' }).onConflictDoNothing());
  note(
    'do update',
    await db
      .insert(users)
      .values({ name: 'Twin', email: 'u1@example.org' })
      .onConflictDoUpdate({ target: users.email, set: { name: sql`excluded.name || '!'` } })
      .returning({ id: users.id, name: users.name }),
  );

  note(
    'select',
    await db
      .select()
      .from(users)
      .where(inArray(users.id, [1, 2, 6]))
      .orderBy(users.id),
  );
  for (const page of [0, 3])
    note(
      `page ${page}`,
      await db
        .select({ id: posts.id, title: posts.title })
        .from(posts)
        .orderBy(asc(posts.title), desc(posts.id))
        .limit(8)
        .offset(page * 8),
    );
  note(
    'join',
    await db.select().from(posts).innerJoin(users, eq(users.id, posts.author)).where(gt(posts.rating, 9.5)).orderBy(posts.id),
  );
  note(
    'left join',
    await db
      .select({ name: users.name, title: posts.title })
      .from(users)
      .leftJoin(posts, eq(users.id, posts.author))
      .where(between(users.id, 9, 13))
      .orderBy(users.id, posts.id)
      .limit(12),
  );
  const other = alias(users, 'other');
  note(
    'self join',
    await db
      .select({ a: users.id, b: other.id })
      .from(users)
      .innerJoin(other, eq(sql`${users.id} + 1`, other.id))
      .limit(3)
      .orderBy(users.id),
  );
  note(
    'aggregates',
    await db
      .select({ author: posts.author, n: count(), words: sum(posts.words), mean: avg(posts.rating), most: max(posts.words) })
      .from(posts)
      .groupBy(posts.author)
      .having(({ n }) => gt(n, 7))
      .orderBy(posts.author),
  );
  note(
    'subquery',
    await db
      .select({ id: users.id })
      .from(users)
      .where(
        exists(
          db
            .select({ one: sql`1` })
            .from(posts)
            .where(and(eq(posts.author, users.id), gt(posts.words, 95))),
        ),
      ),
  );
  const busy = db.$with('busy').as(
    db
      .select({ author: posts.author, n: count().as('n') })
      .from(posts)
      .groupBy(posts.author),
  );
  note('cte', await db.with(busy).select().from(busy).orderBy(desc(busy.n), busy.author).limit(3));
  note(
    'union',
    await unionAll(
      db.select({ v: users.name }).from(users).where(eq(users.id, 1)),
      db.select({ v: posts.title }).from(posts).where(eq(posts.id, 1)),
    ),
  );
  note(
    'json',
    await db
      .select({ id: users.id, theme: sql`${users.settings} ->> '$.theme'` })
      .from(users)
      .where(sql`json_extract(${users.settings}, '$.sizes[1]') > 27`),
  );
  note(
    'like',
    await db
      .select({ n: count() })
      .from(posts)
      .where(or(like(posts.title, '%1%'), isNull(posts.words))),
  );
  note(
    'distinct',
    await db
      .selectDistinct({ rating: sql`round(${posts.rating})` })
      .from(posts)
      .orderBy(sql`1`),
  );
  note('$count', await db.$count(posts, eq(posts.author, 3)));

  note(
    'relations',
    await db.query.users.findMany({
      where: (fields, { lt }) => lt(fields.id, 4),
      with: {
        posts: {
          columns: { id: true, title: true },
          with: { tags: { columns: { tag: true } } },
          orderBy: (fields) => fields.id,
          limit: 3,
        },
      },
    }),
  );
  note(
    'find first',
    await db.query.posts.findFirst({
      where: eq(posts.id, 7),
      with: { writer: true, tags: true },
      extras: { upper: sql`upper(${posts.title})`.as('upper') },
    }),
  );
  note('none', await db.query.users.findFirst({ where: eq(users.id, 5000) }));

  const prepared = db
    .select({ title: posts.title })
    .from(posts)
    .where(eq(posts.id, sql.placeholder('id')))
    .prepare();
  note('prepared', [prepared.get({ id: 3 }), prepared.all({ id: 4 }), prepared.values({ id: 5 }), prepared.get({ id: 999 })]);
  note('ways', [
    db.run(sql`SELECT 1`),
    db.get(sql`SELECT 1 AS a`),
    db.all(sql`SELECT 1 AS a, 2 AS b`),
    db.values(sql`SELECT 1, 2`),
  ]);

  note(
    'update',
    await db
      .update(posts)
      .set({ words: sql`${posts.words} + 1` })
      .where(eq(posts.author, 2)),
  );
  note(
    'update returning',
    await db
      .update(users)
      .set({ settings: { theme: null }, created: new Date(0), verified: true })
      .where(eq(users.id, 4))
      .returning(),
  );
  note(
    'update from',
    await db
      .update(users)
      .set({ balance: sql`${busy.n}` })
      .from(
        db
          .select({ author: posts.author, n: count().as('n') })
          .from(posts)
          .groupBy(posts.author)
          .as('busy'),
      )
      .where(eq(users.id, sql`busy.author`))
      .catch((error) => error.message),
  );
  note('delete', await db.delete(users).where(eq(users.id, 1)).returning({ id: users.id }));
  note('cascade', [await db.$count(posts), await db.$count(tags)]);

  await noteError('rollback', () =>
    db.transaction((tx) => {
      tx.delete(tags).run();
      note('inside', tx.select({ n: count() }).from(tags).get());
      tx.rollback();
    }),
  );
  note('after rollback', await db.$count(tags));
  note(
    'commit',
    db.transaction(
      (tx) => {
        tx.insert(users).values({ name: 'T1' }).run();
        try {
          tx.transaction((nested) => {
            nested.insert(users).values({ name: 'T2' }).run();
            throw new Error('nested');
          });
        } catch (error) {
          note('nested', error.message);
        }
        return tx.select({ name: users.name }).from(users).where(like(users.name, 'T_')).all();
      },
      { behavior: 'immediate' },
    ),
  );
  for (const behavior of ['deferred', 'exclusive'])
    note(
      behavior,
      db.transaction((tx) => tx.select({ n: count() }).from(users).get(), { behavior }),
    );
  await noteError('async transaction', () => db.transaction(async () => 5));

  db.run(sql`CREATE VIEW verified_users AS SELECT id, name FROM users WHERE verified`);
  const verified = sqliteView('verified_users', { id: integer('id'), name: text('name') }).existing();
  note('view', await db.select().from(verified).limit(3));
  note('queries', queries.length);
  client.close();
});
