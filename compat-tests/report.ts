/**
 * How every runner counts and tells: passed, failed, the first failures in full, and one closing line.
 */

export interface Count {
  passed: number;
  failed: number;
}

export const newCount = (): Count => ({ passed: 0, failed: 0 });

export function addCount(to: Count, more: Count): void {
  to.passed += more.passed;
  to.failed += more.failed;
}

export function percentage({ passed, failed }: Count): string {
  const total = passed + failed;
  if (total === 0) return '-';
  // Never 100 % while something fails.
  return `${(Math.floor((passed / total) * 10_000) / 100).toFixed(2)} %`;
}

/** The line that machines read: `<name>: N passed, N failed`. */
export const closingLine = (name: string, count: Count): string => `${name}: ${count.passed} passed, ${count.failed} failed`;

export function indent(text: string, by = '    '): string {
  return text
    .split('\n')
    .map((line) => by + line)
    .join('\n');
}

/** Long texts are cut where a person stops reading. */
export function shorten(text: string, limit = 2000): string {
  return text.length <= limit ? text : `${text.slice(0, limit)} … (${text.length} characters)`;
}
