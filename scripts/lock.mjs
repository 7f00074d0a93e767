/**
 * One preparation at a time in one checkout: a lock directory holding its owner's process id.
 *
 * `mkdir` is atomic on every platform. A lock whose owner no longer lives is taken over.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from './fingerprint.mjs';
import { say } from './process.mjs';

const lockFolder = join(cacheFolder, 'prepare.lock');
const ownerFile = join(lockFolder, 'owner');

function ownerLives() {
  try {
    const pid = Number(readFileSync(ownerFile, 'utf8'));
    if (pid === process.pid) return false;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process lives but is another user's.
    return error.code === 'EPERM';
  }
}

/** Runs `work` alone, and lets go however it ends. */
export async function withLock(work) {
  mkdirSync(cacheFolder, { recursive: true });
  let hasWaited = false;
  for (;;) {
    try {
      mkdirSync(lockFolder);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    // The owner file is written just after the directory: give it a moment before calling the lock abandoned.
    if (!ownerLives()) {
      await sleep(300);
      if (!ownerLives()) {
        rmSync(lockFolder, { recursive: true, force: true });
        continue;
      }
    }
    if (!hasWaited) say('· another task is preparing this checkout: waiting');
    hasWaited = true;
    await sleep(300);
  }
  writeFileSync(ownerFile, String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}
