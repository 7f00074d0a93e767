/** A clinic over MikroORM: schema generator and migrations, unit of work, collections, JSON, upserts, pages, transactions. */
import { Migration, Migrator } from '@mikro-orm/migrations';
import { EntitySchema, LockMode, MikroORM, QueryOrder, raw, sql } from '@mikro-orm/sqlite';
import { runApp } from './harness.mjs';

const Owner = new EntitySchema({
  name: 'Owner',
  properties: {
    id: { type: 'integer', primary: true },
    name: { type: 'string', length: 80, index: 'owner_name' },
    email: { type: 'string', unique: true, nullable: true },
    contact: { type: 'json', nullable: true },
    since: { type: 'datetime', nullable: true },
    active: { type: 'boolean', default: true },
    pets: { kind: '1:m', entity: () => Pet, mappedBy: 'owner', orphanRemoval: true },
  },
});
const Pet = new EntitySchema({
  name: 'Pet',
  properties: {
    id: { type: 'integer', primary: true },
    name: { type: 'string' },
    kind: { enum: true, items: ['cat', 'dog', 'bird'], default: 'cat' },
    weight: { type: 'double', nullable: true },
    photo: { type: 'blob', nullable: true },
    version: { type: 'integer', version: true },
    owner: { kind: 'm:1', entity: () => Owner, deleteRule: 'cascade' },
    visits: { kind: '1:m', entity: () => Visit, mappedBy: 'pet' },
    vaccines: { kind: 'm:n', entity: () => Vaccine, pivotTable: 'pet_vaccines', owner: true },
  },
  uniques: [{ name: 'pet_of_owner', properties: ['owner', 'name'] }],
  checks: [{ name: 'light_enough', expression: 'weight < 200' }],
});
const Vaccine = new EntitySchema({
  name: 'Vaccine',
  properties: { code: { type: 'string', primary: true }, pets: { kind: 'm:n', entity: () => Pet, mappedBy: 'vaccines' } },
});
const Visit = new EntitySchema({
  name: 'Visit',
  properties: {
    id: { type: 'bigint', primary: true },
    day: { type: 'date' },
    cost: { type: 'decimal', precision: 10, scale: 2 },
    pet: { kind: 'm:1', entity: () => Pet, deleteRule: 'cascade' },
  },
});

class AddNotes extends Migration {
  up() {
    this.addSql(
      'create table `note` (`id` integer not null primary key autoincrement, `pet_id` integer not null, `text` text null, constraint `note_pet` foreign key(`pet_id`) references `pet`(`id`) on delete cascade);',
    );
    this.addSql('create index `note_pet_index` on `note` (`pet_id`);');
  }
  down() {
    this.addSql('drop table `note`;');
  }
}
class ChangeNotes extends Migration {
  up() {
    this.addSql('alter table `note` add column `stars` integer not null default 0;');
    this.addSql('alter table `note` rename column `text` to `body`;');
  }
  down() {
    this.addSql('alter table `note` rename column `body` to `text`;');
    this.addSql('alter table `note` drop column `stars`;');
  }
}

