/** A library's catalogue over Knex's sqlite3 client: migrations up and down, relations, transactions, JSON, upserts, pages. */
import knexFactory from 'knex';
import { dumpThroughSqlite3, runApp } from './harness.mjs';

const MIGRATIONS = [
  {
    name: '01_authors',
    async up(knex) {
      await knex.schema.createTable('authors', (table) => {
        table.increments('id');
        table.string('name', 80).notNullable().unique();
        table.date('born');
        table.timestamps(false, false);
      });
    },
    async down(knex) {
      await knex.schema.dropTable('authors');
    },
  },
  {
    name: '02_books',
    async up(knex) {
      await knex.schema.createTable('books', (table) => {
        table.increments('id');
        table.integer('author_id').unsigned().notNullable().references('id').inTable('authors').onDelete('CASCADE');
        table.string('title').notNullable();
        table.decimal('price', 8, 2).defaultTo(9.99);
        table.boolean('in_print').defaultTo(true);
        table.json('details');
        table.binary('cover');
        table.index(['author_id', 'title'], 'books_by_author');
      });
      await knex.schema.createTable('tags', (table) => {
        table.string('tag').primary();
      });
      await knex.schema.createTable('book_tags', (table) => {
        table.integer('book_id').references('books.id').onDelete('CASCADE');
        table.string('tag').references('tags.tag');
        table.primary(['book_id', 'tag']);
      });
    },
    async down(knex) {
      await knex.schema.dropTable('book_tags').dropTable('tags').dropTable('books');
    },
  },
  {
    name: '03_changes',
    async up(knex) {
      await knex.schema.alterTable('books', (table) => {
        table.integer('pages').defaultTo(0);
        table.renameColumn('title', 'name');
        table.string('isbn', 13).unique();
      });
      await knex.schema.alterTable('authors', (table) => {
        table.dropColumn('born');
      });
      await knex.schema.raw('CREATE VIEW cheap AS SELECT name, price FROM books WHERE price < 10');
    },
    async down(knex) {
      await knex.schema.raw('DROP VIEW cheap');
      await knex.schema.alterTable('authors', (table) => {
        table.date('born');
      });
      await knex.schema.alterTable('books', (table) => {
        table.dropUnique(['isbn']);
      });
      await knex.schema.alterTable('books', (table) => {
        table.dropColumn('isbn');
        table.renameColumn('name', 'title');
        table.dropColumn('pages');
      });
    },
  },
];

const migrationSource = {
  getMigrations: async () => MIGRATIONS,
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => migration,
};

const AUTHORS = ['Ada Lovelace', 'Jorge Luis Borges', 'Ursula K. Le Guin', 'Italo Calvino', 'Wisława Szymborska'];

