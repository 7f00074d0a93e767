/** A shop over Kysely: migrations, joins, JSON, upserts, pages, transactions, introspection. */
import Database from 'better-sqlite3';
import { Kysely, ParseJSONResultsPlugin, SqliteDialect, sql } from 'kysely';
import { jsonArrayFrom, jsonBuildObject, jsonObjectFrom } from 'kysely/helpers/sqlite';
import { Migrator } from 'kysely/migration';
import { runApp } from './harness.mjs';

const migrations = {
  '001_people': {
    async up(db) {
      await db.schema
        .createTable('person')
        .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
        .addColumn('name', 'varchar(50)', (column) => column.notNull())
        .addColumn('email', 'text', (column) => column.unique())
        .addColumn('profile', 'json')
        .addColumn('score', 'real', (column) => column.defaultTo(0).check(sql`score >= 0`))
        .addColumn('photo', 'blob')
        .execute();
      await db.schema.createIndex('person_name').on('person').columns(['name desc', 'score']).execute();
    },
    async down(db) {
      await db.schema.dropTable('person').execute();
    },
  },
  '002_orders': {
    async up(db) {
      await db.schema
        .createTable('order')
        .addColumn('id', 'integer', (column) => column.primaryKey())
        .addColumn('person_id', 'integer', (column) => column.references('person.id').onDelete('cascade').notNull())
        .addColumn('total', 'numeric(10, 2)', (column) => column.notNull())
        .addColumn('placed', 'text', (column) => column.notNull())
        .addUniqueConstraint('one_a_day', ['person_id', 'placed'])
        .execute();
      await db.schema
        .createView('spender')
        .as(
          db
            .selectFrom('order')
            .groupBy('person_id')
            .select(['person_id', (eb) => eb.fn.sum('total').as('spent')]),
        )
        .execute();
    },
    async down(db) {
      await db.schema.dropView('spender').execute();
      await db.schema.dropTable('order').execute();
    },
  },
  '003_alter': {
    async up(db) {
      await db.schema
        .alterTable('person')
        .addColumn('nickname', 'text', (column) => column.defaultTo('none'))
        .execute();
      await db.schema.alterTable('person').renameColumn('nickname', 'alias').execute();
    },
    async down(db) {
      await db.schema.alterTable('person').dropColumn('alias').execute();
    },
  },
};

const people = Array.from({ length: 40 }, (_, at) => ({
  name: `Person ${String(at).padStart(2, '0')}`,
  email: `p${at}@example.org`,
  profile: JSON.stringify({ tags: [`t${at % 3}`, `u${at % 5}`], address: { city: ['Bern', 'Oslo', 'Rome'][at % 3] } }),
  score: at / 4,
  photo: Buffer.from([at, 255 - at]),
}));

