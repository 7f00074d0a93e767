/** The benchmark on small tables: every case runs, on every engine, with equal answers. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WORKLOADS } from './workloads/all-workloads.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

function bench(...args: readonly string[]) {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { encoding: 'utf8' });
}

test('every engine gives the same answers in every case', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pluresdb-bench-test-'));
  try {
    const json = join(folder, 'report.json');
    const { status, stdout, stderr } = bench('--quick', '--json', json);
    expect(status, `${stdout}${stderr}`).toBe(0);
    const { cases } = JSON.parse(readFileSync(json, 'utf8')) as {
      cases: { name: string; isEqual: boolean; engines: { medianMs: number }[] }[];
    };
    expect(cases.map(({ name }) => name)).toEqual(WORKLOADS.map(({ name }) => name));
    for (const { isEqual, engines } of cases) {
      expect(isEqual).toBe(true);
      for (const { medianMs } of engines) expect(medianMs).toBeGreaterThan(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('growth is told for every engine, with equal answers', () => {
  const { status, stdout, stderr } = bench('--growth', '--sizes', '200,2400', '--rounds', '1');
  expect(status, `${stdout}${stderr}`).toBe(0);
  expect(stdout).toContain('answers equal at all 2 sizes');
});

test('memory and disk are told for a case', () => {
  const { status, stdout, stderr } = bench('--resources', '--quick', '--only', 'insert-many', '--engine', 'pluresdb');
  expect(status, `${stdout}${stderr}`).toBe(0);
  expect(stdout).toMatch(/insert 100 k in one transaction +\d+\.\d \/ \d+\.\d/);
});

test('opening is timed before and after changes', () => {
  const { stdout, stderr } = bench('--open', '--megabytes', '2', '--rounds', '2');
  expect(stdout, stderr).toMatch(/pluresdb-file +scattered +\d+ MB +\d+\.\d\d ms/);
  expect(stdout).toContain('answers equal');
});

test('an unknown case is a usage error', () => {
  const { status, stderr } = bench('--only', 'nothing-like-it');
  expect(status).toBe(2);
  expect(stderr).toContain('no nothing-like-it; there are: get-rowid');
});
