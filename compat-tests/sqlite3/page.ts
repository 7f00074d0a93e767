/** docs/compatibility-sqlite3.md: what of node-sqlite3's API is compared, and what differs; made of the recordings. */
import type { KnownDifference } from './known-differences.ts';
import type { Outcomes } from './run-side.ts';

const HEAD = `# Compatibility with node-sqlite3

Made by \`npm run compat -- sqlite3 --page docs/compatibility-sqlite3.md\`; not written by hand. The contract makes the
same calls on \`sqlite3\` 6.0.1 (SQLite 3.52.0) and on \`pluresdb/sqlite3\` and compares what they return, throw, call back
and emit. Every outcome counts once.
`;

/** The outcomes of each case, in the contract's order. */
function byCase(recorded: Outcomes): Map<string, string[]> {
  const cases = new Map<string, string[]>();
  for (const key of Object.keys(recorded)) {
    const name = key.slice(0, key.indexOf(': '));
    cases.set(name, [...(cases.get(name) ?? []), key]);
  }
  return cases;
}

export function makePage(recorded: Outcomes, known: readonly KnownDifference[]): string {
  const different = new Set(known.flatMap((group) => group.keys));
  const total = Object.keys(recorded).length;
  const rows = [...byCase(recorded)].map(([name, keys]) => {
    const differing = keys.filter((key) => different.has(key)).length;
    return `| ${name} | ${keys.length - differing} | ${differing || ''} |`;
  });
  const reasons = known.map(({ reason, keys }) => `| ${keys.map((key) => `\`${key}\``).join(', ')} | ${reason} |`);
  return [
    HEAD,
    `**${total - different.size} of ${total} outcomes are equal**; the others are listed below.`,
    '',
    '| what | equal | differ |',
    '|---|---|---|',
    ...rows,
    '',
    '## Known differences',
    '',
    '| outcome | why |',
    '|---|---|',
    ...reasons,
    '',
  ].join('\n');
}
