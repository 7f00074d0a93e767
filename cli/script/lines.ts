/** Text as lines that keep their line breaks: a literal may hold one, and it may be `\r\n`. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

/** The lines of a text at hand. */
export function linesOfText(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The lines of a stream of UTF-8, never more in memory than a chunk and a line. A byte order mark is dropped. */
export async function* linesOfStream(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  for await (const chunk of stream) {
    const text = decoder.decode(chunk as Buffer, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      yield rest.join('') + text.slice(from, end + 1);
      rest = [];
      from = end + 1;
    }
    if (from < text.length) rest.push(text.slice(from));
  }
  const last = rest.join('') + decoder.decode();
  if (last !== '') yield last;
}

export function linesOfFile(path: string): AsyncGenerator<string> {
  return linesOfStream(createReadStream(path, { highWaterMark: 1 << 18 }));
}
