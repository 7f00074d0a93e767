/** What a user can put right: a wrong argument, a file that is not there. */

export class UsageError extends Error {}

/** The one line that is shown for an error; a missing file is told in words. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const place = path === undefined ? '' : `: ${path}`;
  if (code === 'ENOENT') return `no such file or folder${place}`;
  if (code === 'EACCES' || code === 'EPERM') return `permission denied${place}`;
  if (code === 'EISDIR') return `is a folder${place}`;
  return error.message;
}
