/** Holds a database open until its standard input ends: `holder.ts <path>`. Says `open` once it does. */
import { loadEngine } from '../engine.ts';

const engine = await loadEngine('pluresdb');
const db = engine.open(process.argv[2] ?? '');
db.exec('CREATE TABLE IF NOT EXISTS held(x)');
process.stdout.write('open\n');
process.stdin.resume().on('end', () => db.close());
