import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In this order: the user made for it, else the one every system has. */
const CANDIDATES = ['postgres', '_postgres', 'nobody'];

/** The user to run Postgres as. Postgres refuses root and wants a user the system knows; undefined: as ourselves. */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return chooseUser(readFileSync('/etc/passwd', 'utf8'));
}

/** The first candidate in the text of `/etc/passwd`. */
export function chooseUser(passwd: string): ServerUser | undefined {
  const users = passwd.split('\n').map((line) => line.split(':'));
  for (const candidate of CANDIDATES) {
    const [name, , uid, gid] = users.find((fields) => fields[0] === candidate) ?? [];
    if (name !== undefined && Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** Whether a user may enter a folder: every folder above it must let them pass. */
export function canEnter(user: ServerUser, folder: string): boolean {
  let current = realpathSync(folder);
  for (;;) {
    const { mode, uid, gid } = statSync(current);
    const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
    if (((mode >> shift) & 1) === 0) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}
