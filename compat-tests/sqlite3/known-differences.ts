/** Where `pluresdb/sqlite3` differs from node-sqlite3 on purpose, or not yet: by the contract's labels, with the reason. */

export interface KnownDifference {
  readonly reason: string;
  readonly keys: readonly string[];
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    reason: 'The engine has the dialect and answers of SQLite 3.54.1, whatever SQLite is inside a node-sqlite3.',
    keys: ['the package: VERSION', 'the package: SOURCE_ID', 'the package: VERSION_NUMBER'],
  },
];
