/**
 * Opens the database after the crash and tells what it finds, as one line of JSON: `checker.ts <engine> <path>`.
 *
 * A process of its own: recovery that crashes must not end the campaign.
 */
import { type EngineName, loadEngine } from '../engine.ts';
import { brokenExtras, brokenItems, brokenRules, journalEnds, openOptions } from './bank.ts';

export interface Finding {
  readonly broken: readonly string[];
  /** The last sequence number of each worker. */
  readonly ends: readonly (readonly [worker: number, sequence: number])[];
}

const [engineName, path = ''] = process.argv.slice(2);
const engine = await loadEngine(engineName as EngineName);
const db = engine.open(path, openOptions);
const hasTables = db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'journal'").pluck().get() === 1;
const integrity = db.pragma('integrity_check', { simple: true });
const broken = integrity === 'ok' ? [] : [`integrity_check: ${String(integrity)}`];
if (hasTables) broken.push(...brokenRules(db), ...brokenExtras(db), ...brokenItems(db));
const finding: Finding = { broken, ends: hasTables ? [...journalEnds(db)] : [] };
db.close();
process.stdout.write(`${JSON.stringify(finding)}\n`);
