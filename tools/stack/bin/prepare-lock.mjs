import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';

// In the checkout and not in MILLRACE_HOME: what is prepared belongs to the checkout.
const FILE = join(ROOT, '.millrace', 'preparing.pid');
const LIMIT_MS = 15 * 60_000;
const POLL_MS = 500;

/** Lets one command at a time install and build: two `npm ci` at once would ruin each other's work. */
export async function whilePreparing(reporter, work) {
  await take(reporter);
  try {
    return await work();
  } finally {
    rmSync(FILE, { force: true });
  }
}

async function take(reporter) {
  mkdirSync(join(ROOT, '.millrace'), { recursive: true });
  const endsAt = Date.now() + LIMIT_MS;
  let step;
  while (!tryTake()) {
    const holder = readHolder();
    if (holder !== undefined && !isAlive(holder)) rmSync(FILE, { force: true });
    else step ??= reporter.step('waiting', `another command installs and builds here (process ${holder})`);
    if (Date.now() > endsAt)
      throw new Failure(`process ${holder} has been installing for 15 minutes`, {
        fix: `end it, or delete ${FILE}`,
      });
    if (step) await delay(POLL_MS);
  }
  step?.done('the other command is done');
}

function tryTake() {
  try {
    writeFileSync(FILE, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder() {
  try {
    return Number(readFileSync(FILE, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
