/** The types of the package `sqlite3`, which are those of `pluresdb/sqlite3`. */
export * from 'pluresdb/sqlite3';
export { default } from 'pluresdb/sqlite3';
