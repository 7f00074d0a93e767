/** A library's lending desk over Knex with its better-sqlite3 client. */
import knexFactory from 'knex';
import { runApp } from './harness.mjs';

const migrations = [
  {
    name: '001_books',
    up: async (knex) => {
      await knex.schema.createTable('author', (table) => {
        table.increments('id');
        table.string('name', 80).notNullable().index();
        table.json('facts');
      });
      await knex.schema.createTable('book', (table) => {
        table.increments('id');
        table.integer('author_id').unsigned().notNullable().references('id').inTable('author').onDelete('CASCADE');
        table.string('title').notNullable();
        table.decimal('price', 8, 2).defaultTo(9.99);
        table.boolean('lent').defaultTo(false);
        table.enum('kind', ['paper', 'digital']).defaultTo('paper');
        table.binary('cover');
        table.unique(['author_id', 'title']);
      });
    },
    down: (knex) => knex.schema.dropTable('book').dropTable('author'),
  },
  {
    name: '002_changes',
    up: async (knex) => {
      await knex.schema.alterTable('book', (table) => {
        table.integer('pages').defaultTo(100);
        table.renameColumn('price', 'cost');
      });
      await knex.schema.alterTable('book', (table) => {
        table.string('title', 200).notNullable().alter();
        table.index(['cost', 'pages'], 'by_cost');
      });
      await knex.schema.createView('cheap', (view) => {
        view.columns(['id', 'title']);
        view.as(knex('book').select('id', 'title').where('cost', '<', 6));
      });
    },
    down: async (knex) => {
      await knex.schema.dropView('cheap');
      await knex.schema.alterTable('book', (table) => {
        table.dropIndex(['cost', 'pages'], 'by_cost');
        table.dropColumn('pages');
        table.renameColumn('cost', 'price');
      });
    },
  },
];

