/** What Tab offers: dot commands, tables, their columns, keywords. */
import type { Session } from '../session.ts';
import { COMMAND_NAMES } from './dot-commands.ts';
import { columnsOf, isTableLike, schemaObjects } from './schema.ts';

const KEYWORDS =
  'ALTER ANALYZE AND ATTACH BEGIN BETWEEN CASE CHECK COLLATE COMMIT CONFLICT CREATE CROSS DEFAULT DELETE DESC DETACH DISTINCT DROP ELSE END EXCEPT EXISTS EXPLAIN FROM FULL GROUP HAVING INDEX INNER INSERT INTERSECT INTO JOIN KEY LEFT LIKE LIMIT NULL OFFSET ORDER OUTER OVER PARTITION PRAGMA PRIMARY QUERY RECURSIVE REFERENCES REINDEX RELEASE RENAME REPLACE RETURNING RIGHT ROLLBACK SAVEPOINT SELECT TABLE THEN TRANSACTION TRIGGER UNION UNIQUE UPDATE USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH'.split(
    ' ',
  );

/** More tables than this, and their columns are left out: a key press should not take long. */
const MAX_TABLES_WITH_COLUMNS = 50;

const PLAIN_NAME = /^[\w.$\u0080-\uffff]+$/;

function names(session: Session): string[] {
  const tables = schemaObjects(session).filter(isTableLike);
  const columns = tables.length > MAX_TABLES_WITH_COLUMNS ? [] : tables.flatMap(({ name }) => columnsOf(session, name));
  // Other names need quotes, and so a hand that types them.
  return [...tables.map(({ name }) => name), ...columns].filter((name) => PLAIN_NAME.test(name));
}

/** For node:readline: the endings that fit, and the word they end. */
export function completionsFor(session: Session, line: string): [string[], string] {
  const word = /[\w.$\u0080-\uffff]*$/.exec(line)?.[0] ?? '';
  if (word === '') return [[], word];
  if (word === line && word.startsWith('.')) return [COMMAND_NAMES.filter((name) => name.startsWith(word)), word];
  const start = word.toLowerCase();
  let known: string[];
  try {
    known = names(session);
  } catch {
    // A database that is locked or damaged has no names to offer; a statement will tell what is wrong.
    known = [];
  }
  const isLower = word === start;
  const keywords = KEYWORDS.map((keyword) => (isLower ? keyword.toLowerCase() : keyword));
  const fitting = [...known, ...keywords].filter((name) => name.toLowerCase().startsWith(start));
  return [[...new Set(fitting)].sort(), word];
}
