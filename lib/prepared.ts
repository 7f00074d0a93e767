/**
 * What the addon has prepared for a text, shared by all statements of that text.
 *
 *     db.prepare(text) ─┐
 *     db.prepare(text) ─┼─► Prepared (handle, parameters, columns, decoders)
 *     db.prepare(text) ─┘
 *
 * An execution gives all parameters their values and ends before the call returns, so it does not matter which of the
 * statements used the handle before. What lasts longer, an open iterator or values bound for good, takes a handle of
 * its own (`own`). Preparing a text again is therefore a look into a map, which matters to everyone who does not keep
 * statements.
 *
 * Handles are freed when nobody refers to their Prepared any more.
 */
import { type ParameterNames, parameterNames } from './bind.ts';
import type { ColumnDescription, StatementHandle } from './native/binding.ts';
import { binding } from './native/load.ts';
import { createRowDecoder, type RowDecoder, type RowMode } from './native/row-decoder.ts';
import type { SharedBuffer } from './native/shared-buffer.ts';
import type { ConnectionState } from './state.ts';

/** Texts kept for a connection, those prepared last. */
const MAX_TEXTS = 128;
/** Longer texts are hardly prepared twice. */
const MAX_TEXT_LENGTH = 8192;

const finalizer = new FinalizationRegistry<StatementHandle>((handle) => binding.finalize(handle));

export class Prepared {
  readonly handle: StatementHandle;
  readonly isReadOnly: boolean;
  readonly returnsRows: boolean;
  readonly parameters: ParameterNames;
  columnCount: number;
  /** Statements that were given this one. */
  users = 1;
  readonly #buffer: SharedBuffer;
  /** Asked for when somebody looks: rows as arrays need their number only. */
  #columns: readonly ColumnDescription[] | undefined;
  #compilation: number;
  #decoders: Partial<Record<RowMode, RowDecoder>> = {};

  constructor(buffer: SharedBuffer, handle: StatementHandle) {
    const [isReadOnly, returnsRows, compilation, names, columnCount] = binding.describe(handle);
    this.handle = handle;
    this.isReadOnly = isReadOnly;
    this.returnsRows = returnsRows;
    this.parameters = parameterNames(names);
    this.columnCount = columnCount;
    this.#buffer = buffer;
    this.#compilation = compilation;
    buffer.reserve(columnCount, names.length);
    finalizer.register(this, handle);
  }

  get columns(): readonly ColumnDescription[] {
    this.#columns ??= binding.describeColumns(this.handle);
    return this.#columns;
  }

  /** What makes rows of cells; `compilation` tells which columns the cells are of. */
  decoder(mode: RowMode, compilation: number): RowDecoder {
    if (compilation !== this.#compilation) this.refresh();
    const known = this.#decoders[mode];
    if (known !== undefined) return known;
    const decoder = createRowDecoder(mode, this.columnCount, () => this.columns);
    this.#decoders[mode] = decoder;
    return decoder;
  }

  /** A change of the schema may have changed the columns. */
  refresh(): void {
    const [, , compilation, , columnCount] = binding.describe(this.handle);
    if (compilation === this.#compilation) return;
    this.#compilation = compilation;
    this.columnCount = columnCount;
    this.#columns = undefined;
    this.#decoders = {};
    this.#buffer.reserve(columnCount, this.parameters.count);
  }
}

/** The prepared texts of a connection. */
export class PreparedTexts {
  readonly #texts = new Map<string, Prepared>();

  /** What is prepared for a text: as before when the schema still is the same. */
  take(state: ConnectionState, sql: string): Prepared {
    const known = this.#texts.get(sql);
    if (known !== undefined && binding.isCurrent(known.handle)) {
      known.users++;
      return known;
    }
    const prepared = new Prepared(state.buffer, binding.prepare(state.connection, sql));
    if (sql.length <= MAX_TEXT_LENGTH) {
      this.#texts.delete(sql);
      if (this.#texts.size >= MAX_TEXTS) {
        const [oldest] = this.#texts.keys();
        if (oldest !== undefined) this.#texts.delete(oldest);
      }
      this.#texts.set(sql, prepared);
    }
    return prepared;
  }

  /** The same for one statement alone. */
  own(state: ConnectionState, sql: string, shared: Prepared): Prepared {
    if (shared.users > 1) return new Prepared(state.buffer, binding.prepare(state.connection, sql));
    if (this.#texts.get(sql) === shared) this.#texts.delete(sql);
    return shared;
  }

  clear(): void {
    this.#texts.clear();
  }
}
