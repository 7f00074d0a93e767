/** A film club over TypeORM: migrations and synchronize, relations, query builder, transactions, trees of schema. */
import {
  Between,
  DataSource,
  EntitySchema,
  In,
  IsNull,
  LessThan,
  Like,
  MoreThan,
  Not,
  Raw,
  Table,
  TableColumn,
  TableForeignKey,
  TableIndex,
} from 'typeorm';
import { runApp } from './harness.mjs';

const Member = new EntitySchema({
  name: 'Member',
  tableName: 'member',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    name: { type: 'varchar', length: 60 },
    email: { type: 'varchar', unique: true, nullable: true },
    active: { type: 'boolean', default: true },
    joined: { type: 'datetime', nullable: true },
    preferences: { type: 'simple-json', nullable: true },
    genres: { type: 'simple-array', nullable: true },
    level: { type: 'simple-enum', enum: ['bronze', 'gold'], default: 'bronze' },
    points: { type: 'real', default: 0 },
    avatar: { type: 'blob', nullable: true },
    version: { type: 'integer', version: true },
  },
  indices: [{ name: 'member_by_name', columns: ['name', 'points'] }],
  checks: [{ name: 'points_positive', expression: '"points" >= 0' }],
  relations: {
    ratings: { type: 'one-to-many', target: 'Rating', inverseSide: 'member', cascade: true },
    profile: { type: 'one-to-one', target: 'Profile', joinColumn: true, cascade: true, nullable: true, onDelete: 'SET NULL' },
  },
});
const Profile = new EntitySchema({
  name: 'Profile',
  tableName: 'profile',
  columns: { id: { type: 'integer', primary: true, generated: 'increment' }, bio: { type: 'text' } },
});
const Film = new EntitySchema({
  name: 'Film',
  tableName: 'film',
  columns: {
    id: { type: 'integer', primary: true },
    title: { type: 'text' },
    year: { type: 'int' },
    price: { type: 'decimal', precision: 8, scale: 2, default: 5 },
  },
  uniques: [{ name: 'film_title', columns: ['title', 'year'] }],
  relations: {
    tags: { type: 'many-to-many', target: 'Tag', joinTable: { name: 'film_tags' }, cascade: true },
    ratings: { type: 'one-to-many', target: 'Rating', inverseSide: 'film' },
  },
});
const Tag = new EntitySchema({
  name: 'Tag',
  tableName: 'tag',
  columns: { name: { type: 'varchar', primary: true } },
  relations: { films: { type: 'many-to-many', target: 'Film', inverseSide: 'tags' } },
});
const Rating = new EntitySchema({
  name: 'Rating',
  tableName: 'rating',
  columns: {
    memberId: { type: 'integer', primary: true },
    filmId: { type: 'integer', primary: true },
    stars: { type: 'tinyint' },
  },
  relations: {
    member: {
      type: 'many-to-one',
      target: 'Member',
      inverseSide: 'ratings',
      onDelete: 'CASCADE',
      joinColumn: { name: 'memberId' },
    },
    film: { type: 'many-to-one', target: 'Film', inverseSide: 'ratings', joinColumn: { name: 'filmId' } },
  },
});

