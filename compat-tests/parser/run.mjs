// Accept or reject: our parser against better-sqlite3's, on every statement of the corpora.
//
//     node compat-tests/parser/run.mjs [--scripts] [--sqllogictest] [--fuzz COUNT [--seed N]]
//
// Without arguments: both corpora and 20,000 fuzzed statements. Corpora come from PLURESDB_CORPORA (default
// ../shared/corpora); without them those parts are skipped, and say so. Only errors that SQLite's parser raises by
// itself count as rejection: a missing table is an accepted statement. Error texts must be equal, too.
//
// better-sqlite3 is resolved from the working directory.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fuzzedStatements } from './fuzz.mjs';

const root = resolve(import.meta.dirname, '../..');
const Database = createRequire(join(process.cwd(), 'package.json'))('better-sqlite3');
const corpora = resolve(root, process.env.PLURESDB_CORPORA ?? '../shared/corpora');

/** Messages SQLite's parser raises before it looks at any table. */
const PARSER_ERRORS = [
  /^near ".*": syntax error$/s,
  /^incomplete input$/,
  /^unrecognized token: "/,
  /^unknown join type: /,
  /clause should come after .* not before$/,
  /^too many terms in compound SELECT$/,
  /^unknown table option: /,
  /^syntax error after column name "/,
  /^variable number must be between/,
  /^too many SQL variables$/,
  /^Expression tree is too large/,
  /^Recursion limit$/,
  /clause is not allowed on UPDATE or DELETE statements within triggers$/,
  /^duplicate WITH table name: /,
  /^unsupported frame specification$/,
  /^DISTINCT is not supported for window functions$/,
  /^ORDER BY may not be used with non-aggregate /,
  /^cannot use RETURNING in a trigger$/,
  /^too many arguments on function /,
];

/** Runs the Rust half over an iterable of texts and yields [text, verdict]. */
async function* ourVerdicts(texts) {
  const cargo = ['run', '-q', '-p', 'pluresdb-sql', '--example', 'accept', '--manifest-path'];
  const child = spawn('cargo', [...cargo, join(root, 'Cargo.toml')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const sent = [];
  const feed = (async () => {
    for (const text of texts) {
      sent.push(text);
      if (!child.stdin.write(`${JSON.stringify(text)}\n`)) {
        await new Promise((drained) => child.stdin.once('drain', drained));
      }
    }
    child.stdin.end();
  })();
  for await (const line of createInterface({ input: child.stdout })) {
    yield [sent.shift(), JSON.parse(line)];
  }
  await feed;
  if (sent.length > 0) throw new Error(`the parser died on: ${sent[0]}`);
}

/** What better-sqlite3 says to one statement: undefined or the error's text. */
function prepareError(db, sql, isRun) {
  try {
    const statement = db.prepare(sql);
    if (isRun) {
      try {
        if (statement.reader) statement.all();
        else statement.run();
      } catch {
        // What a statement does is not asked here.
      }
    }
    return undefined;
  } catch (error) {
    // Several statements or none: the first was accepted, or there was nothing to accept.
    return error instanceof RangeError ? undefined : error.message;
  }
}

const isParserError = (message) => message !== undefined && PARSER_ERRORS.some((re) => re.test(message));

class Comparison {
  statements = 0;
  rejected = 0;
  masked = 0;
  differences = [];

  constructor(name) {
    this.name = name;
  }

  check(db, text, verdict, isRun) {
    let start = 0;
    if (verdict.unstable !== undefined) this.differ('print is not stable', text, verdict.unstable);
    for (const end of verdict.ends) {
      this.checkOne(db, text.slice(start, end), undefined, isRun);
      start = end;
    }
    if (verdict.error !== undefined) this.checkOne(db, text.slice(start), verdict.error, isRun);
  }

  checkOne(db, sql, ours, isRun) {
    this.statements += 1;
    const theirs = prepareError(db, sql, isRun);
    if (isParserError(theirs)) this.rejected += 1;
    // SQLite looks up names while it still parses CREATE and ALTER, so an error of that kind may come first.
    if (ours !== undefined && theirs !== undefined && !isParserError(theirs)) this.masked += 1;
    else if (ours !== (isParserError(theirs) ? theirs : undefined)) this.differ('verdicts differ', sql, ours, theirs);
  }

  differ(what, sql, ours, theirs) {
    this.differences.push({ what, sql: sql.length > 1000 ? `${sql.slice(0, 1000)}…` : sql, ours, theirs });
  }

  report() {
    for (const difference of this.differences.slice(0, 25)) console.log(JSON.stringify(difference));
    console.log(
      `${this.name}: ${this.statements} statements, ${this.rejected} rejected by SQLite, ` +
        `${this.masked} masked by an earlier error, ${this.differences.length} differences`,
    );
    return this.differences.length === 0;
  }
}

async function compareScripts() {
  const comparison = new Comparison('sqlite-scripts');
  for (const name of ['sqlite-scripts.jsonl', 'sqlite-search-scripts.jsonl']) {
    const file = join(corpora, name);
    if (!existsSync(file)) {
      console.log(`SKIPPED ${name}: not in ${corpora}`);
      continue;
    }
    const steps = readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => [{ reset: true }, ...JSON.parse(line).steps]);
    let db;
    let next = 0;
    // The steps run, so that triggers find their tables.
    for await (const [text, verdict] of ourVerdicts(steps.filter((step) => step.sql !== undefined).map((s) => s.sql))) {
      for (; steps[next].reset; next += 1) {
        db?.close();
        db = new Database(':memory:');
      }
      next += 1;
      comparison.check(db, text, verdict, true);
    }
    db?.close();
  }
  return comparison.report();
}

/** The SQL of every record of a sqllogictest file. */
function* sqllogictestRecords(file) {
  for (const block of readFileSync(file, 'utf8').split(/\r?\n\s*\r?\n/)) {
    const lines = block.split(/\r?\n/);
    const head = lines.findIndex((line) => /^(statement|query)\b/.test(line));
    if (head < 0) continue;
    const body = lines.slice(head + 1);
    const end = body.indexOf('----');
    const sql = (end < 0 ? body : body.slice(0, end)).join('\n');
    if (sql.trim() !== '') yield sql;
  }
}

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => file.endsWith('.test') && statSync(file).isFile());

