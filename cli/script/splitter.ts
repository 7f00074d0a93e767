/**
 * Cuts SQL text into statements, line by line, so that a dump of any size and a prompt can share it.
 *
 * A statement ends at a `;` outside quotes and comments. The body of a trigger has such semicolons too: after CREATE
 * [TEMP] TRIGGER the end is `; END ;`. Nothing else is known of the grammar; text that is no SQL is the engine's to
 * refuse. Comments between statements are dropped, those inside stay.
 *
 * Lines come whole, so no word, quote or comment mark is ever cut in two.
 */

export interface ScriptStatement {
  readonly sql: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
}

/** How far the words so far have come; `start` is between statements. */
type Place = 'start' | 'explain' | 'create' | 'normal' | 'trigger' | 'trigger step ended' | 'trigger ended';

const TOKEN = /--|\/\*|[;'"`[]|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[^\s;'"`[A-Za-z_\u0080-\uffff]/g;

/** What opens a stretch that is skipped, and what closes it. */
const CLOSERS: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']', '/*': '*/', '--': '\n' };

function placeAfterSemicolon(place: Place): Place {
  return place === 'trigger' || place === 'trigger step ended' ? 'trigger step ended' : 'start';
}

function placeAfterWord(place: Place, token: string): Place {
  if (place === 'normal') return 'normal';
  const word = token.toUpperCase();
  switch (place) {
    case 'start':
      return word === 'EXPLAIN' ? 'explain' : word === 'CREATE' ? 'create' : 'normal';
    case 'explain':
      return word === 'CREATE' ? 'create' : word === 'QUERY' || word === 'PLAN' ? 'explain' : 'normal';
    case 'create':
      return word === 'TRIGGER' ? 'trigger' : word === 'TEMP' || word === 'TEMPORARY' ? 'create' : 'normal';
    case 'trigger step ended':
      return word === 'END' ? 'trigger ended' : 'trigger';
    case 'trigger':
    case 'trigger ended':
      return 'trigger';
  }
}

export class StatementSplitter {
  #place: Place = 'start';
  /** What ends the quote or comment that is open. */
  #closer: string | undefined;
  #pending = '';
  #pendingLine = 0;
  #line = 0;

  /** Whether a statement has begun and not ended. */
  get isInside(): boolean {
    return this.#place !== 'start';
  }

  /** Whether a new line would be SQL's: false inside a statement and inside a comment between two. */
  get isBetween(): boolean {
    return this.#place === 'start' && this.#closer === undefined;
  }

  /** Takes a line with its line break; returns the statements that end in it. */
  push(line: string): ScriptStatement[] {
    this.#line++;
    const done: ScriptStatement[] = [];
    let from = 0;
    let at = 0;
    while (at < line.length) {
      if (this.#closer !== undefined) {
        const end = line.indexOf(this.#closer, at);
        if (end < 0 && this.#closer !== '\n') break;
        at = end < 0 ? line.length : end + this.#closer.length;
        this.#closer = undefined;
        continue;
      }
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(line);
      if (match === null) break;
      const [token] = match;
      at = match.index + token.length;
      const isComment = token === '--' || token === '/*';
      this.#closer = CLOSERS[token];
      if (isComment) continue;
      if (!this.isInside) {
        from = match.index;
        this.#pendingLine = this.#line;
      }
      if (token !== ';') {
        this.#place = placeAfterWord(this.#place, token);
        continue;
      }
      const wasInside = this.isInside;
      this.#place = placeAfterSemicolon(this.#place);
      if (this.isInside || !wasInside) continue;
      done.push({ sql: this.#pending + line.slice(from, at), line: this.#pendingLine });
      this.#pending = '';
      from = at;
    }
    // A line comment ends with its line, though the last line may lack the break.
    if (this.#closer === '\n') this.#closer = undefined;
    if (this.isInside) this.#pending += line.slice(from);
    return done;
  }

  /** Counts a line that is not SQL. */
  skipLine(): void {
    this.#line++;
  }

  /** The statement that the text ended in, without its `;`. */
  finish(): ScriptStatement | undefined {
    const rest = this.isInside ? { sql: this.#pending, line: this.#pendingLine } : undefined;
    this.discard();
    return rest;
  }

  /** Forgets what has begun. */
  discard(): void {
    this.#place = 'start';
    this.#closer = undefined;
    this.#pending = '';
  }
}