class AddReviews1700000000001 {
  name = 'AddReviews1700000000001';
  async up(runner) {
    await runner.createTable(
      new Table({
        name: 'review',
        columns: [
          { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
          { name: 'filmId', type: 'integer' },
          { name: 'text', type: 'text', isNullable: true },
          { name: 'mood', type: 'varchar', default: "'calm'" },
        ],
      }),
    );
    await runner.createForeignKey(
      'review',
      new TableForeignKey({
        name: 'review_film',
        columnNames: ['filmId'],
        referencedTableName: 'film',
        referencedColumnNames: ['id'],
        onDelete: 'CASCADE',
      }),
    );
    await runner.createIndex('review', new TableIndex({ name: 'review_mood', columnNames: ['mood'] }));
  }
  async down(runner) {
    await runner.dropIndex('review', 'review_mood');
    await runner.dropTable('review');
  }
}
class ChangeReviews1700000000002 {
  name = 'ChangeReviews1700000000002';
  async up(runner) {
    await runner.addColumn('review', new TableColumn({ name: 'length', type: 'integer', default: 0 }));
    await runner.renameColumn('review', 'mood', 'tone');
    await runner.changeColumn(
      'review',
      'text',
      new TableColumn({ name: 'text', type: 'varchar', length: '500', isNullable: false, default: "''" }),
    );
    await runner.query('INSERT INTO review (filmId, text) VALUES (1, ?), (2, ?)', ['first', 'second']);
  }
  async down(runner) {
    await runner.dropColumn('review', 'length');
    await runner.renameColumn('review', 'tone', 'mood');
  }
}

const tables = async (source) => {
  const runner = source.createQueryRunner();
  const found = await runner.getTables();
  await runner.release();
  return found
    .map((table) => ({
      name: table.name,
      columns: table.columns.map(({ name, type, length, default: value, isNullable, isPrimary, isUnique, isGenerated }) => ({
        name,
        type,
        length,
        value,
        isNullable,
        isPrimary,
        isUnique,
        isGenerated,
      })),
      indices: table.indices.map(({ name, columnNames, isUnique }) => ({ name, columnNames, isUnique })),
      foreignKeys: table.foreignKeys.map(({ name, columnNames, referencedTableName, onDelete }) => ({
        name,
        columnNames,
        referencedTableName,
        onDelete,
      })),
      uniques: table.uniques.map(({ name, columnNames }) => ({ name, columnNames })),
      checks: table.checks.map(({ name, expression }) => ({ name, expression })),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};

await runApp(async ({ file, note, noteError }) => {
  const queries = [];
  const log = {
    logQuery: (query) => queries.push(query),
    logQueryError() {},
    logQuerySlow() {},
    logSchemaBuild() {},
    logMigration() {},
    log() {},
  };
  const source = new DataSource({
    type: 'better-sqlite3',
    database: file,
    entities: [Member, Profile, Film, Tag, Rating],
    synchronize: true,
    logging: true,
    logger: log,
    migrations: [AddReviews1700000000001, ChangeReviews1700000000002],
    enableWAL: true,
  });
  await source.initialize();
  await source.synchronize();
  note('tables', await tables(source));
  const members = source.getRepository('Member');
  const films = source.getRepository('Film');
  const ratings = source.getRepository('Rating');

  note(
    'films',
    (
      await films.save(
        Array.from({ length: 12 }, (_, at) => ({
          id: at + 1,
          title: `Film ${at}`,
          year: 1990 + at,
          price: at * 1.5,
          tags: [{ name: at % 2 ? 'odd' : 'even' }, { name: `t${at % 3}` }],
        })),
      )
    ).length,
  );
  note(
    'migrations',
    (await source.runMigrations()).map(({ name }) => name),
  );
  note('undo', await source.undoLastMigration());
  note(
    'again',
    (await source.runMigrations()).map(({ name }) => name),
  );
  note('pending', await source.showMigrations());

  const ada = await members.save({
    name: 'Ada',
    email: 'ada@example.org',
    joined: new Date(1_600_000_000_000),
    preferences: { lang: 'en', deep: { list: [1, 2] } },
    genres: ['drama', 'noir'],
    level: 'gold',
    avatar: Buffer.from([1, 2, 3]),
    profile: { bio: 'counts' },
    ratings: [],
  });
  note('saved', ada);
  note(
    'insert',
    (
      await members.insert(
        Array.from({ length: 25 }, (_, at) => ({
          name: `Member ${at}`,
          email: at % 4 ? `m${at}@example.org` : null,
          points: at * 2,
          active: at % 3 !== 0,
        })),
      )
    ).identifiers.length,
  );
  for (let at = 1; at <= 40; at++)
    await ratings.upsert({ memberId: (at % 10) + 1, filmId: (at % 7) + 1, stars: at % 5 }, ['memberId', 'filmId']);
  note('upserted', await ratings.count());
  await noteError('unique', () => members.insert({ name: 'Twin', email: 'ada@example.org' }));
  await noteError('not null', () => members.insert({ name: null }));
  await noteError('check', () => members.insert({ name: 'Neg', points: -5 }));
  await noteError('enum', () => members.insert({ name: 'Enum', level: 'silver' }));
  await noteError('foreign key', () => ratings.insert({ memberId: 1, filmId: 99, stars: 1 }));
  await noteError('syntax', () => source.query('SELEC 1'));

  note(
    'find',
    await members.find({
      where: { id: In([1, 2]) },
      relations: { profile: true, ratings: { film: true } },
      order: { id: 'ASC' },
    }),
  );
  note(
    'page',
    await members.findAndCount({
      where: { points: MoreThan(10), email: Not(IsNull()) },
      order: { points: 'DESC' },
      skip: 3,
      take: 4,
      select: { id: true, name: true },
    }),
  );
  note(
    'operators',
    await members.find({
      select: { id: true },
      where: [
        { name: Like('%1%') },
        { points: Between(40, 44) },
        { id: LessThan(2) },
        { points: Raw((alias) => `${alias} = 8`) },
      ],
      order: { id: 'ASC' },
    }),
  );
  note('missing', await members.findOneBy({ id: 999 }));
  note('dates', await members.findOneBy({ joined: new Date(1_600_000_000_000) }).then((found) => found?.joined));
  note(
    'builder',
    await members
      .createQueryBuilder('m')
      .leftJoin('m.ratings', 'r')
      .select('m.name', 'name')
      .addSelect('COUNT(r.filmId)', 'n')
      .addSelect('AVG(r.stars)', 'mean')
      .groupBy('m.id')
      .having('COUNT(r.filmId) > :n', { n: 3 })
      .orderBy('m.id')
      .getRawMany(),
  );
  note(
    'many to many',
    await films
      .createQueryBuilder('f')
      .innerJoinAndSelect('f.tags', 't')
      .where('t.name = :tag', { tag: 't1' })
      .orderBy('f.id')
      .addOrderBy('t.name')
      .getMany(),
  );
  note(
    'subquery',
    await films
      .createQueryBuilder('f')
      .where((qb) => `f.id IN ${qb.subQuery().select('r.filmId').from('Rating', 'r').where('r.stars = 4').getQuery()}`)
      .select('f.title')
      .orderBy('f.id')
      .getMany(),
  );
  note(
    'cte',
    await source
      .createQueryBuilder()
      .addCommonTableExpression('SELECT id, price FROM film WHERE price > 10', 'dear')
      .select('COUNT(*)', 'n')
      .from('dear', 'dear')
      .getRawOne(),
  );
  note(
    'json',
    await source.query("SELECT json_extract(preferences, '$.deep.list[1]') AS x FROM member WHERE preferences IS NOT NULL"),
  );
  note('sums', [
    await members.sum('points'),
    await members.average('points'),
    await members.minimum('points'),
    await members.maximum('points'),
    await members.exists({ where: { name: 'Ada' } }),
  ]);

  note('update', await members.update({ name: Like('Member 2%') }, { level: 'gold' }));
  note('increment', await members.increment({ id: 3 }, 'points', 5));
  ada.preferences = { lang: 'de' };
  ada.active = false;
  note('version', (await members.save(ada)).version);
  note(
    'or update',
    await members
      .createQueryBuilder()
      .insert()
      .values([{ name: 'Ada B', email: 'ada@example.org' }])
      .orUpdate(['name'], ['email'])
      .execute()
      .then(({ identifiers }) => identifiers),
  );
  note(
    'or ignore',
    await members
      .createQueryBuilder()
      .insert()
      .values([{ name: 'X', email: 'ada@example.org' }])
      .orIgnore()
      .execute()
      .then(({ raw }) => raw),
  );
  note('delete', await members.delete({ id: 2 }));
  note('cascade', await ratings.countBy({ memberId: 2 }));
  note('remove', (await films.remove(await films.findOneBy({ id: 12 }))).title);
  note('clear', await source.getRepository('Profile').count());

  await noteError('rollback', () =>
    source.transaction(async (manager) => {
      await manager.delete('Rating', { stars: MoreThan(-1) });
      note('inside', await manager.count('Rating'));
      throw new Error('no');
    }),
  );
  note('after rollback', await ratings.count());
  await source.transaction('SERIALIZABLE', async (manager) => {
    await manager.insert('Tag', { name: 'outer' });
    await noteError('nested', () =>
      manager.transaction(async (inner) => {
        await inner.insert('Tag', { name: 'inner' });
        throw new Error('inner');
      }),
    );
    await manager.transaction((inner) => inner.insert('Tag', { name: 'kept' }));
  });
  note(
    'nested kept',
    (await source.getRepository('Tag').find({ order: { name: 'ASC' } })).map(({ name }) => name),
  );
  const runner = source.createQueryRunner();
  await runner.startTransaction();
  await runner.manager.insert('Tag', { name: 'gone' });
  await runner.rollbackTransaction();
  note('raw', await runner.query('SELECT ? AS a, ? AS b', [1, 'x']));
  note('writes', [
    await runner.query("INSERT INTO tag VALUES ('raw')"),
    await runner.query("UPDATE tag SET name = 'raw2' WHERE name = 'raw'"),
    await runner.query('DELETE FROM tag WHERE name = ?', ['raw2']),
  ]);
  note('has', [await runner.hasTable('film'), await runner.hasTable('none'), await runner.hasColumn('film', 'price')]);
  await runner.release();
  note('tables at the end', await tables(source));
  note('queries', queries.length);
  await source.query('UPDATE migrations SET timestamp = 0');
  await source.destroy();
});
