// Writes what better-sqlite3 answers into the scripts of this folder: node record.mjs [name…]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import Database from 'better-sqlite3';

const folder = dirname(fileURLToPath(import.meta.url));
const texts = new Database(':memory:').prepare('SELECT CAST(? AS TEXT)').pluck();

function show(value) {
  if (value === null) return 'NULL';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return texts.get(value);
  if (typeof value === 'string') return `'${value.replaceAll("'", "''").replaceAll('\n', '\\n')}'`;
  return `x'${value.toString('hex')}'`;
}

function answer(db, sql) {
  try {
    const statement = db.prepare(sql).safeIntegers();
    if (!statement.reader) {
      const { changes } = statement.run();
      return changes > 0 ? [`changes ${changes}`] : [];
    }
    return statement
      .raw()
      .all()
      .map((row) => row.map(show).join(' | '));
  } catch (error) {
    return [`error ${error.code}: ${error.message.replaceAll('\n', '\\n')}`];
  }
}

const wanted = process.argv.slice(2);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.sql'))) {
  if (wanted.length > 0 && !wanted.includes(file.slice(0, -4))) continue;
  const db = new Database(':memory:');
  const out = [];
  for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
    if (line.startsWith('> ')) out.push(line, ...answer(db, line.slice(2)));
    else if (line.startsWith('#') || line === '') out.push(line);
  }
  writeFileSync(join(folder, file), out.join('\n'));
}
