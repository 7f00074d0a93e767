/** What libFuzzer says is read right, and the list of targets is the list of programs. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../corpora.ts';
import { artifactOf, highest, reasonOf } from './run-target.ts';
import { TARGETS } from './targets.ts';

test('the runner knows every program', () => {
  const programs = readdirSync(join(repository, 'native', 'fuzz', 'src', 'bin')).map((name) => name.replace('.rs', ''));
  expect(TARGETS.map(({ name }) => name).sort()).toEqual(programs.sort());
});

test('counters and reasons are read from what libFuzzer prints', () => {
  const output = [
    '#12\tNEW    cov: 45 ft: 67 corp: 8/9b lim: 4 exec/s: 0 rss: 28Mb',
    '#99\tREDUCE cov: 145 ft: 67 corp: 8/9b lim: 4 exec/s: 0 rss: 28Mb',
    "thread '<unnamed>' (1) panicked at src/log.rs:180:9:",
    'attempt to add with overflow',
    '==1== ERROR: libFuzzer: deadly signal',
  ].join('\n');
  expect(highest(output, / cov: (\d+)/g)).toBe(145);
  expect(reasonOf(output)).toBe('panicked at src/log.rs:180:9: attempt to add with overflow');
  expect(reasonOf('==1== ERROR: libFuzzer: timeout after 20 seconds')).toBe('timeout after 20 seconds');
  const written = (name: string): string => `artifact_prefix='f/'; Test unit written to f/${name}\n`;
  expect(artifactOf(written('slow-unit-1') + written('crash-2'))).toBe('f/crash-2');
  expect(artifactOf(written('slow-unit-1'))).toBeUndefined();
});