await runApp(async ({ file, note, noteError }) => {
  const queries = [];
  const orm = await MikroORM.init({
    dbName: file,
    entities: [Owner, Pet, Vaccine, Visit],
    extensions: [Migrator],
    debug: ['query'],
    colors: false,
    highlighter: undefined,
    logger: (message) => queries.push(message),
    allowGlobalContext: false,
    forceUtcTimezone: true,
    migrations: {
      migrationsList: [
        { name: 'AddNotes', class: AddNotes },
        { name: 'ChangeNotes', class: ChangeNotes },
      ],
      snapshot: false,
    },
  });
  note('schema', (await orm.schema.getCreateSchemaSQL()).split('\n'));
  await orm.schema.create();
  note('no changes', await orm.schema.getUpdateSchemaSQL());
  note(
    'up',
    (await orm.migrator.up()).map(({ name }) => name),
  );
  note(
    'down',
    (await orm.migrator.down()).map(({ name }) => name),
  );
  note(
    'up again',
    (await orm.migrator.up()).map(({ name }) => name),
  );
  note(
    'executed',
    (await orm.migrator.getExecuted()).map(({ name }) => name),
  );
  note('update', (await orm.schema.getUpdateSchemaSQL({ safe: true })).split('\n'));

  let em = orm.em.fork();
  for (let at = 0; at < 15; at++) {
    const owner = em.create('Owner', {
      name: `Owner ${at}`,
      email: at % 4 ? `o${at}@example.org` : null,
      contact: { phones: [`${at}`, '0'], city: ['Bern', 'Oslo'][at % 2] },
      since: new Date(1_600_000_000_000 + at * 86_400_000),
      active: at % 3 > 0,
    });
    for (let pet = 0; pet < at % 4; pet++) {
      const made = em.create('Pet', {
        name: `Pet ${at}.${pet}`,
        kind: ['cat', 'dog', 'bird'][pet],
        weight: at + pet / 4,
        photo: Buffer.from([at, pet]),
        owner,
      });
      em.create('Visit', { day: `2026-02-0${pet + 1}`, cost: `${at}.25`, pet: made });
    }
  }
  em.persist(['rabies', 'flu', 'lyme'].map((code) => em.create('Vaccine', { code })));
  await em.flush();
  em = orm.em.fork();
  const pets = await em.find('Pet', {}, { orderBy: { id: 1 } });
  for (const pet of pets)
    for (const code of ['rabies', 'flu', 'lyme'].slice(0, (pet.id % 3) + 1)) pet.vaccines.add(em.getReference('Vaccine', code));
  await em.flush();

  await noteError('unique', async () => {
    const fork = orm.em.fork();
    fork.create('Owner', { name: 'Twin', email: 'o1@example.org' });
    await fork.flush();
  });
  await noteError('not null', () => orm.em.fork().insert('Owner', { name: null }));
  await noteError('check', () => orm.em.fork().insert('Pet', { name: 'Whale', weight: 5000, owner: 1, version: 1 }));
  await noteError('foreign key', () => orm.em.fork().insert('Visit', { day: '2026-01-01', cost: '1', pet: 999 }));
  await noteError('no table', () => orm.em.fork().execute('select * from nothing'));
  await noteError('find or fail', () => orm.em.fork().findOneOrFail('Pet', 999));

  em = orm.em.fork();
  note(
    'find',
    (
      await em.find(
        'Owner',
        { pets: { kind: 'dog' } },
        { populate: ['pets.visits', 'pets.vaccines'], orderBy: { id: 1 }, limit: 2 },
      )
    ).map((owner) => JSON.parse(JSON.stringify(owner))),
  );
  note(
    'joined',
    (
      await orm.em
        .fork()
        .find(
          'Pet',
          { owner: { active: true } },
          { populate: ['owner'], strategy: 'joined', orderBy: { weight: 'desc', id: 1 }, limit: 4 },
        )
    ).map((pet) => [pet.name, pet.owner.name, pet.owner.since]),
  );
  note(
    'page',
    await orm.em
      .fork()
      .findAndCount(
        'Owner',
        { name: { $like: '%1%' } },
        { limit: 2, offset: 1, orderBy: { name: QueryOrder.DESC }, fields: ['name'] },
      )
      .then(([found, n]) => [found.map(({ name }) => name), n]),
  );
  const cursor = await orm.em.fork().findByCursor('Owner', { first: 4, orderBy: { id: 'asc' } });
  note('cursor', [cursor.items.map(({ id }) => id), cursor.totalCount, cursor.hasNextPage]);
  note(
    'after',
    (await orm.em.fork().findByCursor('Owner', { first: 3, after: cursor, orderBy: { id: 'asc' } })).items.map(({ id }) => id),
  );
  note(
    'operators',
    (
      await orm.em
        .fork()
        .find(
          'Pet',
          { $or: [{ weight: { $gt: 13 } }, { kind: { $in: ['bird'] } }], $not: { name: 'Pet 3.2' } },
          { orderBy: { id: 1 } },
        )
    ).map(({ id }) => id),
  );
  note(
    'json',
    (await orm.em.fork().find('Owner', { contact: { city: 'Oslo' } }, { orderBy: { id: 1 } })).map(({ id, contact }) => [
      id,
      contact,
    ]),
  );
  note('dates', (await orm.em.fork().findOne('Owner', { since: new Date(1_600_000_000_000) })).since);
  note(
    'aggregate',
    await orm.em
      .fork()
      .createQueryBuilder('Pet', 'p')
      .select(['p.kind', raw('count(*) as n'), raw('avg(p.weight) as mean')])
      .groupBy('p.kind')
      .having('count(*) > ?', [2])
      .orderBy({ kind: 1 })
      .execute(),
  );
  note(
    'builder',
    await orm.em
      .fork()
      .createQueryBuilder('Owner', 'o')
      .leftJoin('o.pets', 'p')
      .select(['o.name', 'p.name'])
      .where({ 'o.id': { $lt: 5 } })
      .orderBy({ 'o.id': 1, 'p.id': 1 })
      .execute(),
  );
  note('kysely', await orm.em.fork().getKysely().selectFrom('vaccine').selectAll().orderBy('code').execute());
  note('count', [await orm.em.fork().count('Pet'), await orm.em.fork().count('Pet', { vaccines: { code: 'lyme' } })]);

  note('upsert', JSON.parse(JSON.stringify(await orm.em.fork().upsert('Owner', { email: 'o1@example.org', name: 'Renamed' }))));
  note(
    'upsert many',
    (
      await orm.em.fork().upsertMany('Owner', [
        { email: 'o2@example.org', name: 'Two' },
        { email: 'new@example.org', name: 'New' },
      ])
    ).map(({ id, name }) => [id, name]),
  );
  note('native update', await orm.em.fork().nativeUpdate('Pet', { kind: 'dog' }, { weight: sql`weight + 1` }));
  note('native delete', await orm.em.fork().nativeDelete('Visit', { day: '2026-02-03' }));
  em = orm.em.fork();
  const pet = await em.findOne('Pet', { name: 'Pet 5.0' });
  pet.weight = 77;
  await em.flush();
  note('version', pet.version);
  await noteError('stale', async () => {
    const fork = orm.em.fork();
    await fork.findOne('Pet', pet.id, { lockMode: LockMode.OPTIMISTIC, lockVersion: 1 });
  });
  em = orm.em.fork();
  em.remove(await em.findOne('Owner', { name: 'Owner 7' }));
  await em.flush();
  note('cascade', [await em.count('Pet'), await em.count('Visit')]);
  em = orm.em.fork();
  const owner = await em.findOne('Owner', { name: 'Owner 3' }, { populate: ['pets'] });
  owner.pets.remove(owner.pets[0]);
  await em.flush();
  note('orphan', await em.count('Pet', { owner }));

  await noteError('rollback', () =>
    orm.em.fork().transactional(async (inner) => {
      await inner.nativeDelete('Visit', {});
      note('inside', await inner.count('Visit'));
      throw new Error('no');
    }),
  );
  note('after rollback', await orm.em.fork().count('Visit'));
  await orm.em.fork().transactional(async (outer) => {
    outer.create('Vaccine', { code: 'outer' });
    await outer.flush();
    await noteError('nested', () =>
      outer.transactional(async (inner) => {
        inner.create('Vaccine', { code: 'inner' });
        await inner.flush();
        throw new Error('inner');
      }),
    );
  });
  note(
    'nested kept',
    (await orm.em.fork().find('Vaccine', {}, { orderBy: { code: 1 } })).map(({ code }) => code),
  );
  note('execute', [
    await orm.em.fork().execute('select ? as a, ? as b', [1, 'x']),
    await orm.em.fork().execute('update owner set active = 0 where id < ?', [3], 'run'),
  ]);
  note('blob', (await orm.em.fork().findOne('Pet', { name: 'Pet 2.1' })).photo);
  note('queries', queries.length > 50);
  await orm.em.fork().execute("update mikro_orm_migrations set executed_at = '2026'");
  await orm.close();
});
