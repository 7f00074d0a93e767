/** Where Prisma finds the app's schema; the database's place comes from the adapter. */
import { defineConfig } from 'prisma/config';

export default defineConfig({ schema: 'prisma/schema.prisma', datasource: { url: 'file:./none.db' } });
