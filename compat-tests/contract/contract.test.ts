/** The contract runner sees what differs: values, errors, what comes later, what is missing, how a check ends. */
import { expect, test } from 'vitest';
import { type Check, type Implementation, member, type Notes } from './check.ts';
import { describe as describeValue } from './describe.ts';
import { compareRecords, runChecks } from './run.ts';

interface Side extends Notes {
  readonly answer: () => unknown;
}

const implementation = (answer: () => unknown): Implementation<Side> => ({
  name: 'planted',
  begin: ({ note, folder }) => ({ note, folder, answer }),
  end: () => {},
});

const checks: readonly Check<Side>[] = member<Side>('answer()', {
  'is noted': ({ answer, note }) => {
    note(answer);
  },
});

const fail = (code: string): never => {
  throw Object.assign(new TypeError('no'), { code });
};

const PAIRS: readonly (readonly [name: string, wanted: () => unknown, other: () => unknown])[] = [
  ['another value', () => 1, () => 2],
  ['another type', () => 1, () => 1n],
  ['the sign of zero', () => 0, () => -0],
  ['a key that is there', () => ({ a: undefined }), () => ({})],
  ['the order of keys', () => ({ a: 1, b: 2 }), () => ({ b: 2, a: 1 })],
  ['the prototype', () => ({}), () => Object.create(null)],
  ['another class of bytes', () => Buffer.from('a'), () => Uint8Array.of(97)],
  ['thrown or returned', () => fail('A'), () => new TypeError('no')],
  ['another code', () => fail('A'), () => fail('B')],
  ['another class of error', () => fail('A'), () => Promise.reject(Object.assign(new RangeError('no'), { code: 'A' }))],
  ['what a promise becomes', () => Promise.resolve(1), () => Promise.resolve(2)],
  ['a promise or a value', () => Promise.resolve(1), () => 1],
];

test.each(PAIRS)('sees %s', async (_name, wanted, other) => {
  const expected = await runChecks(checks, implementation(wanted));
  expect(compareRecords(checks, expected, await runChecks(checks, implementation(wanted)))).toStrictEqual([]);
  expect(compareRecords(checks, expected, await runChecks(checks, implementation(other)))).toHaveLength(1);
});

test('a check that ends early is a difference', async () => {
  const early = member<Side>('answer()', {
    'is noted': ({ answer }) => {
      answer();
    },
  });
  const expected = await runChecks(
    early,
    implementation(() => 1),
  );
  const actual = await runChecks(
    early,
    implementation(() => fail('A')),
  );
  expect(compareRecords(early, expected, actual)).toHaveLength(1);
});

test('long text is told by its hash', () => {
  expect(describeValue('a'.repeat(5000))).toMatch(/^string of 5000, sha256 [0-9a-f]{16}$/);
  expect(describeValue('a'.repeat(5000))).not.toBe(describeValue('b'.repeat(5000)));
});
