/** Where a database lies and how it is opened: a file name or URI, and node-sqlite3's mode. */
import { EngineError } from '../../errors.ts';
import { OPEN, OPEN_MEMORY } from './constants.ts';

export interface Location {
  readonly path: string;
  /** 0 a path, 1 in memory, 2 temporary: as `binding.open` takes it. */
  readonly kind: 0 | 1 | 2;
  readonly isReadOnly: boolean;
  readonly mustExist: boolean;
}

/** The three ways to open: read only, read and write, and with CREATE. */
const WAYS: ReadonlySet<number> = new Set([OPEN.OPEN_READONLY, OPEN.OPEN_READWRITE, OPEN.OPEN_READWRITE | OPEN.OPEN_CREATE]);

/** What a URI may ask for. */
const MODES: ReadonlySet<string> = new Set(['ro', 'rw', 'rwc', 'memory']);

const CACHES: ReadonlySet<string> = new Set(['shared', 'private']);

/** SQLite's own, of Unix and Windows: here they are all the same. */
const FILE_SYSTEMS: ReadonlySet<string> = new Set(
  process.platform === 'win32'
    ? ['win32', 'win32-longpath', 'win32-none', 'win32-longpath-none', 'memdb']
    : ['unix', 'unix-none', 'unix-dotfile', 'unix-excl', 'memdb'],
);

/** `file:` URIs count only where the mode says so. */
function readUri(filename: string): { path: string; mode: string | null; cache: string | null; vfs: string | null } {
  const [place = '', query = ''] = filename.slice('file:'.length).split('#')[0]?.split('?') ?? [];
  const path = place.startsWith('//') ? place.slice(2).replace(/^[^/]*/, '') : place;
  const asked = new URLSearchParams(query);
  return { path: decodeURIComponent(path), mode: asked.get('mode'), cache: asked.get('cache'), vfs: asked.get('vfs') };
}

export function readLocation(filename: string, mode: number): Location {
  const way = mode & 7;
  if (!WAYS.has(way)) throw EngineError('bad parameter or other API misuse', 'SQLITE_MISUSE');
  let isReadOnly = way === OPEN.OPEN_READONLY;
  let mustExist = way !== (OPEN.OPEN_READWRITE | OPEN.OPEN_CREATE);
  let path = filename;
  let isMemory = (mode & OPEN_MEMORY) !== 0;
  if ((mode & OPEN.OPEN_URI) !== 0 && filename.startsWith('file:')) {
    const uri = readUri(filename);
    ({ path } = uri);
    if (uri.cache !== null && !CACHES.has(uri.cache)) throw EngineError(`no such cache mode: ${uri.cache}`, 'SQLITE_ERROR');
    if (uri.mode !== null && !MODES.has(uri.mode)) throw EngineError(`no such access mode: ${uri.mode}`, 'SQLITE_ERROR');
    if (uri.vfs !== null && !FILE_SYSTEMS.has(uri.vfs)) throw EngineError(`no such vfs: ${uri.vfs}`, 'SQLITE_ERROR');
    isMemory ||= uri.mode === 'memory' || uri.vfs === 'memdb';
    isReadOnly ||= uri.mode === 'ro';
    mustExist ||= uri.mode === 'ro' || uri.mode === 'rw';
  }
  isMemory ||= path === ':memory:';
  if (isMemory) return { path: ':memory:', kind: 1, isReadOnly: false, mustExist: false };
  if (path === '') return { path, kind: 2, isReadOnly: false, mustExist: false };
  return { path, kind: 0, isReadOnly, mustExist };
}
