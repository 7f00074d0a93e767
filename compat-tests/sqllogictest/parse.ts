/**
 * The sqllogictest file format: text into records.
 *
 *     # comment                     hash-threshold 8 # may carry a comment
 *     skipif mysql # not compatible
 *     statement ok                  query III rowsort label-7
 *     CREATE TABLE t1(x)            SELECT a, b, c FROM t1
 *                                   ----
 *                                   30 values hashing to 3c13dee48d9356ae19af2515e05e6b54
 *
 * Records end at an empty line. Conditions (`skipif`, `onlyif`) apply to the record that follows; here the engine
 * counts as `sqlite`, and records meant for others are dropped.
 */

export type SortMode = 'nosort' | 'rowsort' | 'valuesort';

export type Expectation =
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'hash'; readonly count: number; readonly md5: string };

interface Place {
  /** The line of the record's first word, counted from 1. */
  readonly line: number;
  readonly sql: string;
}

export type StatementRecord = Place & { readonly kind: 'statement'; readonly mustFail: boolean };
export type QueryRecord = Place & {
  readonly kind: 'query';
  readonly types: string;
  readonly sort: SortMode;
  readonly label: string | undefined;
  readonly expected: Expectation;
};
export type LogicRecord = StatementRecord | QueryRecord;

const HASH_LINE = /^(\d+) values hashing to ([0-9a-f]{32})$/;

function sortModeOf(word: string | undefined, line: number): SortMode {
  if (word === undefined || word === 'nosort') return 'nosort';
  if (word === 'rowsort' || word === 'valuesort') return word;
  throw new Error(`line ${line}: unknown sort mode ${word}`);
}

function expectationOf(lines: readonly string[]): Expectation {
  const hash = lines.length === 1 ? HASH_LINE.exec(lines[0] ?? '') : null;
  if (hash === null) return { kind: 'values', values: lines };
  return { kind: 'hash', count: Number(hash[1]), md5: hash[2] ?? '' };
}

export function parseRecords(text: string): LogicRecord[] {
  const lines = text.split(/\r?\n/);
  const records: LogicRecord[] = [];
  let isForOthers = false;
  let at = 0;
  const takeUntilBlank = (): string[] => {
    const taken: string[] = [];
    while (at < lines.length && lines[at] !== '') taken.push(lines[at++] ?? '');
    return taken;
  };
  while (at < lines.length) {
    const line = at + 1;
    const words = (lines[at++] ?? '').replace(/#.*/, '').trim().split(/\s+/);
    switch (words[0]) {
      case '':
      case 'hash-threshold':
        break;
      case 'skipif':
        isForOthers ||= words[1] === 'sqlite';
        break;
      case 'onlyif':
        isForOthers ||= words[1] !== 'sqlite';
        break;
      case 'halt':
        if (!isForOthers) return records;
        isForOthers = false;
        break;
      case 'statement': {
        const sql = takeUntilBlank().join('\n');
        if (!isForOthers) records.push({ kind: 'statement', line, sql, mustFail: words[1] === 'error' });
        isForOthers = false;
        break;
      }
      case 'query': {
        const body = takeUntilBlank();
        const divider = body.indexOf('----');
        const sql = (divider < 0 ? body : body.slice(0, divider)).join('\n');
        const expected = expectationOf(divider < 0 ? [] : body.slice(divider + 1));
        const sort = sortModeOf(words[2], line);
        if (!isForOthers) records.push({ kind: 'query', line, sql, types: words[1] ?? '', sort, label: words[3], expected });
        isForOthers = false;
        break;
      }
      default:
        throw new Error(`line ${line}: unknown record ${words[0]}`);
    }
  }
  return records;
}
