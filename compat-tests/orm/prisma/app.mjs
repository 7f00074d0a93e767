/** A help desk over Prisma with its better-sqlite3 adapter: relations, filters, groups, upserts, transactions, raw SQL. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { runApp } from './harness.mjs';
import { down, redefine, up } from './migrations.mjs';

// The client is generated for this folder. Its schema engine, which only Prisma's own migrations need, is not downloaded.
execFileSync(process.execPath, ['node_modules/prisma/build/index.js', 'generate'], {
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  },
});
const { Prisma, PrismaClient } = createRequire(import.meta.url)('@prisma/client');

await runApp(async ({ file, note, noteError }) => {
  const queries = [];
  const prisma = new PrismaClient({
    adapter: new PrismaBetterSqlite3({ url: `file:${file}` }),
    log: [{ emit: 'event', level: 'query' }],
  });
  prisma.$on('query', ({ query }) => queries.push(query));
  const run = async (statements) => {
    for (const statement of statements) await prisma.$executeRawUnsafe(statement);
  };
  await run(up);
  await run(down);
  note('tables left', await prisma.$queryRaw`SELECT name FROM sqlite_master ORDER BY name`);
  await run(up);
  await prisma.$executeRaw`INSERT INTO account (name, opened) VALUES ('First', '2020-01-01T00:00:00.000Z')`;
  await prisma.$executeRaw`INSERT INTO ticket (title, account_id) VALUES ('Kept', 1)`;
  await run(redefine);

  note(
    'create',
    await prisma.account.create({
      data: {
        name: 'Ada',
        email: 'ada@example.org',
        balance: new Prisma.Decimal('12.34'),
        score: 9.75,
        settings: { theme: 'dark', tags: ['a', 'b'], deep: { n: 1 } },
        opened: new Date(1_600_000_000_000),
        logo: Uint8Array.of(1, 2, 255),
        views: 9_007_199_254_740_993n,
        kind: 'COMPANY',
        tickets: { create: [{ title: 'One' }, { title: 'Two', status: 'done' }] },
        groups: { create: [{ code: 'staff' }, { code: 'vip' }] },
      },
      include: { tickets: true, groups: true },
    }),
  );
  note(
    'many',
    await prisma.account.createMany({
      data: Array.from({ length: 20 }, (_, at) => ({
        name: `User ${at}`,
        email: at % 3 ? `u${at}@example.org` : null,
        score: at / 2,
        active: at % 2 === 0,
        opened: new Date(1_500_000_000_000 + at),
        managerId: 2,
        settings: { theme: ['dark', 'light'][at % 2] },
      })),
    }),
  );
  note(
    'many and return',
    await prisma.ticket.createManyAndReturn({
      data: Array.from({ length: 6 }, (_, at) => ({ title: `T${at}`, accountId: (at % 3) + 3 })),
    }),
  );
  await noteError('unique', () => prisma.account.create({ data: { name: 'Twin', email: 'ada@example.org' } }));
  await noteError('compound', () => prisma.ticket.create({ data: { title: 'One', accountId: 2 } }));
  await noteError('foreign key', () => prisma.ticket.create({ data: { title: 'Lost', accountId: 999 } }));
  await noteError('not found', () => prisma.account.findUniqueOrThrow({ where: { id: 999 } }));
  await noteError('raw', () => prisma.$queryRaw`SELECT * FROM nothing`);

  note(
    'unique',
    await prisma.account.findUnique({
      where: { email: 'ada@example.org' },
      include: { reports: { take: 2, orderBy: { id: 'asc' }, select: { id: true, name: true } } },
    }),
  );
  note(
    'page',
    await prisma.account.findMany({
      where: { score: { gte: 2, lt: 8 }, NOT: { email: null } },
      orderBy: [{ score: 'desc' }, { id: 'asc' }],
      skip: 2,
      take: 3,
      select: { id: true, score: true },
    }),
  );
  note(
    'cursor',
    await prisma.account.findMany({ cursor: { id: 6 }, skip: 1, take: 3, orderBy: { id: 'asc' }, select: { id: true } }),
  );
  note(
    'filters',
    await prisma.account.findMany({
      where: { OR: [{ name: { startsWith: 'User 1' } }, { email: { contains: 'ada' } }, { id: { in: [1, 3] } }], active: true },
      select: { id: true },
      orderBy: { id: 'asc' },
    }),
  );
  note(
    'relations',
    await prisma.account.findMany({
      where: { tickets: { some: { status: 'open' } }, groups: { none: { code: 'vip' } } },
      select: { name: true, _count: { select: { tickets: true } } },
      orderBy: { id: 'asc' },
    }),
  );
  note(
    'json',
    await prisma.account.findMany({
      where: { settings: { path: '$.theme', equals: 'light' } },
      select: { id: true },
      orderBy: { id: 'asc' },
    }),
  );
  note('dates', await prisma.account.count({ where: { opened: { gt: new Date(1_550_000_000_000) } } }));
  note('bigint', (await prisma.account.findFirst({ where: { views: { gt: 5n } } }))?.views);
  note('bytes', (await prisma.account.findFirst({ where: { logo: { not: null } } }))?.logo);
  note(
    'group',
    await prisma.account.groupBy({
      by: ['active', 'kind'],
      _count: true,
      _avg: { score: true },
      _max: { id: true },
      orderBy: [{ active: 'asc' }, { kind: 'asc' }],
      having: { score: { _avg: { gt: 1 } } },
    }),
  );
  note(
    'aggregate',
    await prisma.account.aggregate({ _sum: { score: true, balance: true }, _min: { opened: true }, _count: { email: true } }),
  );
  note('distinct', await prisma.ticket.findMany({ distinct: ['status'], select: { status: true }, orderBy: { status: 'asc' } }));

  note(
    'upsert',
    await prisma.account.upsert({
      where: { email: 'ada@example.org' },
      update: { score: { increment: 1 }, name: { set: 'Ada L.' } },
      create: { name: 'x' },
      select: { name: true, score: true },
    }),
  );
  note(
    'upsert new',
    await prisma.group.upsert({
      where: { code: 'new' },
      update: {},
      create: { code: 'new', members: { connect: [{ id: 3 }, { id: 4 }] } },
      include: { members: { select: { id: true } } },
    }),
  );
  note(
    'connect',
    await prisma.account
      .update({
        where: { id: 3 },
        data: {
          groups: { connectOrCreate: { where: { code: 'staff' }, create: { code: 'staff' } }, disconnect: { code: 'new' } },
          tickets: { updateMany: { where: {}, data: { status: 'held' } } },
        },
        include: { groups: true, tickets: true },
      })
      .then(({ groups, tickets }) => [groups, tickets]),
  );
  note('update many', await prisma.account.updateMany({ where: { active: false }, data: { score: { multiply: 2 } } }));
  note(
    'update and return',
    await prisma.ticket.updateManyAndReturn({
      where: { status: 'held' },
      data: { status: 'closed' },
      select: { id: true, status: true },
    }),
  );
  note('delete', await prisma.account.delete({ where: { id: 5 }, select: { id: true } }));
  note('cascade', await prisma.ticket.count());
  note('delete many', await prisma.account.deleteMany({ where: { score: { gt: 17 } } }));
  await prisma.account.delete({ where: { id: 2 } });
  note('set null', await prisma.account.count({ where: { managerId: null } }));

  note(
    'batch',
    await prisma.$transaction([prisma.group.count(), prisma.group.create({ data: { code: 'batch' } }), prisma.group.count()]),
  );
  await noteError('batch rollback', () =>
    prisma.$transaction([prisma.group.create({ data: { code: 'gone' } }), prisma.group.create({ data: { code: 'batch' } })]),
  );
  await noteError('rollback', () =>
    prisma.$transaction(async (tx) => {
      await tx.ticket.deleteMany();
      note('inside', await tx.ticket.count());
      throw new Error('no');
    }),
  );
  note('after rollback', [await prisma.ticket.count(), await prisma.group.count()]);
  note(
    'commit',
    await prisma.$transaction(async (tx) => (await tx.group.create({ data: { code: 'tx' } })).code, {
      isolationLevel: 'Serializable',
    }),
  );

  note(
    'raw',
    await prisma.$queryRaw`SELECT 1 AS i, 1.5 AS r, 'x' AS t, NULL AS n, ${5} AS p, ${'text'} AS s, ${true} AS truth, ${new Date(0)} AS d`,
  );
  note(
    'raw rows',
    await prisma.$queryRaw(
      Prisma.sql`SELECT id, active, balance, opened, views, typeof(views) AS t FROM account WHERE id IN (${Prisma.join([1, 3])}) ORDER BY id`,
    ),
  );
  note('execute', await prisma.$executeRaw`UPDATE account SET score = 0 WHERE id < ${4}`);
  note('introspection', await prisma.$queryRaw`SELECT name, type FROM pragma_table_info('ticket')`);
  note('queries', queries.length);
  await prisma.$disconnect();
});
