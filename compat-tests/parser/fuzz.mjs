// Statements that are nearly right: seeds from every corner of the grammar, a few of their tokens dropped, doubled,
// swapped or replaced. The same seed number gives the same statements.

const SEEDS = [
  "SELECT a, t.b AS x, main.t.c 'y', * , t.* FROM t",
  'SELECT DISTINCT a FROM t AS z INDEXED BY i WHERE a = 1 GROUP BY a, b HAVING count(*) > 1 ORDER BY a DESC NULLS LAST, b LIMIT 1 OFFSET 2',
  'SELECT ALL a FROM t NOT INDEXED LIMIT 1, 2',
  'SELECT 1 UNION ALL SELECT 2 EXCEPT SELECT 3 INTERSECT VALUES (1), (2) ORDER BY 1',
  'WITH RECURSIVE x(a, b) AS MATERIALIZED (SELECT 1, 2 UNION SELECT a + 1, b FROM x), y AS NOT MATERIALIZED (VALUES (1)) SELECT * FROM x, y',
  'SELECT * FROM t LEFT OUTER JOIN u ON t.a = u.a NATURAL JOIN t t2 CROSS JOIN u u2 USING (a, d)',
  'SELECT * FROM t NATURAL FULL OUTER JOIN u RIGHT JOIN (t a JOIN u b ON 1) AS n',
  "SELECT * FROM json_each('[1]', '$') AS j, (SELECT 1) s, main.t WHERE j.value IN (1, 2)",
  'SELECT sum(a) OVER w, count(*) FILTER (WHERE a > 1) OVER (PARTITION BY b ORDER BY c) FROM t WINDOW w AS (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES), v AS (w)',
  'SELECT first_value(a) OVER (w RANGE UNBOUNDED PRECEDING) FROM t WINDOW w AS (PARTITION BY a)',
  'SELECT group_concat(DISTINCT a ORDER BY b DESC) FILTER (WHERE c) FROM t',
  'SELECT sum(a) OVER (GROUPS BETWEEN UNBOUNDED PRECEDING AND 2 FOLLOWING EXCLUDE NO OTHERS) FROM t',
  'SELECT a + b * - c || d % 2 << 1 & ~ 3 | 4 < 5 = 6 AND NOT 7 OR 8',
  "SELECT a -> '$.x' ->> 'y', a COLLATE nocase, a IS NOT NULL, a NOTNULL, a ISNULL, a NOT NULL",
  "SELECT a LIKE 'x' ESCAPE '!', a NOT GLOB b, a REGEXP b, a MATCH b, a NOT LIKE b ESCAPE c",
  'SELECT a BETWEEN 1 AND 2 AND b NOT BETWEEN c AND d OR e',
  'SELECT a IN (), a NOT IN (1), a IN (SELECT 1), a IN t, a NOT IN main.t, a IN f(1, 2)',
  'SELECT a IS b, a IS NOT b, a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b, a == b, a != b, a <> b',
  "SELECT CASE a WHEN 1 THEN 2 ELSE 3 END, CASE WHEN a THEN b END, CAST(a AS VARCHAR(10, 2)), CAST('x' AS)",
  'SELECT EXISTS (SELECT 1), (SELECT 1), (1, 2) = (3, 4), ((1)), NOT EXISTS (VALUES (1))',
  'SELECT ?, ?1, ?22, :a, @b, $c, 0x1F, 1_000, .5, 1e-3, x\'00ff\', NULL, CURRENT_TIME, TRUE, "q", `r`, [s]',
  'VALUES (1, 2), (3, 4) ORDER BY 1 LIMIT 1',
  'INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT (a) WHERE b DO UPDATE SET a = 1, (b, c) = (2, 3) WHERE c ON CONFLICT DO NOTHING RETURNING a, *',
  'INSERT OR IGNORE INTO main.t AS z SELECT * FROM u WHERE true ON CONFLICT DO UPDATE SET a = excluded.a',
  'REPLACE INTO t DEFAULT VALUES RETURNING a AS b',
  'WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x',
  'UPDATE OR FAIL t AS z INDEXED BY i SET a = 1, (b, c) = (SELECT 1, 2) FROM u JOIN v WHERE z.a = u.a RETURNING *',
  'UPDATE t SET a = a + 1 WHERE a ORDER BY b LIMIT 1 OFFSET 2',
  'WITH x AS (SELECT 1) DELETE FROM t AS z NOT INDEXED WHERE a RETURNING a ORDER BY a LIMIT 2',
  'CREATE TABLE IF NOT EXISTS main.n (a INTEGER PRIMARY KEY ASC ON CONFLICT ABORT AUTOINCREMENT, b VARCHAR(10) NOT NULL ON CONFLICT IGNORE DEFAULT -1 COLLATE nocase, c UNIQUE CHECK (c > 0))',
  "CREATE TEMP TABLE n (a DEFAULT (1 + 2), b DEFAULT x, c DEFAULT 'y' NULL, d GENERATED ALWAYS AS (a + b) STORED, e INT AS (a), f CONSTRAINT z NOT NULL)",
  'CREATE TABLE n (a REFERENCES t (a) ON DELETE SET NULL ON UPDATE CASCADE MATCH full NOT DEFERRABLE INITIALLY DEFERRED, b REFERENCES u DEFERRABLE)',
  'CREATE TABLE n (a, b, CONSTRAINT p PRIMARY KEY (a, b DESC) ON CONFLICT ROLLBACK, UNIQUE (a COLLATE nocase), CHECK (a) CONSTRAINT q FOREIGN KEY (a, b) REFERENCES t (a, b) ON DELETE NO ACTION DEFERRABLE INITIALLY IMMEDIATE) WITHOUT ROWID, STRICT',
  'CREATE TABLE n AS SELECT 1 AS a',
  'CREATE UNIQUE INDEX IF NOT EXISTS main.i ON t (a COLLATE nocase DESC, b + 1) WHERE a > 1',
  'CREATE TEMPORARY VIEW IF NOT EXISTS w (a, b) AS SELECT 1, 2',
  "CREATE TRIGGER IF NOT EXISTS g AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN new.a > 1 BEGIN INSERT INTO u VALUES (new.a, 1); UPDATE u SET a = 1 WHERE d; DELETE FROM u WHERE a; SELECT RAISE(ABORT, 'x'); END",
  'CREATE TEMP TRIGGER g INSTEAD OF DELETE ON v BEGIN REPLACE INTO t (a) SELECT 1 ON CONFLICT DO NOTHING; SELECT RAISE(IGNORE); END',
  'CREATE TRIGGER g BEFORE INSERT ON t BEGIN WITH x AS (SELECT 1) SELECT * FROM x; END',
  'CREATE VIRTUAL TABLE IF NOT EXISTS main.n USING nomodule (a, b (c, d) e, )',
  'DROP TABLE IF EXISTS main.nope',
  'DROP INDEX nope',
  'DROP VIEW IF EXISTS nope',
  'DROP TRIGGER nope',
  'ALTER TABLE main.t RENAME TO s',
  'ALTER TABLE t RENAME COLUMN a TO z',
  'ALTER TABLE t RENAME a TO z',
  'ALTER TABLE t ADD COLUMN z INTEGER NOT NULL DEFAULT 1 CHECK (z > 0)',
  'ALTER TABLE t DROP COLUMN c',
  'ALTER TABLE t ADD CONSTRAINT k CHECK (a > 1) ON CONFLICT IGNORE',
  'ALTER TABLE t DROP CONSTRAINT k',
  'ALTER TABLE t ALTER COLUMN a SET NOT NULL ON CONFLICT FAIL',
  'ALTER TABLE t ALTER a DROP NOT NULL',
  'BEGIN IMMEDIATE TRANSACTION x',
  'COMMIT TRANSACTION',
  'END',
  'ROLLBACK TRANSACTION x TO SAVEPOINT y',
  'SAVEPOINT s',
  'RELEASE SAVEPOINT s',
  'PRAGMA main.cache_size = -2000',
  'PRAGMA foreign_keys (ON)',
  'PRAGMA user_version = +1.5',
  "PRAGMA encoding = 'x'",
  'PRAGMA secure_delete = DELETE',
  "ATTACH DATABASE ':memory:' AS x KEY 'k'",
  'DETACH DATABASE x',
  'ANALYZE main.t',
  'REINDEX nocase',
  "VACUUM main INTO 'x'",
  'EXPLAIN QUERY PLAN SELECT 1',
  'EXPLAIN DELETE FROM t',
];

