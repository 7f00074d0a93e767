/**
 * A suite on the page of compatibility: each member, its checks, and how it stands. What is said holds because the suite's
 * test fails when a check differs that is not listed, or is listed and agrees.
 */
import { readKnown, type Suite } from './suite.ts';

interface MemberState {
  checks: number;
  readonly reasons: string[];
}

export function memberLines<Side>(suite: Suite<Side>): string[] {
  const members = new Map<string, MemberState>();
  for (const { member } of suite.checks) {
    const state = members.get(member) ?? { checks: 0, reasons: [] };
    state.checks++;
    members.set(member, state);
  }
  const known = readKnown(suite);
  for (const { member, rule, reason } of known) members.get(member)?.reasons.push(`${rule}. ${reason}`);
  const rows = [...members].map(([member, { checks, reasons }]) => {
    const state = reasons.length === 0 ? 'same' : `differs: ${reasons.join(' ')}`;
    return `| \`${member}\` | ${checks} | ${checks - reasons.length} | ${state} |`;
  });
  return [
    `${members.size} members, ${suite.checks.length} checks, ${known.length} of which differ by design (\`npm run compat -- ${suite.name}\`).`,
    '',
    '| member | checks | agree | state |',
    '|---|---|---|---|',
    ...rows,
  ];
}
