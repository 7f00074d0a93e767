/** What a statement comes to on a new database: an error's code and text, or that it ran. */
import { type Engine, failureOf } from '../engine.ts';

export function outcome(engine: Engine, sql: string): string {
  const connection = engine.open(':memory:');
  try {
    connection.exec('CREATE TABLE base(a)');
    const statement = connection.prepare(sql);
    if (statement.reader) statement.all();
    else statement.run();
    return 'ran';
  } catch (thrown) {
    const { code, message } = failureOf(thrown);
    return `${code}: ${message}`;
  } finally {
    connection.close();
  }
}
