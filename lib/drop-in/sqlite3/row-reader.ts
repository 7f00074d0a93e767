/** Rows of a worker's blocks: the same cells as those of a connection's own buffer, in memory that came along. */
import { Cells, FIRST_CELL } from '../../native/cells.ts';
import { objectDecoder, type RowDecoder, splitNames } from '../../native/row-decoder.ts';
import type { Block } from './protocol.ts';

class BlockCells extends Cells {
  readonly #wide: readonly (string | Uint8Array)[] | undefined;

  constructor(cells: ArrayBuffer, wide: readonly (string | Uint8Array)[] | undefined) {
    super();
    this.lieIn(cells);
    this.#wide = wide;
  }

  protected override wide(index: number): unknown {
    const value = this.#wide?.[index];
    return typeof value === 'object' ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
  }
}

/** Makes rows of one statement's blocks. */
export class RowReader {
  #width = 0;
  #decode: RowDecoder | undefined;

  read([cells, rowCount, heap, wide, names]: Block, take: (row: unknown) => void): void {
    if (names !== undefined) {
      this.#width = splitNames(names).length;
      this.#decode = objectDecoder(names);
    }
    const decode = this.#decode;
    if (decode === undefined) throw new Error('rows came without the names of their columns');
    const source = new BlockCells(cells, wide);
    for (let row = 0, cell = FIRST_CELL; row < rowCount; row++, cell += this.#width) take(decode(source, cell, heap as string));
  }
}
