/**
 * Cuts a text of several SQL statements at its semicolons, minding quotes, comments and the bodies of triggers.
 */

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[A-Za-z_]\w*|;|[\s\S]/g;

/** The statements in order, each without its semicolon; empty ones are left out. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let words: string[] = [];
  let start = 0;
  let depth = 0;
  const cut = (end: number): void => {
    const text = sql.slice(start, end).trim();
    if (words.length > 0) statements.push(text);
    words = [];
    depth = 0;
  };
  for (const token of sql.matchAll(TOKEN)) {
    const word = token[0].toUpperCase();
    if (word.trim() === '' || word.startsWith('--') || word.startsWith('/*')) continue;
    const isTrigger = /^(EXPLAIN (QUERY PLAN )?)?CREATE (TEMP |TEMPORARY )?TRIGGER /.test(`${words.slice(0, 6).join(' ')} `);
    if (isTrigger && (word === 'BEGIN' || word === 'CASE')) depth += 1;
    if (isTrigger && word === 'END') depth -= 1;
    if (word === ';' && depth <= 0) {
      cut(token.index);
      start = token.index + 1;
    } else words.push(word);
  }
  cut(sql.length);
  return statements;
}
