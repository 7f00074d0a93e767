/** The words of a dot command: separated by blanks, or in quotes ('as it is', "with \n and \" understood"). */
import { UsageError } from '../usage-error.ts';

const WORD = /\s*(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\s'"]\S*))(?=\s|$)/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

export function wordsOf(line: string): string[] {
  const text = line.trim();
  const words: string[] = [];
  WORD.lastIndex = 0;
  while (WORD.lastIndex < text.length) {
    const match = WORD.exec(text);
    if (match === null) throw new UsageError('unbalanced quotes');
    const [, single, double, bare] = match;
    words.push(single ?? bare ?? (double as string).replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character));
  }
  return words;
}