async function compareSqllogictest() {
  const archive = join(corpora, 'sqllogictest.tar.xz');
  if (!existsSync(archive)) {
    console.log(`SKIPPED sqllogictest: no ${archive}`);
    return true;
  }
  const folder = mkdtempSync(join(tmpdir(), 'pluresdb-slt-'));
  try {
    const { status } = spawnSync('tar', ['-xJf', archive, '-C', folder], { stdio: 'inherit' });
    if (status !== 0) {
      console.log('SKIPPED sqllogictest: tar cannot unpack it');
      return true;
    }
    const comparison = new Comparison('sqllogictest');
    const db = new Database(':memory:');
    const texts = (function* () {
      for (const file of filesBelow(folder)) yield* sqllogictestRecords(file);
    })();
    for await (const [text, verdict] of ourVerdicts(texts)) comparison.check(db, text, verdict, false);
    db.close();
    return comparison.report();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compareFuzz(count, seed) {
  const comparison = new Comparison(`fuzz (seed ${seed})`);
  const db = new Database(':memory:');
  // Tables for the names the fuzzer uses, so that triggers and ALTER get past their look-ups.
  db.exec('CREATE TABLE t(a, b, c); CREATE TABLE u(a, d); CREATE VIEW v AS SELECT a FROM t;');
  for await (const [text, verdict] of ourVerdicts(fuzzedStatements(count, seed))) {
    comparison.check(db, text, verdict, false);
  }
  db.close();
  return comparison.report();
}

const argument = (name, fallback) => {
  const index = process.argv.indexOf(name);
  return index < 0 ? fallback : Number(process.argv[index + 1]);
};
const asked = (name) => process.argv.includes(name);
const all = !asked('--scripts') && !asked('--sqllogictest') && !asked('--fuzz');

let isEqual = true;
if (all || asked('--scripts')) isEqual = (await compareScripts()) && isEqual;
if (all || asked('--sqllogictest')) isEqual = (await compareSqllogictest()) && isEqual;
if (all || asked('--fuzz')) isEqual = (await compareFuzz(argument('--fuzz', 20_000), argument('--seed', 1))) && isEqual;
process.exitCode = isEqual ? 0 : 1;
