/** Unit tests stand beside the file they test; `pluresdb` resolves to the build, as it does for a user. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: [
      { find: /^pluresdb$/, replacement: new URL('./dist/index.js', import.meta.url).pathname },
      { find: /^pluresdb\/node-sqlite$/, replacement: new URL('./dist/node-sqlite.js', import.meta.url).pathname },
      { find: /^pluresdb\/sqlite3$/, replacement: new URL('./dist/sqlite3.js', import.meta.url).pathname },
    ],
  },
  test: {
    include: ['lib/**/*.test.ts', 'cli/**/*.test.ts', 'bench/**/*.test.ts', 'compat-tests/**/*.test.ts'],
    passWithNoTests: true,
    server: { deps: { external: [/\/dist\//] } },
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
