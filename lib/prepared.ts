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
 * A change of the schema gives a statement other columns when it is executed the next time, and not before: of a shared
 * handle the columns are kept as they were, too (`columnsAt`).
 *
 * Many texts are prepared, run once and forgotten, and garbage is found late: within a loop not before it ends. So
 * handles belong to the texts prepared last, and are closed when enough others came after them. A statement that is
 * used again later is one that its application keeps: it gets a handle for good (`revive`), which is freed when nobody
 * refers to it any more. That costs a kept statement one more compilation in its life.
 */
import { type ParameterNames, parameterNames, unnamedParameters } from './bind.ts';
import type { ColumnDescription, StatementHandle } from './native/binding.ts';
import { HAS_NAMED_PARAMETERS, IS_READ_ONLY, RETURNS_ROWS } from './native/binding.ts';
import { binding } from './native/load.ts';
import { arrayDecoder, decodeCell, expandedDecoder, objectDecoder, type RowDecoder, type RowMode } from './native/row-decoder.ts';
import type { SharedBuffer } from './native/shared-buffer.ts';
import type { ConnectionState } from './state.ts';

/** Texts of a connection that keep their handles: those prepared last. */
const RECENT_TEXTS = 128;
/** Column lists whose decoders are kept by number. */
const MAX_COLUMN_LISTS = 256;
/** Handles of another schema whose statements may still be there. */
const MAX_STALE = 128;
/** Former columns of a handle; who asks for older ones gets the present. */
const MAX_FORMER = 16;
/** Longer texts are hardly prepared twice. */
const MAX_TEXT_LENGTH = 8192;

type Decoders = Partial<Record<RowMode, RowDecoder>>;

/** Of statements whose texts differ in literals only: the engine has numbered their columns. */
const ofColumns = new Map<number, Decoders>();

function decodersOf(columnsNumber: number): Decoders {
  if (columnsNumber === 0) return {};
  const known = ofColumns.get(columnsNumber);
  if (known !== undefined) return known;
  if (ofColumns.size >= MAX_COLUMN_LISTS) ofColumns.clear();
  const decoders = {};
  ofColumns.set(columnsNumber, decoders);
  return decoders;
}

const finalizer = new FinalizationRegistry<StatementHandle>((handle) => binding.finalize(handle));

export class Prepared {
  readonly handle: StatementHandle;
  readonly isReadOnly: boolean;
  readonly returnsRows: boolean;
  readonly parameters: ParameterNames;
  columnCount: number;
  /** Statements that were given this one. */
  users = 1;
  /** The handle is no more. */
  isClosed = false;
  readonly #connection: { readonly buffer: SharedBuffer };
  /** Asked for when somebody looks: rows as arrays need their number only. */
  #columns: readonly ColumnDescription[] | undefined;
  /** What the columns were at earlier compilations, as far as several statements share the handle. */
  #former: Map<number, readonly ColumnDescription[]> | undefined;
  /** Counts the handle's compilations. */
  compilation: number;
  #decoders: Decoders;

  /** To be called right after the handle was made: its description stands in the buffer. `of`: whose copy it is. */
  constructor(connection: { readonly buffer: SharedBuffer }, handle: StatementHandle, of?: Prepared) {
    const { buffer } = connection;
    const { statementFlags, parameterCount, columnCount } = buffer;
    this.#decoders = decodersOf(buffer.columnsNumber);
    this.handle = handle;
    this.isReadOnly = (statementFlags & IS_READ_ONLY) !== 0;
    this.returnsRows = (statementFlags & RETURNS_ROWS) !== 0;
    this.columnCount = columnCount;
    this.compilation = buffer.compilation;
    this.#connection = connection;
    this.#former = of === undefined ? undefined : of.#former;
    this.parameters =
      (statementFlags & HAS_NAMED_PARAMETERS) === 0
        ? unnamedParameters(parameterCount)
        : parameterNames(binding.parameterNames(handle));
    buffer.reserve(columnCount, parameterCount);
  }

  get columns(): readonly ColumnDescription[] {
    this.#columns ??= binding.describeColumns(this.handle);
    return this.#columns;
  }

  /** What they were when the handle was compiled so many times. */
  columnsAt(compilation: number): readonly ColumnDescription[] {
    this.refresh();
    const former = compilation === this.compilation ? undefined : this.#former?.get(compilation);
    return former ?? this.columns;
  }

  /** One more statement has it. */
  share(): void {
    this.users++;
    if (this.users === 2) {
      this.refresh();
      this.#rememberColumns();
    }
  }

  /** Before they become others. */
  #rememberColumns(): void {
    if (!this.returnsRows) return;
    this.#former ??= new Map();
    if (this.#former.size >= MAX_FORMER) this.#former.clear();
    this.#former.set(this.compilation, this.columns);
  }

  /** What makes rows of cells; `compilation` tells which columns the cells are of. */
  decoder(mode: RowMode, compilation: number): RowDecoder {
    if (compilation !== this.compilation) this.refresh();
    this.#decoders[mode] ??= this.#createDecoder(mode);
    return this.#decoders[mode];
  }

