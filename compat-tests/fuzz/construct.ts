/**
 * What the campaign must have met: every construct of the dialect by name, recognised in the statement's text.
 *
 * Counting what was written, and not what the generator meant to write, keeps the count honest. Functions are counted
 * by their names.
 */
import { CALLS } from './function-shape.ts';

const CONSTRUCTS: Readonly<Record<string, RegExp>> = {
  // Windows
  'OVER (…)': / OVER \(/,
  'OVER name': / OVER w\d/,
  'WINDOW clause': / WINDOW w/,
  'window based on another': / OVER \(w\d?[ )]/,
  'PARTITION BY': /PARTITION BY /,
  'frame ROWS': / ROWS [BUC\d(-]/,
  'frame RANGE': / RANGE [BUC\d(-]/,
  'frame GROUPS': / GROUPS [BUC\d(-]/,
  'frame BETWEEN': / (ROWS|RANGE|GROUPS) BETWEEN /,
  'UNBOUNDED PRECEDING': /UNBOUNDED PRECEDING/,
  'n PRECEDING': /\d PRECEDING/,
  'CURRENT ROW': /CURRENT ROW/,
  'n FOLLOWING': /\d FOLLOWING/,
  'UNBOUNDED FOLLOWING': /UNBOUNDED FOLLOWING/,
  'EXCLUDE NO OTHERS': /EXCLUDE NO OTHERS/,
  'EXCLUDE CURRENT ROW': /EXCLUDE CURRENT ROW/,
  'EXCLUDE GROUP': /EXCLUDE GROUP/,
  'EXCLUDE TIES': /EXCLUDE TIES/,
  'FILTER over a window': /FILTER \(WHERE [^()]*(\([^()]*\)[^()]*)*\) OVER/,
  // WITH
  WITH: /^WITH (?!RECURSIVE)/,
  'WITH RECURSIVE': /WITH RECURSIVE/,
  'recursive with ORDER BY': /cte\d\(x, y\).* ORDER BY \d[^)]* LIMIT/,
  'recursive with OFFSET': /cte\d\(x, y\).* LIMIT \d+ OFFSET/,
  MATERIALIZED: / AS MATERIALIZED/,
  'NOT MATERIALIZED': / NOT MATERIALIZED/,
  'WITH before a change': /^WITH .*(UPDATE|DELETE FROM) /,
  // Joins
  'comma join': / FROM [^ ]+ AS \w+, /,
  'INNER JOIN': / INNER JOIN /,
  'LEFT JOIN': / LEFT (OUTER )?JOIN /,
  'RIGHT JOIN': / RIGHT JOIN /,
  'FULL JOIN': / FULL (OUTER )?JOIN /,
  'CROSS JOIN': / CROSS JOIN /,
  'NATURAL JOIN': / NATURAL /,
  USING: / USING \(/,
  'three sources': / AS q2\b/,
  // Values and conditions
  'row comparison': /\w, [^()]+\) (=|<|>|<=|>=|<>|IS|IS NOT) \(/,
  'row IN (VALUES …)': /\) (NOT )?IN \(VALUES/,
  'row IN (SELECT …)': /\) (NOT )?IN \(SELECT/,
  'row BETWEEN': /\w, [^()]+\) BETWEEN \(/,
  'IN table': / IN (main\.|temp\.|aux\.)?[tv]\d/,
  'IN (SELECT …)': / IN \(SELECT/,
  'IN ()': / IN \(\)/,
  EXISTS: /EXISTS \(SELECT/,
  'IS DISTINCT FROM': /IS DISTINCT FROM/,
  'IS NOT DISTINCT FROM': /IS NOT DISTINCT FROM/,
  'LIKE … ESCAPE': / ESCAPE /,
  GLOB: / GLOB /,
  CASE: /CASE /,
  'COLLATE in an expression': /(SELECT|WHERE|ON|BY) .* COLLATE /,
  CAST: /CAST\(/,
  // Aggregates and grouping
  'ordered aggregate':
    /(group_concat|string_agg|sum|total|avg|json_group_array|json_group_object)\([^()]*(\([^()]*\)[^()]*)* ORDER BY/,
  'DISTINCT aggregate': /(count|sum|total|avg|min|group_concat)\(DISTINCT /,
  FILTER: / FILTER \(WHERE/,
  'bare columns beside min/max': /^SELECT (.*, )?(min|max)\(q0\.\w+\).* FROM [\w.]+ AS q0(?!,)/,
  'GROUP BY': / GROUP BY /,
  'GROUP BY ordinal': / GROUP BY \d/,
  HAVING: / HAVING /,
  // Other forms of SELECT
  'SELECT DISTINCT': /SELECT DISTINCT/,
  'SELECT *': /SELECT \*/,
  'source.*': /q0\.\*/,
  'UNION ALL': / UNION ALL /,
  UNION: / UNION (?!ALL)/,
  INTERSECT: / INTERSECT /,
  EXCEPT: / EXCEPT /,
  'VALUES as a query': /^VALUES/,
  'VALUES as an arm': /(UNION|EXCEPT|INTERSECT|ALL) VALUES/,
  'VALUES in FROM': /FROM \(VALUES/,
  'ORDER BY … NULLS': / NULLS (FIRST|LAST)/,
  'ORDER BY … COLLATE': / ORDER BY .* COLLATE /,
  LIMIT: / LIMIT /,
  'LIMIT … OFFSET': / OFFSET /,
  'LIMIT a, b': / LIMIT \d+, \d/,
  'INDEXED BY': / INDEXED BY /,
  'NOT INDEXED': / NOT INDEXED/,
  'arms of other affinities in FROM': /\(SELECT [^()]*CAST\([^()]*\)[^()]*(\([^()]*\)[^()]*)* UNION ALL /,
  'subquery in FROM': / (FROM|JOIN|,) \(SELECT/,
  'view in FROM': / (FROM|JOIN|,) (main\.|temp\.)?v\d/,
  'subquery in an output': /^SELECT (?:(?! FROM ).)*\(SELECT/,
  'subquery in ON': / ON (?:(?! WHERE | JOIN ).)*\(SELECT/,
  'subquery in WHERE': / WHERE .*\(SELECT/,
  'subquery in GROUP BY': / GROUP BY .*\(SELECT/,
  'subquery in HAVING': / HAVING .*\(SELECT/,
  'subquery in ORDER BY': / ORDER BY .*\(SELECT/,
  'subquery in LIMIT': / LIMIT \(SELECT/,
  'subquery in SET': / SET .*\(SELECT/,
  'subquery in RETURNING': / RETURNING .*\(SELECT/,
  'json_each/json_tree in FROM': / (FROM|JOIN|,) json_(each|tree)\(/,
  'pragma_* in FROM': / (FROM|JOIN|,) pragma_/,
  // Changes
  'INSERT … VALUES': /^(INSERT|REPLACE).* VALUES /,
  'INSERT … SELECT': /^(INSERT|REPLACE)[^()]*(\([^()]*\))? SELECT/,
  'INSERT DEFAULT VALUES': / DEFAULT VALUES/,
  'REPLACE INTO': /^REPLACE/,
  ...Object.fromEntries(
    ['INSERT', 'UPDATE'].flatMap((verb) =>
      ['IGNORE', 'REPLACE', 'ABORT', 'FAIL', 'ROLLBACK'].map((word) => [
        `${verb} OR ${word}`,
        new RegExp(`\\b${verb} OR ${word}`),
      ]),
    ),
  ),
  ...Object.fromEntries(
    ['IGNORE', 'REPLACE', 'ABORT', 'FAIL', 'ROLLBACK'].map((word) => [
      `constraint ON CONFLICT ${word}`,
      new RegExp(`ON CONFLICT ${word}`),
    ]),
  ),
  'UPSERT DO NOTHING': / DO NOTHING/,
  'UPSERT DO UPDATE': / DO UPDATE SET/,
  'UPSERT without target': / ON CONFLICT\s+DO /,
  'UPSERT target with WHERE': / ON CONFLICT \([^)]*\)?[^)]*\) WHERE /,
  'UPSERT update with WHERE': / DO UPDATE SET .* WHERE (excluded|t\d)/,
  'UPSERT of several clauses': / DO .* ON CONFLICT .* DO /,
  excluded: /excluded\./,
  'UPDATE … FROM': /^UPDATE.* SET .* FROM .* AS f WHERE/,
  'UPDATE … FROM with a window': /^UPDATE.* SET .* OVER \(.* FROM .* AS f WHERE/,
  'UPDATE … FROM with an aggregate': /^UPDATE.* SET .*= 'm' \|\| max\(.* FROM .* AS f WHERE/,
  'UPDATE … FROM … LIMIT': /^UPDATE.* FROM .* AS f WHERE.* LIMIT/,
  'window in ORDER BY of a change': /^(UPDATE|DELETE).* ORDER BY row_number\(\) OVER/,
  'UPDATE SET (a, b) = row': / SET \([^)]*\) = \((?!SELECT)/,
  'UPDATE SET (a, b) = (SELECT …)': / SET \([^)]*\) = \(SELECT/,
  'UPDATE … ORDER BY … LIMIT': /^UPDATE.* ORDER BY .* LIMIT/,
  'DELETE … ORDER BY … LIMIT': /^DELETE.* ORDER BY .* LIMIT/,
  DELETE: /DELETE FROM/,
  RETURNING: / RETURNING /,
  'JSON subtype behind CAST': / RETURNING .*json_array\(CAST\(iif/,
  'JSON subtype in RETURNING': / RETURNING .*json_array\(iif\(typeof/,
  'RETURNING *': / RETURNING \*/,
  'change of a view': /^(INSERT INTO|UPDATE|DELETE FROM) (main\.|temp\.)?v\d/,
  'change in aux': /^(INSERT INTO|UPDATE|DELETE FROM) aux\./,
  'change in temp': /^(INSERT INTO|UPDATE|DELETE FROM) temp\./,
  // Triggers
  'BEFORE trigger': / BEFORE (INSERT|UPDATE|DELETE)/,
  'AFTER trigger': / AFTER (INSERT|UPDATE|DELETE)/,
  'INSTEAD OF trigger': / INSTEAD OF (INSERT|UPDATE|DELETE)/,
  'trigger UPDATE OF': / UPDATE OF /,
  'trigger WHEN': /TRIGGER .* WHEN .* BEGIN/,
  'RAISE(IGNORE)': /RAISE\(IGNORE/,
  'RAISE(ABORT)': /RAISE\(ABORT/,
  'RAISE(FAIL)': /RAISE\(FAIL/,
  'RAISE(ROLLBACK)': /RAISE\(ROLLBACK/,
  'TEMP TRIGGER': /TEMP TRIGGER/,
  'recursive trigger': /TRIGGER z\d/,
  'JSON subtype in a trigger': /TRIGGER .*json_array\(iif\(typeof/,
  'DROP TRIGGER': /^DROP TRIGGER/,
  // Constraints and tables
  REFERENCES: / REFERENCES /,
  'FOREIGN KEY (b, c)': /FOREIGN KEY \(/,
  ...Object.fromEntries(
    ['DELETE', 'UPDATE'].flatMap((event) =>
      ['NO ACTION', 'RESTRICT', 'SET NULL', 'SET DEFAULT', 'CASCADE'].map((action) => [
        `ON ${event} ${action}`,
        new RegExp(`ON ${event} ${action}`),
      ]),
    ),
  ),
  'DEFERRABLE INITIALLY DEFERRED': /DEFERRABLE INITIALLY DEFERRED/,
  'PRIMARY KEY': / PRIMARY KEY/,
  'PRIMARY KEY DESC': / PRIMARY KEY DESC/,
  'PRIMARY KEY (a, b)': /PRIMARY KEY \(a, b\)/,
  AUTOINCREMENT: / AUTOINCREMENT/,
  UNIQUE: / UNIQUE/,
  'UNIQUE (b, c)': /UNIQUE \(b, c\)/,
  'NOT NULL': / NOT NULL/,
  CHECK: /CHECK \(/,
  'named CHECK': /CONSTRAINT k/,
  DEFAULT: / DEFAULT /,
  'column COLLATE': /^CREATE TABLE .* COLLATE /,
  STRICT: /\)[^)]*STRICT$/,
  'WITHOUT ROWID': /WITHOUT ROWID/,
  'generated VIRTUAL': / AS \(.*\) VIRTUAL/,
  'generated STORED': / AS \(.*\) STORED/,
  'CREATE TABLE AS': /^CREATE (TEMP )?TABLE [\w.]+ AS/,
  'CREATE TABLE IF NOT EXISTS': /^CREATE TABLE IF NOT EXISTS/,
  'TEMP table': /^CREATE (TEMP TABLE|TABLE (IF NOT EXISTS )?temp\.)/,
  'DROP TABLE': /^DROP TABLE/,
  'CREATE INDEX': /^CREATE INDEX/,
  'UNIQUE INDEX': /^CREATE UNIQUE INDEX/,
  'partial index': /^CREATE (UNIQUE )?INDEX .* WHERE/,
  'expression index': /^CREATE (UNIQUE )?INDEX .*(length|quote|CAST)\(/,
  'index COLLATE': /^CREATE (UNIQUE )?INDEX .* COLLATE/,
  'index DESC': /^CREATE (UNIQUE )?INDEX .* DESC/,
  'DROP INDEX': /^DROP INDEX/,
  'CREATE VIEW': /^CREATE (TEMP )?VIEW/,
  'view with column names': /^CREATE (TEMP )?VIEW (IF NOT EXISTS )?\w+\(/,
  'TEMP VIEW': /^CREATE TEMP VIEW/,
  'DROP VIEW': /^DROP VIEW/,
  // Schema
  'ALTER TABLE RENAME TO': /^ALTER TABLE .* RENAME TO/,
  'ALTER TABLE RENAME COLUMN': /^ALTER TABLE .* RENAME (COLUMN )?\w+ TO/,
  'ALTER TABLE ADD COLUMN': /^ALTER TABLE [\w.]+ ADD/,
  'ALTER TABLE DROP COLUMN': /^ALTER TABLE [\w.]+ DROP/,
  ATTACH: /^ATTACH/,
  DETACH: /^DETACH/,
  REINDEX: /^REINDEX/,
  VACUUM: /^VACUUM/,
  ANALYZE: /^ANALYZE/,
  'table in aux': /^CREATE TABLE (IF NOT EXISTS )?aux\./,
  'index in aux': /^CREATE (UNIQUE )?INDEX (IF NOT EXISTS )?aux\./,
  BEGIN: /^BEGIN/,
  COMMIT: /^(COMMIT|END)/,
  ROLLBACK: /^ROLLBACK(?!.* TO )/,
  SAVEPOINT: /^SAVEPOINT/,
  'ROLLBACK TO': /^ROLLBACK .*TO /,
  RELEASE: /^RELEASE/,
  'sqlite_schema read': /^SELECT .* FROM (\w+\.)?sqlite_(temp_)?schema/,
  'sqlite_sequence changed': /^(UPDATE|DELETE FROM) sqlite_sequence/,
  'PRAGMA with rows': /^PRAGMA [^=]*$/,
  'PRAGMA temp_store': /^PRAGMA temp_store =/,
  'PRAGMA foreign_keys': /^PRAGMA foreign_keys =/,
  'PRAGMA defer_foreign_keys': /^PRAGMA defer_foreign_keys =/,
  'PRAGMA recursive_triggers': /^PRAGMA recursive_triggers =/,
  // Values
  'integers at 2^53': /\b900719925474099[123]\b/,
  'integers at 2^63': /\b922337203685477580[678]\b/,
  'reals at the ends': /\b1e308|5e-324|1e999/,
  'negative zero': /-0\.0/,
  'texts that look like numbers': /' ?(1|1e2|0x10)'/,
  "blob x'31'": /x'31'/,
  'empty text and blob': /''|x''/,
  NULL: /\bNULL\b/,
  'text beyond ASCII': /[^ -~\n]/,
  'text that is no UTF-8': /CAST\(x'(c328|61ff)' AS TEXT\)/,
  'NUL inside text': /CAST\(x'(610062|00)' AS TEXT\)/,
};

const NAMES = Object.keys(CONSTRUCTS);
const PATTERNS = Object.values(CONSTRUCTS);

const AGGREGATES =
  'avg count group_concat json_group_array json_group_object jsonb_group_array jsonb_group_object max median min percentile percentile_cont percentile_disc string_agg sum total';
const WINDOWS = 'row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value';
const COUNTERS = 'changes total_changes last_insert_rowid';
const FUNCTIONS = new Set([
  ...Object.values(CALLS).flatMap((calls) => calls.map(({ name }) => name)),
  ...`${AGGREGATES} ${WINDOWS} ${COUNTERS}`.split(' '),
]);

const LAWS = ['TLP', 'NoREC'];

/** Everything that a long run of `sql` must have met. */
export const ALL_CONSTRUCTS: readonly string[] = [...NAMES, ...LAWS, ...[...FUNCTIONS].sort().map((name) => `${name}()`)];

export function constructsOf(sql: string): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < PATTERNS.length; at++) if (PATTERNS[at]?.test(sql) === true) found.push(NAMES[at] ?? '');
  const calls = new Set(sql.match(/\b[a-z_0-9]+(?=\()/g));
  for (const name of calls) if (FUNCTIONS.has(name)) found.push(`${name}()`);
  return found;
}

export interface ConstructCount {
  statements: number;
  succeeded: number;
}

/** What travels from a child process to its parent. */
export interface TallyRecord {
  readonly constructs: Readonly<Record<string, ConstructCount>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly statements: number;
}

/** How often each construct was met, and how the statements ended. */
export class Tally {
  readonly #constructs = new Map<string, ConstructCount>();
  readonly #errors = new Map<string, number>();
  readonly #names: readonly string[];
  statements = 0;

  /** `names`: what a long run must have met. */
  constructor(names: readonly string[] = ALL_CONSTRUCTS) {
    this.#names = names;
  }

  /** `error`: its code, when the statement failed. */
  add(constructs: readonly string[], error: string | undefined): void {
    this.statements += 1;
    if (error !== undefined) this.#errors.set(error, (this.#errors.get(error) ?? 0) + 1);
    for (const name of constructs) this.#count(name, { statements: 1, succeeded: error === undefined ? 1 : 0 });
  }

  merge({ constructs, errors, statements }: TallyRecord): void {
    this.statements += statements;
    for (const [code, times] of Object.entries(errors)) this.#errors.set(code, (this.#errors.get(code) ?? 0) + times);
    for (const [name, count] of Object.entries(constructs)) this.#count(name, count);
  }

  record(): TallyRecord {
    return {
      constructs: Object.fromEntries(this.#constructs),
      errors: Object.fromEntries(this.#errors),
      statements: this.statements,
    };
  }

  /** Constructs that no statement that succeeded had in it. */
  missing(): readonly string[] {
    return this.#names.filter((name) => (this.#constructs.get(name)?.succeeded ?? 0) === 0);
  }

  /** Three tables as text: constructs, error codes, and the share of statements that succeeded. */
  report(): string {
    const share = (times: number): string => `${((100 * times) / Math.max(1, this.statements)).toFixed(2)} %`.padStart(9);
    const line = (name: string, times: number, more = ''): string =>
      `  ${name.padEnd(34)} ${String(times).padStart(8)} ${share(times)}${more}`;
    const constructs = this.#names.map((name) => {
      const { statements, succeeded } = this.#constructs.get(name) ?? { statements: 0, succeeded: 0 };
      return line(name, statements, ` ${String(succeeded).padStart(8)}`);
    });
    const errors = [...this.#errors].sort(([, a], [, b]) => b - a).map(([code, times]) => line(code, times));
    const failed = errors.length === 0 ? 0 : [...this.#errors.values()].reduce((sum, times) => sum + times, 0);
    return [
      `  ${'construct'.padEnd(34)} statements  share  succeeded`,
      ...constructs,
      `  ${'error'.padEnd(34)} statements  share`,
      ...errors,
      line('succeeded', this.statements - failed),
    ].join('\n');
  }

  #count(name: string, { statements, succeeded }: ConstructCount): void {
    const known = this.#constructs.get(name);
    if (known === undefined) this.#constructs.set(name, { statements, succeeded });
    else {
      known.statements += statements;
      known.succeeded += succeeded;
    }
  }
}
