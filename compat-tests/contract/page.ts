/**
 * A suite on the page of compatibility: each member, its checks, and how it stands. What is said holds because the suite's
 * test fails when a check differs that is not listed, or is listed and agrees.
 */
import { readKnown, type Suite } from './suite.ts';

interface MemberState {
  checks: number;
  differing: number;
  /** Rules by the reason why they differ. */
  readonly reasons: Map<string, string[]>;
}

/** A reason that is said of the difference listed before, too. */
const SAME = 'The same.';

function noteDifference(state: MemberState, rule: string, written: string): void {
  const reason = written === SAME ? ([...state.reasons.keys()].at(-1) ?? written) : written;
  state.differing++;
  state.reasons.set(reason, [...(state.reasons.get(reason) ?? []), rule]);
}

export function memberLines<Side>(suite: Suite<Side>): string[] {
  const members = new Map<string, MemberState>();
  for (const { member } of suite.checks) {
    const state = members.get(member) ?? { checks: 0, differing: 0, reasons: new Map() };
    state.checks++;
    members.set(member, state);
  }
  const known = readKnown(suite);
  for (const { member, rule, reason } of known) {
    const state = members.get(member);
    if (state !== undefined) noteDifference(state, rule, reason);
  }
  const rows = [...members].map(([member, { checks, differing, reasons }]) => {
    const told = [...reasons].map(([reason, rules]) => `${rules.join('; ')}. ${reason}`);
    const state = differing === 0 ? 'same' : `differs: ${told.join(' ')}`;
    return `| \`${member}\` | ${checks} | ${checks - differing} | ${state} |`;
  });
  return [
    `${members.size} members, ${suite.checks.length} checks, ${known.length} of which differ by design (\`npm run compat -- ${suite.name}\`).`,
    '',
    '| member | checks | agree | state |',
    '|---|---|---|---|',
    ...rows,
  ];
}
