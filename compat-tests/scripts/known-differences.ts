/**
 * The differences that are known: checks of the recorded scripts that fail, each with its reason.
 *
 *     {"script": "with1", "step": 12, "sql": "SELECT …", "reason": "…"}          one a line
 *
 * Always true of a green run:
 * - every check that fails is listed, and every check that is listed fails;
 * - no more than `MAX_KNOWN` are listed: a longer list is no list of exceptions. What only needs a module that is still
 *   to be built (`"needs": "search"`) is listed, shown and counted apart: it goes as a whole when the module comes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const MAX_KNOWN = 60;

export interface KnownDifference {
  readonly script: string;
  /** Counted from 0, resets too. */
  readonly step: number;
  /** The statement of that step, so that the list can be read without the corpus. */
  readonly sql: string;
  readonly reason: string;
  /** Nothing but this is missing: the modules FTS3 to FTS5, R*Tree and geopoly. */
  readonly needs?: 'search';
}

/** The differences that count against `MAX_KNOWN`. */
export const exceptionsOf = (list: readonly KnownDifference[]): KnownDifference[] =>
  list.filter(({ needs }) => needs === undefined);

/** A check, by its place. */
export interface Check {
  readonly script: string;
  readonly step: number;
  readonly sql: string;
}

export interface Comparison {
  /** Failing and listed. */
  readonly known: readonly KnownDifference[];
  /** Failing and not listed. */
  readonly unexpected: readonly Check[];
  /** Listed, but passing, or no check of its script any more. */
  readonly stale: readonly KnownDifference[];
}

const placeOf = ({ script, step }: { script: string; step: number }): string => `${script}:${step}`;

/** Compares what failed with the list, as far as it is about the scripts that ran. */
export function compareWithKnown(
  list: readonly KnownDifference[],
  failed: readonly Check[],
  ran: ReadonlySet<string>,
): Comparison {
  const listed = new Map(list.map((difference) => [placeOf(difference), difference]));
  const isListed = (check: Check): boolean => listed.get(placeOf(check))?.sql === check.sql;
  const failing = new Map(failed.map((check) => [placeOf(check), check]));
  const stillFails = (difference: KnownDifference): boolean => failing.get(placeOf(difference))?.sql === difference.sql;
  return {
    known: list.filter(stillFails),
    unexpected: failed.filter((check) => !isListed(check)),
    stale: list.filter((difference) => ran.has(difference.script) && !stillFails(difference)),
  };
}

/** How many faults a comparison is: what fails unlisted, what is listed for nothing, what is too much of a list. */
export function faultCount({ unexpected, stale }: Comparison, list: readonly KnownDifference[]): number {
  return unexpected.length + stale.length + Math.max(0, exceptionsOf(list).length - MAX_KNOWN);
}

export function parseKnownDifferences(text: string): KnownDifference[] {
  const list = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as KnownDifference);
  for (const difference of list) {
    if (difference.reason.trim() === '') throw new Error(`${placeOf(difference)} has no reason`);
  }
  if (new Set(list.map(placeOf)).size < list.length) throw new Error('a check is listed twice');
  return list;
}

export function readKnownDifferences(): KnownDifference[] {
  return parseKnownDifferences(readFileSync(join(import.meta.dirname, 'known-differences.jsonl'), 'utf8'));
}