  #createDecoder(mode: RowMode): RowDecoder {
    switch (mode) {
      case 'object':
        return objectDecoder(binding.columnNames(this.handle));
      case 'null-prototype':
        return objectDecoder(binding.columnNames(this.handle), 'null');
      case 'raw':
        return arrayDecoder(this.columnCount);
      case 'pluck':
        return decodeCell;
      case 'expand':
        return expandedDecoder(this.columns);
    }
  }

  /** A change of the schema may have changed the columns. */
  refresh(): void {
    const { buffer } = this.#connection;
    binding.describe(this.handle);
    if (buffer.compilation === this.compilation) return;
    this.compilation = buffer.compilation;
    this.columnCount = buffer.columnCount;
    this.#columns = undefined;
    this.#decoders = {};
    buffer.reserve(this.columnCount, this.parameters.count);
    if (this.users > 1) this.#rememberColumns();
  }

  /** Frees the handle; statements that still refer to it are revived when they are used. */
  close(): void {
    this.isClosed = true;
    binding.discard(this.handle);
  }
}

/**
 * The prepared texts of a connection, in two generations: each recent text that comes closes one of the older ones, and
 * when the recent generation is full it becomes the older one.
 */
export class PreparedTexts {
  #recent = new Map<string, Prepared>();
  #older = new Map<string, Prepared>();
  /** Goes through `#older`. */
  #oldest = this.#older.entries();
  /** Prepared for a schema that is no more, oldest first. */
  readonly #stale = new Set<Prepared>();

  /** What is prepared for a text: as before when the schema still is the same. */
  take(state: ConnectionState, sql: string): Prepared {
    const known = this.#find(sql);
    if (known !== undefined) {
      if (binding.isCurrent(known.handle)) {
        known.share();
        return known;
      }
      this.#recent.delete(sql);
      this.#leave(known);
    }
    if (sql.length > MAX_TEXT_LENGTH) return this.lasting(state, sql);
    const prepared = new Prepared(state, binding.prepare(state.connection, sql));
    this.#add(sql, prepared);
    return prepared;
  }

  /** The same for one statement alone. */
  own(state: ConnectionState, sql: string, shared: Prepared): Prepared {
    if (shared.isClosed) return this.lasting(state, sql);
    if (shared.users > 1) {
      const handle = binding.copy(shared.handle);
      return handle === null ? this.lasting(state, sql) : this.#lasting(new Prepared(state, handle, shared));
    }
    if (this.#stale.delete(shared)) return this.#lasting(shared);
    return this.#find(sql) === shared ? this.#keep(sql, shared) : shared;
  }

  /** For a statement that is used after its handle was closed. */
  revive(state: ConnectionState, sql: string): Prepared {
    const known = this.#find(sql);
    if (known === undefined) return this.lasting(state, sql);
    known.share();
    return this.#keep(sql, known);
  }

  /** A handle that only the garbage collection frees. */
  lasting(state: ConnectionState, sql: string): Prepared {
    return this.#lasting(new Prepared(state, binding.prepare(state.connection, sql)));
  }

  #lasting(prepared: Prepared): Prepared {
    finalizer.register(prepared, prepared.handle);
    return prepared;
  }

  /** To be called before the connection is closed. */
  clear(): void {
    for (const prepared of this.#recent.values()) prepared.close();
    for (const prepared of this.#older.values()) prepared.close();
    for (const prepared of this.#stale) prepared.close();
    this.#recent.clear();
    this.#older.clear();
    this.#stale.clear();
  }

  /** The statements that have it go on with it; the text gets another one. */
  #leave(prepared: Prepared): void {
    const [oldest] = this.#stale;
    if (oldest !== undefined && this.#stale.size >= MAX_STALE) {
      this.#stale.delete(oldest);
      oldest.close();
    }
    this.#stale.add(prepared);
  }

  /** What is known of a text, recent from now on. */
  #find(sql: string): Prepared | undefined {
    const recent = this.#recent.get(sql);
    if (recent !== undefined) return recent;
    const older = this.#older.get(sql);
    if (older === undefined) return undefined;
    this.#older.delete(sql);
    this.#add(sql, older);
    return older;
  }

  /** One in, one out: memory that is freed at once is found again at once. */
  #add(sql: string, prepared: Prepared): void {
    if (this.#recent.size >= RECENT_TEXTS) {
      this.#older = this.#recent;
      this.#oldest = this.#older.entries();
      this.#recent = new Map();
    }
    this.#recent.set(sql, prepared);
    const { value: last } = this.#oldest.next();
    if (last === undefined) return;
    this.#older.delete(last[0]);
    last[1].close();
  }

  /** Takes one out of the texts, to be kept as long as anybody refers to it. */
  #keep(sql: string, prepared: Prepared): Prepared {
    this.#recent.delete(sql);
    return this.#lasting(prepared);
  }
}
