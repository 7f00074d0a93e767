/**
 * `npm run bench -- --instructions [--save]`: how many instructions a small set of work takes, beside the saved counts.
 *
 * Times are noise on a machine that others use; instructions are not. valgrind counts them, of the program
 * `native/crates/engine/examples/instructions.rs` as the tests build it, so that the check is quick. It fails where a case
 * takes over a tenth more than is saved in `bench/baselines/instructions.json`; `--save` writes that anew.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const baseline = join(root, 'bench', 'baselines', 'instructions.json');
const EXAMPLE = 'instructions';
const MEASURED = 'instructions::measured';
/** A case may take so much more than it did. */
const TOLERANCE = 1.1;

type Counts = Readonly<Record<string, number>>;

interface Saved {
  /** What compiled the counted program: another compiler makes other code. */
  readonly compiler: string;
  readonly counts: Counts;
}

function output(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

const hasValgrind = (): boolean => spawnSync('valgrind', ['--version']).status === 0;

function build(): string {
  output('cargo', ['build', '--locked', '--quiet', '--profile', 'fast', '-p', 'pluresdb-engine', '--example', EXAMPLE]);
  return join(root, 'target', 'fast', 'examples', EXAMPLE);
}

/** Instructions by case: valgrind writes a file for each time that `measured` is left. */
function count(program: string): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'pluresdb-instructions-'));
  try {
    const names = output('valgrind', [
      '--tool=callgrind',
      '--quiet',
      '--collect-atstart=no',
      `--toggle-collect=${MEASURED}`,
      `--dump-after=${MEASURED}`,
      `--callgrind-out-file=${join(folder, 'counts')}`,
      program,
    ])
      .trim()
      .split('\n');
    const dumps = readdirSync(folder).filter((file) => /^counts\.\d+$/.test(file));
    if (dumps.length !== names.length) throw new Error(`${names.length} cases ran and ${dumps.length} were counted`);
    return Object.fromEntries(
      names.map((name, index) => {
        const totals = /^(?:totals|summary): (\d+)/m.exec(readFileSync(join(folder, `counts.${index + 1}`), 'utf8'));
        if (totals === null) throw new Error(`nothing was counted of ${name}`);
        return [name, Number(totals[1])];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const inWords = (count: number): string => Math.round(count).toLocaleString('en').padStart(12);

/** What takes over a tenth more than before, or is not in both. */
export function losses(saved: Counts, counts: Counts): string[] {
  const names = new Set([...Object.keys(saved), ...Object.keys(counts)]);
  return [...names].flatMap((name) => {
    const [before, now] = [saved[name], counts[name]];
    if (before === undefined || now === undefined) return [`${name}: ${now === undefined ? 'not counted' : 'not saved'}`];
    return now > before * TOLERANCE ? [`${name}: ${(now / before).toFixed(2)} times as many`] : [];
  });
}

/** Whether no case lost. */
export function runInstructions(saves: boolean): boolean {
  if (!hasValgrind()) {
    console.log('NOT RUN: there is no valgrind');
    return true;
  }
  const compiler = output('rustc', ['--version']).trim();
  const counts = count(build());
  if (saves) {
    writeFileSync(baseline, `${JSON.stringify({ compiler, counts } satisfies Saved, null, 2)}\n`);
  }
  const saved = JSON.parse(readFileSync(baseline, 'utf8')) as Saved;
  for (const [name, now] of Object.entries(counts)) {
    const before = saved.counts[name];
    console.log(
      `${name.padEnd(20)}${inWords(now)}  ${before === undefined ? '' : `${(now / before).toFixed(3)} of what is saved`}`,
    );
  }
  if (compiler !== saved.compiler) console.log(`the saved counts are those of ${saved.compiler}, these of ${compiler}`);
  const lost = losses(saved.counts, counts);
  for (const line of lost) console.log(`✗ ${line}`);
  console.log(`instructions: ${Object.keys(counts).length - lost.length} passed, ${lost.length} failed`);
  return lost.length === 0;
}
