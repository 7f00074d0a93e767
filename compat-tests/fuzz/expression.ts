/**
 * Generates scalar expressions: operators, literals, the names in scope and calls (`function-shape`).
 *
 * An argument is usually of the kind it should be, and sometimes of any: most faults hide in the conversions.
 */
import { type CallShape, callsOf, type FunctionGroup } from './function-shape.ts';
import type { Random } from './random.ts';
import { expression, group, list, type Sql } from './tree.ts';
import { BLOBS, INTEGERS, ODD_TEXTS, REALS, TEXTS } from './values.ts';

const SMALL = ['0', '1', '2', '3', '-1', '-2', '4', '6', '8', '20', '65', '233'];
const FORMATS = [
  '%d',
  '%5d|%-5d',
  '%05d',
  '%+d',
  '%,d',
  '%x',
  '%X',
  '%o',
  '%u',
  '%c',
  '%s',
  '%10s|',
  '%-10s|',
  '%.2s',
  '%q',
  '%Q',
  '%w',
  '%f',
  '%.0f',
  '%.3f',
  '%10.4f',
  '%e',
  '%.3e',
  '%g',
  '%.10g',
  '%!g',
  '%!.17g',
  '%#x',
  '%%',
  '%i %i',
  '%z',
  '%ld|%lld',
  '% d',
  '%-+8.3e|',
  '%08.2f',
  '%!.3s',
  '%!5c',
  '%5%',
  '%.20d',
  '%,.2f',
  '%#o',
  '%.15g|%G',
  '%E',
  '%#.0f',
  '%r',
  '%p',
  '%T',
  '%s %s %s',
];
/** These take their width from an argument, which must be small: it is a length in memory. */
const WIDTH_FORMATS = ['%*d', '%-*s|', '%.*f', '%0*x', '%.*s'];
const TIMES = [
  '2024-02-29',
  '2024-02-29 12:34:56',
  '2023-12-31T23:59:59.999',
  '12:00',
  '2460000.5',
  '0',
  '1700000000',
  '2024-02-30',
  '0000-01-01',
  '9999-12-31 23:59:59',
  '2024-01-01 00:00:00+05:30',
  'garbage',
  '2024-01-31',
  '1900-02-28 23:59',
  '-4713-11-24 12:00:00',
  '2000-01-01T00:00:00Z',
  '2024-06-15 10:20:30.123456',
  '2024-13-01',
  '24:00',
  '-1',
  '5373484.5',
  '1e10',
  '',
];
const MODIFIERS = [
  '+1 day',
  '-1 month',
  '+1 year',
  'start of month',
  'start of year',
  'start of day',
  'weekday 0',
  '+1.5 hours',
  'unixepoch',
  'julianday',
  'auto',
  'subsec',
  'ceiling',
  'floor',
  '+0001-02-03',
  '-00:30',
  'nonsense',
  'weekday 3',
  'weekday 7',
  'utc',
  'localtime',
  'subsecond',
  '+13 months',
  '-1 year',
  '+90 seconds',
  '-0.25 days',
  '+1e3 minutes',
  '-0000-01-31 12:00',
  '+0001-00-00 00:00:00.5',
  '12:30:15',
];
const TIME_FORMATS = [
  '%Y-%m-%d',
  '%H:%M:%f',
  '%s',
  '%J',
  '%j %W %w %u',
  '%G-%V',
  '%e %k %I %l %p %P',
  '%R %T %F %D',
  '%U %%',
  '%q',
];
const VALID_DOCUMENTS = [
  '{"a":1,"b":[1,2,{"c":null}],"d":"x"}',
  '[1,2.5,"three",null,true]',
  '{}',
  '[]',
  '"text"',
  '123',
  '1e400',
  'null',
  '{a:1,}',
  '{"a":"\\u00e9\\n"}',
  ' [ 1 , -0 ] ',
  '{"a":1,"a":2}',
  '{"a":{"b":{"c":[[]]}}}',
  '"\\ud834\\udd1e"',
  '-0.0',
  '9223372036854775808',
  '[1.0,1e3,-1E-2,0.1]',
  "{'single':'quoted',$id:+1,h:0x1F,n:NaN,i:-Infinity}",
  '[1,/* note */2]',
  '{"":1,"a b":2,"\\"":3}',
  '"line\\nbreak"',
  'true',
];
const DOCUMENTS = [...VALID_DOCUMENTS, '[1,2', ' ', '{"a" 1}'];
const withDecimals = (documents: readonly string[]): readonly string[] => documents.map((text) => text.replace('0x1F', '31'));
const PATHS = [
  '$',
  '$.a',
  '$.b',
  '$.b[0]',
  '$.b[2].c',
  '$[0]',
  '$[#-1]',
  '$[9]',
  '$.x.y',
  '$."a"',
  'a',
  '$.',
  '$[',
  '$.b[#]',
  '$[#-2]',
  '$.a.b.c',
  '$[1][0]',
  '$."a b"',
  '$.""',
  '$[-1]',
  '$.b[#-1].c',
];
const VALID_PATHS = PATHS.slice(0, 9);
const CAST_TYPES = [
  'INTEGER',
  'REAL',
  'TEXT',
  'BLOB',
  'NUMERIC',
  'INT',
  'VARCHAR(3)',
  'DECIMAL(4,1)',
  'FLOAT',
  'NONE',
  'CLOB',
  'CHARINT',
];
const COLLATIONS = ['BINARY', 'NOCASE', 'RTRIM'];
const COMPARISONS = ['=', '==', '<>', '!=', '<', '<=', '>', '>=', 'IS', 'IS NOT', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'];
const ARITHMETIC = ['+', '-', '*', '/', '%', '&', '|', '<<', '>>', '||'];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export interface Scope {
  /** Names that may be used as they are. */
  readonly columns: readonly string[];
  readonly functions: readonly FunctionGroup[];
  /** Leave out what may fail while running: which row fails first is a matter of the plan. */
  readonly neverFails?: boolean;
  /** Makes a subquery that gives one value. */
  readonly subquery?: () => Sql;
}

export class ExpressionGenerator {
  readonly #random: Random;
  readonly #scope: Scope;
  readonly #calls: readonly CallShape[];
  #isBelowJsonb = false;

  constructor(random: Random, scope: Scope) {
    this.#random = random;
    this.#scope = scope;
    this.#calls = callsOf(scope.functions, scope.neverFails === true);
  }

  literal(): Sql {
    const random = this.#random;
    const pool = random.weighted([
      [6, INTEGERS],
      [4, REALS],
      [6, TEXTS],
      [1, ODD_TEXTS],
      [2, BLOBS],
      [2, ['NULL']],
      [1, ['TRUE', 'FALSE']],
    ]);
    return expression(random.pick(pool));
  }

  /** An expression that is at most `depth` operators deep. */
  make(depth: number): Sql {
    const random = this.#random;
    if (depth <= 0 || random.oneIn(6)) return this.#leaf();
    const a = (): Sql => this.make(depth - 1);
    const make = random.weighted<() => Sql>([
      [8, () => expression('(', a(), ` ${random.pick(ARITHMETIC)} `, a(), ')')],
      [8, () => expression('(', a(), ` ${random.pick(COMPARISONS)} `, a(), ')')],
      [3, () => expression('(', a(), random.pick([' AND ', ' OR ']), a(), ')')],
      [4, () => expression('(', random.pick(['- ', '+', '~', 'NOT ']), a(), ')')],
      [2, () => expression('(', a(), random.pick([' ISNULL', ' NOTNULL', ' NOT NULL', ' IS TRUE', ' IS NOT FALSE']), ')')],
      [2, () => expression('(', a(), random.pick([' BETWEEN ', ' NOT BETWEEN ']), a(), ' AND ', a(), ')')],
      [3, () => expression('(', a(), random.pick([' IN (', ' NOT IN (']), list(random.many(random.between(1, 4), a)), '))')],
      [2, () => expression('(', a(), random.pick([' LIKE ', ' NOT LIKE ', ' GLOB ', ' NOT GLOB ']), a(), ')')],
      [1, () => expression('(', a(), ' LIKE ', a(), ` ESCAPE '${random.pick(['\\', '%', 'a', '_'])}')`)],
      [3, () => this.#case(depth - 1)],
      [4, () => expression('CAST(', a(), ` AS ${random.pick(CAST_TYPES)})`)],
      [2, () => expression('(', a(), ` COLLATE ${random.pick(COLLATIONS)})`)],
      [1, () => this.#rowComparison(depth - 1)],
      [12, () => this.#call(depth - 1)],
    ]);
    return make();
  }

  #leaf(): Sql {
    const { columns, subquery } = this.#scope;
    if (subquery !== undefined && this.#random.oneIn(8)) return subquery();
    return columns.length > 0 && !this.#random.oneIn(3) ? expression(this.#random.pick(columns)) : this.literal();
  }

  #case(depth: number): Sql {
    const random = this.#random;
    const arms = random.many(random.between(1, 3), () => group('WHEN ', this.make(depth), ' THEN ', this.make(depth)));
    const subject = random.oneIn(2) ? group(this.make(depth), ' ') : '';
    const otherwise = random.oneIn(2) ? group(' ELSE ', this.make(depth)) : '';
    return expression('(CASE ', subject, list(arms, ' '), otherwise, ' END)');
  }

  #rowComparison(depth: number): Sql {
    const row = (): Sql => group('(', this.make(depth), ', ', this.make(depth), ')');
    return expression('(', row(), ` ${this.#random.pick(COMPARISONS.slice(0, 10))} `, row(), ')');
  }

  #call(depth: number): Sql {
    if (this.#calls.length === 0) return this.#leaf();
    return this.call(this.#random.pick(this.#calls), depth);
  }

  call({ name, args }: CallShape, depth: number): Sql {
    const wasBelowJsonb = this.#isBelowJsonb;
    const documents = wasBelowJsonb ? withDecimals : (own: readonly string[]) => own;
    this.#isBelowJsonb ||= name.startsWith('jsonb');
    const argument = (kind: string): Sql => this.#argument(kind, depth, documents);
    const sql = expression(`${name}(`, group(...[...args].flatMap((kind, at) => [at === 0 ? '' : ', ', argument(kind)])), ')');
    this.#isBelowJsonb = wasBelowJsonb;
    return sql;
  }

  #argument(kind: string, depth: number, documents: (own: readonly string[]) => readonly string[]): Sql {
    const random = this.#random;
    // Probability is read when the statement is prepared, and a wrong one is another statement altogether.
    if (kind === 'p') return random.pick(['0.5', '0.0', '1.0']);
    if (random.oneIn(12) && !'JQvwz'.includes(kind)) return this.make(depth);
    switch (kind) {
      case 'n':
        return random.oneIn(2) ? this.make(depth) : expression(random.pick(random.oneIn(2) ? INTEGERS : REALS));
      case 't':
        return random.oneIn(2) ? this.make(depth) : expression(random.pick(TEXTS));
      case 's':
      case 'z':
        return expression(random.pick(SMALL));
      case 'f':
        return expression(quoted(random.pick(FORMATS)));
      case 'w':
        return expression(quoted(random.pick(WIDTH_FORMATS)));
      case 'd':
        return expression(quoted(random.pick(TIMES)));
      case 'm':
        return expression(quoted(random.pick(MODIFIERS)));
      case 'F':
        return expression(quoted(random.pick(TIME_FORMATS)));
      case 'j':
        return expression(quoted(random.pick(documents(DOCUMENTS))));
      case 'P':
        return expression(quoted(random.pick(PATHS)));
      case 'J':
        return expression(quoted(random.pick(documents(VALID_DOCUMENTS))));
      case 'Q':
        return expression(quoted(random.pick(VALID_PATHS)));
      case 'v':
        return expression('quote(', this.make(depth), ')');
      default:
        return this.make(depth);
    }
  }
}
