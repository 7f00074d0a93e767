/**
 * For every statement form, function and PRAGMA of SQLite: how many checks use it, and how many of them agree.
 *
 *     same                  every check that uses it gives SQLite's answer
 *     same but for search   what fails needs the search modules
 *     differs               not every check agrees
 *     missing               the engine does not list it
 *     untested              no check uses it
 */
import type { Connection, Engine } from '../engine.ts';
import { CLAUSE_NAMES, featuresOf } from './features.ts';
import type { KnownDifference } from './known-differences.ts';
import type { Script } from './run-script.ts';

export type State = 'same' | 'same but for search' | 'differs' | 'missing' | 'untested';

export interface FeatureCount {
  readonly name: string;
  checks: number;
  agreeing: number;
  /** The scripts with checks that fail for more than search. */
  readonly differing: Set<string>;
  readonly isListed: boolean;
}

export function stateOf({ checks, agreeing, differing, isListed }: FeatureCount): State {
  if (!isListed) return 'missing';
  if (checks === 0) return 'untested';
  if (agreeing === checks) return 'same';
  return differing.size === 0 ? 'same but for search' : 'differs';
}

/** Functions that come with the search modules, which this page is not about. */
const SEARCH_FUNCTION = /^(fts|geopoly|rtree|bm25|highlight|snippet|offsets|optimize|matchinfo)/;

function names(db: Connection, sql: string): string[] {
  return (db.prepare(sql).pluck().all() as string[]).map((name) => name.toLowerCase());
}

const FUNCTIONS = 'SELECT DISTINCT name FROM pragma_function_list ORDER BY 1';
const PRAGMAS = 'SELECT DISTINCT name FROM pragma_pragma_list ORDER BY 1';

export class FeatureCounts {
  readonly clauses: readonly FeatureCount[];
  readonly functions: readonly FeatureCount[];
  readonly pragmas: readonly FeatureCount[];
  readonly searchFunctions: readonly string[];

  constructor(reference: Engine, subject: Engine) {
    const [ours, theirs] = [subject.open(':memory:'), reference.open(':memory:')];
    const count = (all: readonly string[], listed: readonly string[]): FeatureCount[] =>
      all.map((name) => ({ name, checks: 0, agreeing: 0, differing: new Set<string>(), isListed: listed.includes(name) }));
    const functions = names(theirs, FUNCTIONS);
    this.searchFunctions = functions.filter((name) => SEARCH_FUNCTION.test(name));
    this.functions = count(
      functions.filter((name) => !SEARCH_FUNCTION.test(name)),
      names(ours, FUNCTIONS),
    );
    this.pragmas = count(names(theirs, PRAGMAS), names(ours, PRAGMAS));
    this.clauses = count(CLAUSE_NAMES, CLAUSE_NAMES);
    ours.close();
    theirs.close();
  }

  /** Counts a script's checks; the steps that failed are known by their numbers, and `known` says why they may. */
  add(script: Script, failedSteps: ReadonlySet<number>, known: readonly KnownDifference[]): void {
    const waiting = known.filter((difference) => difference.script === script.file && difference.needs === 'search');
    const searches = new Set(waiting.map(({ step }) => step));
    for (const [at, step] of script.steps.entries()) {
      if (!('sql' in step) || step.unchecked === true) continue;
      const features = featuresOf(step.sql);
      const uses: readonly (readonly [readonly FeatureCount[], readonly string[]])[] = [
        [this.clauses, features.clauses],
        [this.functions, features.functions],
        [this.pragmas, features.pragmas],
      ];
      for (const [counts, used] of uses) {
        for (const feature of counts) {
          if (!used.includes(feature.name)) continue;
          feature.checks += 1;
          if (!failedSteps.has(at)) feature.agreeing += 1;
          else if (!searches.has(at)) feature.differing.add(script.file);
        }
      }
    }
  }
}