await runApp(async ({ file, note, noteError }) => {
  const queries = [];
  const knex = knexFactory({
    client: 'better-sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    migrations: {
      migrationSource: {
        getMigrations: async () => migrations,
        getMigrationName: ({ name }) => name,
        getMigration: async (migration) => migration,
      },
    },
  });
  knex.on('query', ({ sql }) => queries.push(sql));
  note('migrate', await knex.migrate.latest());
  note('columns', await knex('book').columnInfo());
  note('roll back', await knex.migrate.rollback(undefined, true));
  note('tables left', await knex('sqlite_master').select('name').orderBy('name'));
  note('migrate again', await knex.migrate.latest());
  note('status', await knex.migrate.list().then(([done, todo]) => [done.map(({ name }) => name), todo.length]));

  note(
    'insert',
    await knex('author').insert([{ name: 'Ada', facts: JSON.stringify({ born: 1815, likes: ['maths'] }) }, { name: 'Bo' }]),
  );
  note('insert returning', await knex('author').insert({ name: 'Cy', facts: '{}' }, ['id', 'name']));
  await knex.batchInsert(
    'book',
    Array.from({ length: 50 }, (_, at) => ({
      author_id: (at % 3) + 1,
      title: `Book ${at}`,
      cost: at / 3,
      lent: at % 2 === 0,
      pages: at * 10,
      cover: Buffer.from([at]),
    })),
    20,
  );
  note(
    'count',
    await knex('book').count({ n: '*' }).countDistinct('author_id as authors').sum('cost as cost').avg('pages as pages').first(),
  );
  await noteError('unique', () => knex('book').insert({ author_id: 1, title: 'Book 0' }));
  await noteError('not null', () => knex('author').insert({ facts: '{}' }));
  await noteError('foreign key', () => knex('book').insert({ author_id: 77, title: 'X' }));
  await noteError('enum', () => knex('book').insert({ author_id: 1, title: 'Y', kind: 'stone' }));
  await noteError('no table', () => knex('nothing').select());
  note('ignore', await knex('book').insert({ author_id: 1, title: 'Book 0' }).onConflict(['author_id', 'title']).ignore());
  note(
    'merge',
    await knex('book')
      .insert({ author_id: 1, title: 'Book 0', cost: 42 })
      .onConflict(['author_id', 'title'])
      .merge(['cost'])
      .returning(['id', 'cost']),
  );

  for (const page of [0, 2])
    note(
      `page ${page}`,
      await knex('book')
        .select('id', 'title', 'lent')
        .orderBy('title')
        .limit(7)
        .offset(page * 7),
    );
  note(
    'join',
    await knex('book')
      .join('author', 'author.id', 'book.author_id')
      .select('name')
      .sum({ pages: 'pages' })
      .groupBy('author.id')
      .havingRaw('sum(pages) > ?', [10])
      .orderBy('name'),
  );
  note(
    'left join',
    await knex('author')
      .leftJoin('book', function () {
        this.on('book.author_id', 'author.id').andOnVal('book.pages', '>', 460);
      })
      .select('name', 'title')
      .orderBy(['name', 'title']),
  );
  note(
    'where',
    await knex('book')
      .where((q) => q.where('pages', '>', 400).orWhere('cost', '<', 1))
      .whereNot('lent', true)
      .whereIn('author_id', [1, 2])
      .select('id')
      .orderBy('id'),
  );
  note('like', await knex('book').whereILike('title', 'BOOK 1%').pluck('title'));
  note(
    'json',
    await knex('author').select('name').jsonExtract('facts', '$.born', 'born').whereJsonPath('facts', '$.born', '>', 1800),
  );
  note(
    'cte',
    await knex
      .with('top', (q) => q.from('book').select('id', 'pages').orderBy('pages', 'desc').limit(3))
      .from('top')
      .select(),
  );
  note(
    'recursive',
    await knex.withRecursive('n', ['x'], knex.raw('SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4')).from('n').select(),
  );
  note(
    'union',
    await knex('author')
      .select('name')
      .union(knex('book').select('title').where('id', '<', 3))
      .orderBy('name'),
  );
  note(
    'window',
    await knex('book')
      .select('id')
      .rank('place', (q) => q.partitionBy('author_id').orderBy('pages', 'desc'))
      .orderBy('id')
      .limit(6),
  );
  note('view', await knex('cheap').orderBy('id').limit(3));
  note('first', await knex('book').where({ id: 9999 }).first());
  note('raw', await knex.raw('SELECT ?? AS a, ? AS b FROM ?? LIMIT 1', ['title', 5, 'book']));
  note('raw named', await knex.raw('SELECT :a AS a, :b AS b', { a: 1, b: 'x' }));
  note('blob', await knex('book').where({ id: 5 }).pluck('cover'));
  note('booleans', await knex('book').where({ lent: true }).count('* as n').first());

  note(
    'update',
    await knex('book')
      .where('pages', '<', 50)
      .update({ lent: true, cost: knex.raw('?? + 1', ['cost']) }),
  );
  note('increment', await knex('book').where({ id: 3 }).increment('pages', 7));
  note('update returning', await knex('book').where({ id: 3 }).update({ kind: 'digital' }, ['id', 'pages', 'kind']));
  note('delete', await knex('author').where({ name: 'Bo' }).del());
  note('cascade', await knex('book').count('* as n').first());

  await noteError('rollback', () =>
    knex.transaction(async (trx) => {
      await trx('book').del();
      note('inside', await trx('book').count('* as n').first());
      throw new Error('no');
    }),
  );
  note('after rollback', await knex('book').count('* as n').first());
  await knex.transaction(async (trx) => {
    await trx('author').insert({ name: 'Dee' });
    await noteError('nested', () =>
      trx.transaction(async (inner) => {
        await inner('author').insert({ name: 'Eff' });
        throw new Error('inner');
      }),
    );
    await trx.transaction((inner) => inner('author').insert({ name: 'Gee' }));
  });
  note('nested kept', await knex('author').orderBy('id').pluck('name'));
  const streamed = [];
  for await (const { id } of knex('book').select('id').orderBy('id').limit(4).stream()) streamed.push(id);
  note('stream', streamed);

  note('has', [
    await knex.schema.hasTable('book'),
    await knex.schema.hasTable('none'),
    await knex.schema.hasColumn('book', 'cost'),
  ]);
  await knex.schema.dropView('cheap');
  await knex.schema.alterTable('book', (table) => {
    table.dropUnique(['author_id', 'title']);
    table.dropForeign('author_id');
    table.setNullable('title');
  });
  await knex.schema.renameTable('author', 'writer');
  await knex.schema.alterTable('book', (table) => table.foreign('author_id').references('writer.id'));
  note('columns at the end', [await knex('book').columnInfo(), await knex('writer').columnInfo()]);
  note('fingerprint', queries.length);
  await knex('knex_migrations').update({ migration_time: null });
  await knex.destroy();
});
