/**
 * Runs named checks one after the other and keeps the account: what passed, what failed, what could not run here.
 */
import { say } from './process.mjs';

const LINES_SHOWN = 120;

export class Account {
  passed = 0;
  failed = 0;
  #lines = [];

  /** `check` gives `{ ok, output, passed, failed }`, or `{ missing: 'tool' }` where this machine lacks it. */
  async step(title, check) {
    const started = Date.now();
    say(`· ${title} …`);
    const result = await check();
    const seconds = `${((Date.now() - started) / 1000).toFixed(1)} s`;
    if (result.missing !== undefined) {
      this.#note(`NOT RUN: ${result.missing}`);
      return true;
    }
    const { ok, output = '', passed = 0, failed = 0 } = result;
    this.passed += passed;
    // A check that counts nothing, or died before it could, is one failure.
    this.failed += ok ? failed : Math.max(failed, 1);
    const counts = passed + failed > 0 ? `${passed} passed, ${failed} failed, ` : '';
    if (!ok) console.log(output.trimEnd().split('\n').slice(-LINES_SHOWN).join('\n'));
    this.#note(`${ok ? '✓' : '✗'} ${title}: ${counts}${seconds}`);
    return ok;
  }

  #note(line) {
    this.#lines.push(line);
    say(line);
  }

  /** The summary, and as its last line the one that machines read. */
  close() {
    console.log(`\n${this.#lines.join('\n')}\ntests: ${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 ? 0 : 1;
  }
}