await runApp(async ({ file, note, noteError }) => {
  const queries = [];
  const db = new Kysely({
    dialect: new SqliteDialect({ database: new Database(file) }),
    plugins: [new ParseJSONResultsPlugin()],
    log: (event) => queries.push(event.query.sql),
  });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const names = ({ results = [], error }) => [
    results.map(({ migrationName, direction, status }) => [migrationName, direction, status]),
    error,
  ];
  note('up', names(await migrator.migrateToLatest()));
  note('down', names(await migrator.migrateDown()));
  note('up again', names(await migrator.migrateUp()));

  note('insert', await db.insertInto('person').values(people).executeTakeFirst());
  note(
    'returning',
    await db
      .insertInto('person')
      .values({ name: 'Eve', email: 'eve@example.org' })
      .returning(['id', 'name', 'alias'])
      .executeTakeFirst(),
  );
  await noteError('unique', () => db.insertInto('person').values({ name: 'X', email: 'eve@example.org' }).execute());
  await noteError('not null', () => db.insertInto('person').values({ email: 'n' }).execute());
  await noteError('check', () => db.insertInto('person').values({ name: 'neg', score: -1 }).execute());
  await noteError('foreign key', () =>
    db.insertInto('order').values({ person_id: 9999, total: 1, placed: '2026-01-01' }).execute(),
  );
  note(
    'upsert',
    await db
      .insertInto('person')
      .values({ name: 'Eva', email: 'eve@example.org', score: 3 })
      .onConflict((oc) =>
        oc.column('email').doUpdateSet((eb) => ({ name: eb.ref('excluded.name'), score: sql`person.score + excluded.score` })),
      )
      .returningAll()
      .executeTakeFirst(),
  );
  note('ignore', await db.insertInto('person').orIgnore().values({ name: 'Eva', email: 'eve@example.org' }).executeTakeFirst());

  for (let at = 1; at <= 60; at++) {
    await db
      .insertInto('order')
      .values({ person_id: (at % 12) + 1, total: at * 1.25, placed: `2026-01-${String(Math.ceil(at / 12)).padStart(2, '0')}` })
      .execute();
  }
  for (const page of [0, 1, 7]) {
    note(
      `page ${page}`,
      await db
        .selectFrom('person')
        .select(['id', 'name'])
        .orderBy('name')
        .limit(6)
        .offset(page * 6)
        .execute(),
    );
  }
  note(
    'join',
    await db
      .selectFrom('person')
      .innerJoin('order', 'order.person_id', 'person.id')
      .select(['person.name', (eb) => eb.fn.count('order.id').as('orders'), (eb) => eb.fn.sum('order.total').as('spent')])
      .groupBy('person.id')
      .having((eb) => eb.fn.sum('order.total'), '>', 150)
      .orderBy('spent', 'desc')
      .execute(),
  );
  note(
    'left join',
    await db
      .selectFrom('person')
      .leftJoin('order', 'order.person_id', 'person.id')
      .select(['name', 'total'])
      .where('person.id', 'in', [11, 12, 13, 14])
      .orderBy(['person.id', 'order.id'])
      .limit(8)
      .execute(),
  );
  note(
    'nested',
    await db
      .selectFrom('person')
      .select((eb) => [
        'person.id',
        jsonArrayFrom(
          eb.selectFrom('order').select(['order.id', 'total']).whereRef('order.person_id', '=', 'person.id').orderBy('order.id'),
        ).as('orders'),
        jsonObjectFrom(eb.selectFrom('spender').select('spent').whereRef('spender.person_id', '=', 'person.id')).as('spender'),
        jsonBuildObject({ name: eb.ref('name'), score: eb.ref('score') }).as('object'),
      ])
      .where('id', '<', 4)
      .execute(),
  );
  note(
    'json',
    await db
      .selectFrom('person')
      .select(['id', sql`profile ->> '$.address.city'`.as('city'), sql`json_array_length(profile, '$.tags')`.as('tags')])
      .where(sql`profile ->> '$.tags[0]'`, '=', 't1')
      .limit(5)
      .execute(),
  );
  note(
    'json each',
    await db
      .selectFrom(['person', sql`json_each(person.profile, '$.tags')`.as('tag')])
      .select(['person.id', sql`tag.value`.as('tag')])
      .where('person.id', '<', 4)
      .execute(),
  );
  note(
    'window',
    await db
      .selectFrom('order')
      .select([
        'id',
        (eb) =>
          eb.fn
            .agg('row_number')
            .over((ob) => ob.partitionBy('person_id').orderBy('total', 'desc'))
            .as('place'),
      ])
      .orderBy('id')
      .limit(10)
      .execute(),
  );
  note(
    'cte',
    await db
      .with('big', (qb) => qb.selectFrom('order').selectAll().where('total', '>', 60))
      .selectFrom('big')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirst(),
  );
  note(
    'recursive',
    await db
      .withRecursive('n(x)', (qb) =>
        qb.selectNoFrom(sql`1`.as('x')).unionAll(qb.selectFrom('n').select(sql`x + 1`.as('x')).where('x', '<', 5)),
      )
      .selectFrom('n')
      .selectAll()
      .execute(),
  );
  note(
    'union',
    await db
      .selectFrom('person')
      .select('name')
      .where('id', '<', 3)
      .union(db.selectFrom('person').select('name').where('id', '<', 5))
      .orderBy('name')
      .execute(),
  );
  note(
    'case',
    await db
      .selectFrom('person')
      .select(['id', (eb) => eb.case().when('score', '>', 5).then('high').else('low').end().as('level')])
      .where((eb) => eb.between('id', 20, 24))
      .execute(),
  );
  note(
    'exists',
    await db
      .selectFrom('person')
      .select('id')
      .where((eb) => eb.not(eb.exists(eb.selectFrom('order').select('id').whereRef('person_id', '=', 'person.id'))))
      .limit(3)
      .execute(),
  );
  note('like', await db.selectFrom('person').select('name').where('name', 'like', '%1_').orderBy('name').execute());
  note(
    'blob',
    await db
      .selectFrom('person')
      .select(['photo', sql`typeof(photo)`.as('t')])
      .where('id', '=', 5)
      .executeTakeFirst(),
  );

  note(
    'update',
    await db
      .updateTable('person')
      .set((eb) => ({ score: eb('score', '*', 2) }))
      .where('id', '<', 5)
      .executeTakeFirst(),
  );
  note(
    'update returning',
    await db.updateTable('person').set({ alias: 'boss' }).where('id', '=', 1).returning(['id', 'alias']).execute(),
  );
  note(
    'update from',
    await db
      .updateTable('person')
      .from('spender')
      .set((eb) => ({ score: eb.ref('spender.spent') }))
      .whereRef('spender.person_id', '=', 'person.id')
      .executeTakeFirst(),
  );
  note('delete', await db.deleteFrom('person').where('id', '=', 12).executeTakeFirst());
  note(
    'cascade',
    await db
      .selectFrom('order')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirst(),
  );

  await noteError('rollback', () =>
    db.transaction().execute(async (trx) => {
      await trx.deleteFrom('order').execute();
      note(
        'inside',
        await trx
          .selectFrom('order')
          .select((eb) => eb.fn.countAll().as('n'))
          .executeTakeFirst(),
      );
      throw new Error('changed my mind');
    }),
  );
  note(
    'after rollback',
    await db
      .selectFrom('order')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirst(),
  );
  note(
    'commit',
    await db
      .transaction()
      .execute(async (trx) => (await trx.insertInto('person').values({ name: 'Zed' }).returning('id').executeTakeFirst()).id),
  );
  const controlled = await db.startTransaction().execute();
  await controlled.insertInto('person').values({ name: 'A' }).execute();
  const saved = await controlled.savepoint('one').execute();
  await saved.insertInto('person').values({ name: 'B' }).execute();
  await (await saved.rollbackToSavepoint('one').execute()).releaseSavepoint('one').execute();
  await controlled.commit().execute();
  note('savepoint', await db.selectFrom('person').select('name').where('name', 'in', ['A', 'B']).execute());

  const streamed = [];
  for await (const row of db.selectFrom('order').select('id').orderBy('id').limit(5).stream()) streamed.push(row.id);
  note('stream', streamed);
  note('tables', await db.introspection.getTables({ withInternalKyselyTables: true }));
  note('explain', Object.keys((await db.selectFrom('person').selectAll().explain())[0]));
  note('queries', queries.length);
  await sql`DELETE FROM kysely_migration`.execute(db);
  await db.destroy();
});
