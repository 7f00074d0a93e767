/**
 * Where results go: standard output or a file, in large pieces.
 *
 * Writers add text without waiting; whoever makes rows asks `isFull` between them and waits for `flush`. A reader that
 * went away (`| head`) ends the program quietly, as it ends other tools.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';

const FULL_LENGTH = 1 << 16;

/** Standard output has no reader any more. */
export class OutputClosed extends Error {}

export class Output {
  readonly #stream: Writable;
  #text = '';

  constructor(stream: Writable) {
    this.#stream = stream;
    // Every failed write is reported to `flush`.
    stream.on('error', () => {});
  }

  /** Opens a file; its first error is thrown here. */
  static async toFile(path: string): Promise<Output> {
    const stream = createWriteStream(path);
    await once(stream, 'open');
    return new Output(stream);
  }

  write(text: string): void {
    this.#text += text;
  }

  get isFull(): boolean {
    return this.#text.length >= FULL_LENGTH;
  }

  async flush(): Promise<void> {
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => {
        if (error == null) resolve();
        else if ((error as NodeJS.ErrnoException).code === 'EPIPE') reject(new OutputClosed());
        else reject(error);
      });
    });
  }

  /** Flushes and closes; not for standard output. */
  async close(): Promise<void> {
    await this.flush();
    this.#stream.end();
    await once(this.#stream, 'close');
  }
}
