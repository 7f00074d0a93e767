/** The targets of `native/crates/fuzz_targets`, with what libFuzzer should know of each. */

export interface Target {
  readonly name: string;
  /** Bytes of the longest input: a tree's blocks are long, a text need not be. */
  readonly maxLength: number;
  /** In `native/fuzz/dictionaries`. */
  readonly dictionary?: string;
  /** Takes SQL scripts. */
  readonly takesSql?: true;
}

export const TARGETS: readonly Target[] = [
  { name: 'sql', maxLength: 4096, dictionary: 'sql', takesSql: true },
  { name: 'statement', maxLength: 4096, dictionary: 'sql', takesSql: true },
  { name: 'function', maxLength: 1024, dictionary: 'json' },
  { name: 'json', maxLength: 2048, dictionary: 'json' },
  { name: 'number', maxLength: 1024 },
  { name: 'record', maxLength: 4096 },
  { name: 'key', maxLength: 4096 },
  { name: 'row_tree', maxLength: 65_536 },
  { name: 'key_tree', maxLength: 65_536 },
  { name: 'block', maxLength: 8192 },
  { name: 'log', maxLength: 16_384 },
  { name: 'directory', maxLength: 2048 },
  { name: 'sqlite_file', maxLength: 65_536 },
  { name: 'changeset', maxLength: 4096 },
  { name: 'recovery', maxLength: 8192 },
];
