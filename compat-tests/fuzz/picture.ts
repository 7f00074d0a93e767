/**
 * The generator's picture of the schema: what exists, so that most statements name it.
 *
 * A picture is a value. A statement that succeeded makes the next one; a rolled back transaction or savepoint brings
 * back the one that was true before it. `Schema` follows the engine's answers, so an error never leaves it wrong.
 */

export type DatabaseName = 'main' | 'temp' | 'aux';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isUnique: boolean;
  readonly isNotNull: boolean;
  /** INTEGER PRIMARY KEY: the rowid by another name. */
  readonly isAlias: boolean;
  readonly isGenerated: boolean;
  /** It names rows of another table. */
  readonly isReference: boolean;
}

export interface Table {
  readonly database: DatabaseName;
  readonly name: string;
  readonly columns: readonly Column[];
  /** What tells every row from the others, in the table's own order. */
  readonly key: readonly string[];
  readonly hasRowid: boolean;
  readonly isStrict: boolean;
  /** Unique keys that an ON CONFLICT clause may name, each with its parentheses. */
  readonly conflictTargets: readonly string[];
  readonly hasConstraints: boolean;
  /** PRIMARY KEY DESC. */
  readonly isDescending: boolean;
}

export interface Index {
  readonly database: DatabaseName;
  readonly name: string;
  readonly table: string;
  /** Its terms are columns, not expressions. */
  readonly isPlain: boolean;
  /** The WHERE of a partial index. */
  readonly condition: string | undefined;
  readonly isUnique: boolean;
  /** Its first term is descending. */
  readonly isDescending: boolean;
}

export interface View {
  readonly database: DatabaseName;
  readonly name: string;
  readonly columns: readonly string[];
}

export interface Trigger {
  readonly database: DatabaseName;
  readonly name: string;
  readonly table: string;
}

export interface Picture {
  readonly tables: readonly Table[];
  readonly indexes: readonly Index[];
  readonly views: readonly View[];
  readonly triggers: readonly Trigger[];
  readonly isAttached: boolean;
  /** Triggers may set themselves off: then only such are made as come to an end. */
  readonly isRecursive: boolean;
  /** Where temp tables are kept: as PRAGMA temp_store says. */
  readonly tempStore: number;
}

/** What a statement does to the transaction, when it succeeds. */
export type TransactionStep =
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  | { readonly kind: 'savepoint' | 'release' | 'rollback to'; readonly name: string };

/** What `Schema` must know of a statement. */
export interface Effect {
  readonly after?: (picture: Picture) => Picture;
  readonly step?: TransactionStep;
}

const EMPTY: Picture = { tables: [], indexes: [], views: [], triggers: [], isAttached: false, isRecursive: false, tempStore: 0 };

export class Schema {
  picture = EMPTY;
  isInTransaction = false;
  #nameCount = 0;
  #beginning = EMPTY;
  #savepoints: { readonly name: string; readonly picture: Picture }[] = [];

  get savepoints(): readonly string[] {
    return this.#savepoints.map(({ name }) => name);
  }

  /** No name is used twice in an episode, so a picture that lags behind names what is gone, never something else. */
  freshName(prefix: string): string {
    return `${prefix}${this.#nameCount++}`;
  }

  /** Takes in how a statement ended. */
  settle({ after, step }: Effect, hasSucceeded: boolean, isInTransaction: boolean): void {
    const wasInTransaction = this.isInTransaction;
    this.isInTransaction = isInTransaction;
    if (!wasInTransaction) this.#beginning = this.picture;
    if (hasSucceeded && after !== undefined) this.picture = after(this.picture);
    if (hasSucceeded && step !== undefined) this.#follow(step);
    if (isInTransaction) return;
    const hasCommitted = hasSucceeded && step?.kind !== 'rollback';
    if (wasInTransaction && !hasCommitted) this.#bringBack(this.#beginning);
    this.#savepoints = [];
  }

  /** ATTACH and settings are no part of a transaction. */
  #bringBack(picture: Picture): void {
    const { isAttached, isRecursive, tempStore } = this.picture;
    this.picture = { ...picture, isAttached, isRecursive, tempStore };
  }

  #follow(step: TransactionStep): void {
    if (!('name' in step)) return;
    if (step.kind === 'savepoint') {
      this.#savepoints.push({ name: step.name, picture: this.picture });
      return;
    }
    const at = this.#savepoints.findLastIndex(({ name }) => name.toLowerCase() === step.name.toLowerCase());
    const found = this.#savepoints[at];
    if (found === undefined) return;
    if (step.kind === 'rollback to') this.#bringBack(found.picture);
    this.#savepoints.length = step.kind === 'release' ? at : at + 1;
  }
}

/** Tables and views lose what hangs on them. */
export function withoutTable(picture: Picture, table: { readonly name: string }): Picture {
  return {
    ...picture,
    tables: picture.tables.filter(({ name }) => name !== table.name),
    indexes: picture.indexes.filter((index) => index.table !== table.name),
    triggers: picture.triggers.filter((trigger) => trigger.table !== table.name),
  };
}

export function withoutDatabase(picture: Picture, database: DatabaseName): Picture {
  const stays = (object: { readonly database: DatabaseName }): boolean => object.database !== database;
  return {
    ...picture,
    tables: picture.tables.filter(stays),
    indexes: picture.indexes.filter(stays),
    views: picture.views.filter(stays),
    triggers: picture.triggers.filter(stays),
  };
}

export const isRealColumn = ({ type }: Column): boolean => /REAL|DOUB|FLOA/.test(type);
