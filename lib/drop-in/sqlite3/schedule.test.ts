/** The queue of a database's calls. */
import { expect, test } from 'vitest';
import { Schedule } from './schedule.ts';

/** Calls by name, and what became of them. */
function bench() {
  const log: string[] = [];
  const schedule = new Schedule((reason) => log.push(`refused: ${reason}`));
  const add = (name: string, isExclusive = false) =>
    schedule.add(
      {
        start: () => {
          log.push(name);
          schedule.begin();
        },
        refuse: (reason) => log.push(`${name}: ${reason}`) > 0,
      },
      isExclusive,
    );
  const end = () => {
    schedule.end();
    schedule.proceed();
  };
  return { log, schedule, add, end };
}

test('everything waits for the database to be open', () => {
  const { log, schedule, add } = bench();
  add('a');
  add('b');
  expect(log).toEqual([]);
  schedule.isOpen = true;
  schedule.proceed();
  expect(log).toEqual(['a', 'b']);
});

test('an exclusive call waits for what runs, and keeps what is queued behind it waiting', () => {
  const { log, schedule, add, end } = bench();
  schedule.isOpen = true;
  add('a');
  add('exclusive', true);
  // What is not exclusive overtakes one that waits, as in node-sqlite3.
  add('b');
  expect(log).toEqual(['a', 'b']);
  end();
  expect(log).toEqual(['a', 'b']);
  end();
  expect(log).toEqual(['a', 'b', 'exclusive']);
  add('c');
  expect(log).toEqual(['a', 'b', 'exclusive']);
  end();
  expect(log).toEqual(['a', 'b', 'exclusive', 'c']);
});

test('while it is serialized each call waits for the one before', () => {
  const { log, schedule, add, end } = bench();
  schedule.isOpen = true;
  schedule.isSerialized = true;
  for (const name of ['a', 'b', 'c']) add(name);
  expect(log).toEqual(['a']);
  end();
  expect(log).toEqual(['a', 'b']);
  end();
  expect(log).toEqual(['a', 'b', 'c']);
});

test('once closed, what was queued and what comes is refused', () => {
  const { log, schedule, add, end } = bench();
  schedule.isOpen = true;
  add('close', true);
  add('queued');
  schedule.isOpen = false;
  end();
  add('late');
  expect(log).toEqual(['close', 'queued: Database handle is closed', 'late: Database is closed']);
});
