/**
 * What the nested campaign met, by name: each subquery with its form and the clause it stands in, how deep they go, and what
 * their FROM is made of. Read off the statement's text, not off what the generator meant to write.
 */

const CLAUSE = /^(SELECT|FROM|JOIN|ON|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|FILTER)\b/;

interface Level {
  clause: string;
  /** It is a SELECT in an expression, not a list of values, arguments or a part of FROM. */
  readonly isSubquery: boolean;
  readonly text: string;
  sources: number;
}

/** The form of the subquery whose bracket stands behind `before`. */
function formOf(before: string): string {
  if (/\bNOT EXISTS $/.test(before)) return 'NOT EXISTS';
  if (/\bEXISTS $/.test(before)) return 'EXISTS';
  const [, row, not] = /(\))?( NOT)? IN $/.exec(before) ?? [];
  if (!before.endsWith(' IN ')) return 'scalar';
  return `${row === undefined || !/\(\w+\.\w+, \w+\.\w+\)( NOT)? IN $/.test(before) ? '' : 'row '}${not === undefined ? '' : 'NOT '}IN`;
}

const CLAUSES: Readonly<Record<string, string>> = { SELECT: 'an output', 'ORDER BY': 'ORDER BY', FILTER: 'FILTER' };

const PATTERNS: Readonly<Record<string, RegExp>> = {
  'LEFT JOIN': / LEFT JOIN /,
  'RIGHT JOIN': / RIGHT JOIN /,
  'FULL JOIN': / FULL JOIN /,
  'inner join': /(?<!LEFT|RIGHT|FULL|CROSS) JOIN /,
  'CROSS JOIN': / CROSS JOIN /,
  'comma join': / FROM [^()]* AS \w+, /,
  'NATURAL JOIN': / NATURAL /,
  USING: / USING \(/,
  'derived table': / (FROM|JOIN|,) \(SELECT/,
  view: / (FROM|JOIN|,) v\d/,
  CTE: /^WITH /,
  'recursive CTE': /c\d\(n, d\)/,
  MATERIALIZED: / AS MATERIALIZED/,
  'NOT MATERIALIZED': / AS NOT MATERIALIZED/,
  'GROUP BY': / GROUP BY /,
  HAVING: / HAVING /,
  DISTINCT: /SELECT DISTINCT /,
  'UNION ALL': / UNION ALL /,
  UNION: / UNION (?!ALL)/,
  EXCEPT: / EXCEPT /,
  INTERSECT: / INTERSECT /,
  window: / OVER \(/,
  'ORDER BY': / ORDER BY /,
  LIMIT: / LIMIT /,
  OFFSET: / OFFSET /,
  COLLATE: / COLLATE /,
};

const JOIN_COUNTS = ['two sources', 'three sources', 'four sources', 'five sources'];
const FORMS = ['scalar', 'EXISTS', 'NOT EXISTS', 'IN', 'NOT IN', 'row IN', 'row NOT IN'];
const PLACES = ['WHERE', 'an output', 'ORDER BY', 'HAVING', 'ON'];
const DEPTHS = ['subqueries two deep', 'subqueries three deep'];

/** Every construct of the campaign. */
export const NESTED_CONSTRUCTS: readonly string[] = [
  ...FORMS.flatMap((form) =>
    PLACES.filter((place) => place !== 'ORDER BY' || form === 'scalar').map((place) => `${form} in ${place}`),
  ),
  'correlated',
  'correlated over two levels',
  'uncorrelated',
  ...DEPTHS,
  ...JOIN_COUNTS,
  ...Object.keys(PATTERNS),
];

/** Aliases are given once in a statement: what a part names and does not define stands outside of it. */
function outerNames(part: string): readonly string[] {
  const own = new Set([...part.matchAll(/ AS (a\d+)\b/g)].map(([, name]) => name));
  return [...new Set([...part.matchAll(/\b(a\d+)\./g)].map(([, name]) => name ?? ''))].filter((name) => !own.has(name));
}

/** The text from the bracket at `start` to the one that closes it. */
function bracketed(sql: string, start: number): string {
  let [depth, isText] = [0, false];
  for (let at = start; at < sql.length; at++) {
    if (sql[at] === "'") isText = !isText;
    if (isText) continue;
    if (sql[at] === '(') depth += 1;
    if (sql[at] === ')') depth -= 1;
    if (depth === 0) return sql.slice(start, at + 1);
  }
  return sql.slice(start);
}

export function nestedConstructsOf(sql: string): readonly string[] {
  const found = new Set(Object.entries(PATTERNS).flatMap(([name, pattern]) => (pattern.test(sql) ? [name] : [])));
  const levels: Level[] = [{ clause: '', isSubquery: false, text: sql, sources: 0 }];
  let isText = false;
  for (let at = 0; at < sql.length; at++) {
    if (sql[at] === "'") isText = !isText;
    if (isText) continue;
    const level = levels.at(-1) as Level;
    if (sql[at] === '(') {
      const isSelect = /^\((SELECT|VALUES)\b/.test(sql.slice(at, at + 8));
      const isSubquery =
        isSelect &&
        level.clause !== 'FROM' &&
        !sql.slice(0, at).endsWith('MATERIALIZED ') &&
        !/\bc\d AS $/.test(sql.slice(0, at));
      const text = isSelect ? bracketed(sql, at) : '';
      if (isSubquery) subquery(found, levels, sql.slice(Math.max(0, at - 60), at), text);
      levels.push({ clause: isSelect ? 'SELECT' : '', isSubquery, text, sources: 0 });
    } else if (sql[at] === ')') levels.pop();
    else if (sql[at - 1] === ' ') {
      const [word] = CLAUSE.exec(sql.slice(at, at + 10)) ?? [];
      if (word === undefined) continue;
      level.clause = word === 'JOIN' ? 'FROM' : word;
      if (word === 'FROM') level.sources = 1;
      if (word === 'JOIN') found.add(JOIN_COUNTS[level.sources++ - 1] ?? '');
    }
  }
  return [...found].filter((name) => NESTED_CONSTRUCTS.includes(name));
}

/** Takes note of a subquery inside `levels`, behind the text `before`. */
function subquery(found: Set<string>, levels: readonly Level[], before: string, text: string): void {
  const clause = levels.findLast((level) => level.clause !== '')?.clause ?? '';
  found.add(`${formOf(before)} in ${CLAUSES[clause] ?? clause}`);
  const around = levels.filter((level) => level.isSubquery);
  found.add(DEPTHS[around.length - 1] ?? '');
  const names = outerNames(text);
  found.add(names.length > 0 ? 'correlated' : 'uncorrelated');
  const enclosing = around.at(-1);
  if (enclosing !== undefined && names.some((name) => outerNames(enclosing.text).includes(name)))
    found.add('correlated over two levels');
}
