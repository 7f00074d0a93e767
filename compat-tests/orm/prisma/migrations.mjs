/** The migrations of the app, as Prisma writes them for its schema, and the way back. */
export const up = [
  `CREATE TABLE "account" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "balance" DECIMAL NOT NULL DEFAULT 0,
    "score" REAL NOT NULL DEFAULT 1.5,
    "settings" JSONB,
    "opened" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "logo" BLOB,
    "views" BIGINT NOT NULL DEFAULT 0,
    "kind" TEXT NOT NULL DEFAULT 'PERSON',
    "managerId" INTEGER,
    CONSTRAINT "account_managerId_fkey" FOREIGN KEY ("managerId") REFERENCES "account" ("id") ON DELETE SET NULL ON UPDATE CASCADE
  )`,
  `CREATE TABLE "ticket" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL,
    "account_id" INTEGER NOT NULL,
    CONSTRAINT "ticket_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE CASCADE
  )`,
  'CREATE TABLE "Group" ("code" TEXT NOT NULL PRIMARY KEY)',
  `CREATE TABLE "_AccountToGroup" (
    "A" INTEGER NOT NULL,
    "B" TEXT NOT NULL,
    CONSTRAINT "_AccountToGroup_A_fkey" FOREIGN KEY ("A") REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "_AccountToGroup_B_fkey" FOREIGN KEY ("B") REFERENCES "Group" ("code") ON DELETE CASCADE ON UPDATE CASCADE
  )`,
  'CREATE UNIQUE INDEX "account_email_key" ON "account"("email")',
  'CREATE INDEX "account_name_score_idx" ON "account"("name", "score" DESC)',
  'CREATE UNIQUE INDEX "ticket_account_id_title_key" ON "ticket"("account_id", "title")',
  'CREATE UNIQUE INDEX "_AccountToGroup_AB_unique" ON "_AccountToGroup"("A", "B")',
  'CREATE INDEX "_AccountToGroup_B_index" ON "_AccountToGroup"("B")',
];

/** A column is added the way Prisma redefines tables. */
export const redefine = [
  'PRAGMA defer_foreign_keys=ON',
  'PRAGMA foreign_keys=OFF',
  `CREATE TABLE "new_ticket" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "account_id" INTEGER NOT NULL,
    CONSTRAINT "ticket_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE CASCADE
  )`,
  'INSERT INTO "new_ticket" ("account_id", "id", "title") SELECT "account_id", "id", "title" FROM "ticket"',
  'DROP TABLE "ticket"',
  'ALTER TABLE "new_ticket" RENAME TO "ticket"',
  'CREATE UNIQUE INDEX "ticket_account_id_title_key" ON "ticket"("account_id", "title")',
  'PRAGMA foreign_keys=ON',
  'PRAGMA defer_foreign_keys=OFF',
];

export const down = ['DROP TABLE "_AccountToGroup"', 'DROP TABLE "Group"', 'DROP TABLE "ticket"', 'DROP TABLE "account"'];