const WORDS = `ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY
CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME
CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH ELSE END ESCAPE EXCEPT
EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL GENERATED GLOB GROUP GROUPS HAVING IF
IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT
MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PLAN
PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE RECURSIVE REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING
RIGHT ROLLBACK ROW ROWS SAVEPOINT SELECT SET TABLE TEMP THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION UNIQUE UPDATE
USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT`.split(/\s+/);

const OTHERS = [
  ...'( ) ( ) , , . ; + - * / % = == != <> < <= > >= << >> & | || ~ -> ->> ! ^ { # \\'.split(' '),
  'a',
  't',
  'b',
  '"q"',
  '[r]',
  '`s`',
  "'x'",
  '1',
  '2.5',
  '0x10',
  '1_0',
  '1__0',
  '1_',
  '0x1_',
  "x'00'",
  "x'0'",
  '?',
  '?0',
  '?9',
  ':p',
  '@',
  '12a',
  "'open",
  '--c\n',
  '/*c*/',
  '/*',
  '#1',
  '#z',
  'é',
  '1.5e',
  'true',
  '_1',
  '$v',
  '?99999',
];

/** A small generator with a state of 32 bits (mulberry32); returns whole numbers below its argument. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const tokensOf = (sql) => sql.match(/'[^']*'|"[^"]*"|`[^`]*`|\[[^\]]*\]|[\w$:@?.]*\w|[<>=!|-]+|\S/g);

export function* fuzzedStatements(count, seed) {
  const random = randomFrom(seed);
  const pick = (list) => list[random(list.length)];
  for (const sql of SEEDS) yield sql;
  for (const word of WORDS) {
    // Every keyword in every place a name can stand.
    for (const frame of NAME_PLACES) yield frame.replaceAll('@', word);
  }
  for (let index = 0; index < count; index += 1) {
    const tokens = tokensOf(pick(SEEDS));
    for (let edits = 1 + random(3); edits > 0 && tokens.length > 0; edits -= 1) {
      const at = random(tokens.length);
      const kind = random(8);
      if (kind === 0) tokens.splice(at, 1);
      else if (kind === 1) tokens.splice(at, 0, tokens[at]);
      else if (kind === 2) tokens.splice(at, 1, tokens[random(tokens.length)]);
      else if (kind === 3) tokens.length = at;
      else if (kind === 4) tokens.splice(at, 0, pick(WORDS));
      else if (kind === 5) tokens.splice(at, 1, pick(WORDS));
      else if (kind === 6) tokens.splice(at, 0, pick(OTHERS));
      else tokens.splice(at, random(4), ...tokensOf(pick(SEEDS)).slice(random(6), 6 + random(6)));
    }
    yield tokens.join(random(20) === 0 ? '' : ' ');
  }
}

const NAME_PLACES = [
  'SELECT @',
  'SELECT @ FROM t',
  'SELECT a @',
  'SELECT a AS @',
  'SELECT @.a',
  'SELECT t.@',
  'SELECT @.*',
  'SELECT @(1)',
  'SELECT (@)',
  'SELECT (@, 1)',
  'SELECT 1 + @',
  'SELECT f(@)',
  'SELECT f(@, 1)',
  'SELECT * FROM @',
  'SELECT * FROM t @',
  'SELECT * FROM (@)',
  'SELECT * FROM t AS @',
  'SELECT * FROM main.@',
  'SELECT * FROM @.t',
  'SELECT * FROM @(1)',
  'SELECT * FROM t @ JOIN u',
  'SELECT * FROM t LEFT @ JOIN u',
  'SELECT * FROM t JOIN u USING (@)',
  'SELECT a COLLATE @',
  'SELECT CAST(a AS @)',
  'SELECT CASE @ WHEN 1 THEN 2 END',
  'SELECT CASE WHEN 1 THEN 2 @',
  'SELECT a IN @',
  'SELECT a IN (@)',
  'SELECT sum(a) OVER @ FROM t',
  'SELECT sum(a) OVER (@) FROM t',
  'SELECT sum(a) @ FROM t',
  'SELECT sum(a) @ (ORDER BY a) FROM t',
  'SELECT 1 ORDER BY a @',
  'SELECT 1 LIMIT 1 @',
  'SELECT 1 LIMIT @',
  'SELECT 1 WHERE @',
  'WITH @ AS (SELECT 1) SELECT 1',
  'INSERT INTO @ VALUES (1)',
  'INSERT INTO t (@) VALUES (1)',
  'INSERT INTO t @ VALUES (1)',
  'INSERT OR @ INTO t VALUES (1)',
  'UPDATE @ SET a = 1',
  'UPDATE t SET @ = 1',
  'UPDATE t @ SET a = 1',
  'UPDATE t SET a = 1 @',
  'DELETE FROM @',
  'DELETE FROM t @',
  'CREATE TABLE @ (a)',
  'CREATE TABLE n (@)',
  'CREATE TABLE n (a @)',
  'CREATE TABLE n (a INT @)',
  'CREATE TABLE n (a INT(1) @)',
  'CREATE TABLE n (a @ NOT NULL)',
  'CREATE TABLE n (a DEFAULT @)',
  'CREATE TABLE n (a DEFAULT @ NOT NULL)',
  'CREATE TABLE n (a, @)',
  'CREATE TABLE n (a) @',
  'CREATE TABLE n (a COLLATE @)',
  'CREATE TABLE n (a AS (1) @)',
  'CREATE TABLE n (a CONSTRAINT @ NOT NULL)',
  'CREATE TABLE n (a REFERENCES @)',
  'CREATE TABLE n (a REFERENCES t @)',
  'CREATE TABLE n (a, CHECK (1) @ (a))',
  'CREATE INDEX @ ON t (a)',
  'CREATE INDEX i ON @ (a)',
  'CREATE INDEX i ON t (@)',
  'CREATE VIEW @ AS SELECT 1',
  'CREATE TRIGGER @ DELETE ON t BEGIN SELECT 1; END',
  'CREATE TRIGGER g @ DELETE ON t BEGIN SELECT 1; END',
  'CREATE TRIGGER g DELETE ON t BEGIN SELECT 1; @; END',
  'CREATE @ n (a)',
  'DROP TABLE @',
  'DROP @ n',
  'ALTER TABLE t @ a',
  'ALTER TABLE t RENAME TO @',
  'ALTER TABLE t RENAME @ TO z',
  'ALTER TABLE t ADD @',
  'ALTER TABLE t DROP @',
  'ALTER TABLE t ALTER @ DROP NOT NULL',
  '@',
  '@ a',
  '@ TABLE t',
  'EXPLAIN @',
  'BEGIN @',
  'BEGIN TRANSACTION @',
  'COMMIT @',
  'ROLLBACK @',
  'ROLLBACK TO @',
  'SAVEPOINT @',
  'RELEASE @',
  'PRAGMA @',
  'PRAGMA nope = @',
  'PRAGMA nope (@)',
  'ATTACH @',
  "ATTACH ':memory:' AS @",
  'DETACH @',
  'ANALYZE @',
  'REINDEX @',
  'VACUUM @',
];
