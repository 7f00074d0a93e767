/**
 * `npm run compat -- node-sqlite`: `pluresdb/node-sqlite` beside `node:sqlite`, with the options of every contract suite.
 *
 * The original is Node 26's, so the suite runs in a Node 26, had from npm and kept in a cache; without one ours is compared
 * with the recordings.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { runSuiteCommand } from '../contract/suite.ts';
import { nodeProgram } from '../package/nodes.ts';
import type { Count } from '../report.ts';
import { nodeSqlite } from './suite.ts';

const ORIGINAL_MAJOR = 26;
const root = join(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache', 'pluresdb', 'package');

export async function runNodeSqlite(args: readonly string[]): Promise<Count> {
  const isOriginal = Number(process.versions.node.split('.')[0]) === ORIGINAL_MAJOR;
  const needsOriginal = !args.includes('--recorded') && !args.includes('--list');
  if (isOriginal || !needsOriginal) return runSuiteCommand(nodeSqlite, args);
  const node = nodeProgram(ORIGINAL_MAJOR, cache);
  if (node === undefined) {
    console.log(`NOT RUN: the original, because there is no Node ${ORIGINAL_MAJOR}; ours is compared with its recording`);
    return runSuiteCommand(nodeSqlite, [...args, '--recorded']);
  }
  const program = join(import.meta.dirname, '..', 'main.ts');
  const { status } = spawnSync(node.path, [program, nodeSqlite.name, ...args], { stdio: 'inherit', cwd: root });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