await runApp(
  async ({ file, note, noteError }) => {
    const knex = knexFactory({
      client: 'sqlite3',
      connection: { filename: file },
      useNullAsDefault: true,
      migrations: { migrationSource },
      pool: { afterCreate: (db, done) => db.run('PRAGMA foreign_keys = ON', done) },
    });
    try {
      note('migrated', await knex.migrate.latest());
      note('status', await knex.migrate.status());
      note('rolled back', await knex.migrate.down());
      note('columns after rolling back', await knex('books').columnInfo());
      note('migrated again', await knex.migrate.latest());
      note(
        'list',
        (await knex.migrate.list()).map((part) => part.map((one) => one.name)),
      );

      note('first ids', await knex('authors').insert({ name: AUTHORS[0] }));
      note('many', await knex('authors').insert(AUTHORS.slice(1).map((name) => ({ name }))));
      note('returning', await knex('authors').insert({ name: 'nobody' }, ['id', 'name']));
      note('deleted', await knex('authors').where({ name: 'nobody' }).del());
      const details = { languages: ['en', 'es'], year: 1944, nested: { ok: true, none: null } };
      const books = Array.from({ length: 25 }, (_, at) => ({
        author_id: (at % AUTHORS.length) + 1,
        name: `Book ${at}`,
        price: at * 1.5,
        in_print: at % 3 === 0,
        details: JSON.stringify({ ...details, year: 1900 + at }),
        cover: Buffer.from([at, 255 - at]),
        pages: at * 10,
        isbn: `978${String(at).padStart(10, '0')}`,
      }));
      await knex.batchInsert('books', books, 10);
      await knex('tags').insert(['fiction', 'essay', 'poem'].map((tag) => ({ tag })));
      await knex('book_tags').insert([1, 2, 3, 4].map((book_id) => ({ book_id, tag: book_id % 2 ? 'fiction' : 'essay' })));

      note('one', await knex('books').where({ id: 3 }).first());
      note('none', await knex('books').where({ id: 999 }).first());
      note(
        'join',
        await knex('books')
          .join('authors', 'authors.id', 'books.author_id')
          .select('books.name as book', 'authors.name as author')
          .orderBy('books.id')
          .limit(4),
      );
      note(
        'left join',
        await knex('books')
          .leftJoin('book_tags', 'book_tags.book_id', 'books.id')
          .select('books.id', 'tag')
          .orderBy('books.id')
          .limit(6),
      );
      note(
        'page',
        await knex('books')
          .select('id', 'name')
          .orderBy([{ column: 'price', order: 'desc' }, 'id'])
          .limit(5)
          .offset(10),
      );
      note('count', await knex('books').count({ n: '*' }).where('price', '>', 10));
      note(
        'groups',
        await knex('books')
          .select('author_id')
          .count('* as n')
          .sum('pages as pages')
          .avg('price as price')
          .groupBy('author_id')
          .having(knex.raw('count(*) > ?', [4]))
          .orderBy('author_id'),
      );
      note(
        'json',
        await knex('books')
          .select(knex.raw(`json_extract(details, '$.year') as year`))
          .whereRaw(`json_extract(details, '$.year') between ? and ?`, [1903, 1906])
          .orderBy('year'),
      );
      note('jsonExtract', await knex('books').jsonExtract('details', '$.nested.ok', 'ok').where('id', '<', 3));
      note(
        'subquery',
        await knex('authors')
          .whereIn('id', knex('books').select('author_id').where('price', '>', 30))
          .pluck('name'),
      );
      note(
        'union',
        await knex('books')
          .select('name')
          .where('id', 1)
          .union([knex('authors').select('name').where('id', 1)])
          .orderBy('name'),
      );
      note(
        'with',
        await knex
          .with('dear', knex('books').where('price', '>', 33))
          .select('id')
          .from('dear')
          .orderBy('id'),
      );
      note(
        'window',
        await knex('books')
          .select('id')
          .rowNumber('place', (over) => over.orderBy('price', 'desc').partitionBy('author_id'))
          .orderBy('id')
          .limit(6),
      );
      note('distinct', await knex('books').distinct('in_print').orderBy('in_print'));
      note(
        'exists',
        await knex('authors').whereExists(knex('books').whereRaw('books.author_id = authors.id and price > 34')).select('id'),
      );
      note('like', await knex('authors').whereLike('name', '%l%').orderBy('id').pluck('id'));
      note('null', await knex('books').whereNull('isbn').count('* as n').first());
      note('view', await knex('cheap').orderBy('price').limit(2));

      note('updated', await knex('books').where('id', '<=', 3).update({ price: 1.25, details: null }));
      note('incremented', await knex('books').where({ id: 4 }).increment('pages', 7));
      note('update returning', await knex('books').where({ id: 5 }).update({ name: 'renamed' }, ['id', 'name']));
      note('upsert', await knex('tags').insert({ tag: 'poem' }).onConflict('tag').ignore());
      note(
        'merge',
        await knex('books').insert({ id: 6, author_id: 1, name: 'merged', isbn: 'x' }).onConflict('id').merge(['name', 'isbn']),
      );
      note('merged', await knex('books').where({ id: 6 }).first('name', 'isbn', 'author_id'));

      await noteError('unique', () => knex('authors').insert({ name: AUTHORS[0] }));
      await noteError('foreign key', () => knex('books').insert({ author_id: 999, name: 'orphan' }));
      await noteError('not null', () => knex('books').insert({ author_id: 1 }));
      await noteError('no such table', () => knex('nothing').select());
      await noteError('syntax', () => knex.raw('SELEC 1'));
      await noteError('a transaction that fails', () =>
        knex.transaction(async (trx) => {
          await trx('authors').insert({ name: 'in the transaction' });
          note('seen within', await trx('authors').where({ name: 'in the transaction' }).count('* as n').first());
          throw new Error('no');
        }),
      );
      note('is not there', await knex('authors').where({ name: 'in the transaction' }).count('* as n').first());
      note(
        'a transaction',
        await knex.transaction(async (trx) => {
          const [id] = await trx('authors').insert({ name: 'kept' });
          await noteError('a savepoint that fails', () =>
            trx.transaction(async (inner) => {
              await inner('authors').insert({ name: 'not kept' });
              throw new Error('inner');
            }),
          );
          await trx.transaction((inner) => inner('authors').insert({ name: 'kept too' }));
          return id;
        }),
      );
      note('names', await knex('authors').orderBy('id').pluck('name'));
      note('cascade', [await knex('authors').where({ id: 2 }).del(), await knex('books').count('* as n').first()]);

      note('has table', [await knex.schema.hasTable('books'), await knex.schema.hasTable('nothing')]);
      note('has column', [await knex.schema.hasColumn('books', 'isbn'), await knex.schema.hasColumn('books', 'title')]);
      note('columns', await knex('books').columnInfo());
      const streamed = [];
      for await (const row of knex('books').select('id').orderBy('id').limit(3).stream()) streamed.push(row);
      note('stream', streamed);
      note('raw', await knex.raw('SELECT ? + ? AS sum, ?? FROM ?? ORDER BY id LIMIT 1', [1, 2, 'name', 'books']));
      note('dates', [
        await knex('books').insert({ author_id: 1, name: 'dated', details: new Date(0) }),
        await knex('books').where({ name: 'dated' }).first('details'),
      ]);
    } finally {
      await knex.destroy();
    }
  },
  { dumpWith: dumpThroughSqlite3 },
);
