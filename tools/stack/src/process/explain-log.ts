import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL_BYTES = 16 * 1024;

export interface Explanation {
  readonly cause: string;
  readonly fix: string;
}

const KNOWN: readonly { readonly pattern: RegExp; readonly explanation: Explanation }[] = [
  {
    pattern: /address already in use|EADDRINUSE|BindException/i,
    explanation: {
      cause: 'a port it needs was taken in the meantime',
      fix: 'run the command again: it then takes another free port',
    },
  },
  {
    pattern: /No space left on device|ENOSPC/i,
    explanation: { cause: 'the disk is full', fix: 'free some space and run the command again' },
  },
  {
    pattern: /OutOfMemoryError|Cannot allocate memory|could not reserve enough space/i,
    explanation: {
      cause: 'there is not enough memory',
      fix: 'the stack needs about 3.5 GB: close other programs, or give Spark more with SPARK_HEAP (for instance 2g)',
    },
  },
  {
    pattern: /UnsupportedClassVersionError|Unrecognized option: --add-opens/,
    explanation: { cause: 'the java found is too old', fix: 'point JAVA_HOME to a JDK 17 or newer' },
  },
  {
    pattern: /error while loading shared libraries: (\S+)/,
    explanation: {
      cause: 'a library of the system is missing (named in the log)',
      fix: 'install the package that holds it, or name a server of your own (DATABASE_URL, REDIS_URL)',
    },
  },
  {
    pattern: /Cannot find module/,
    explanation: { cause: 'it is not built', fix: 'run npm run build' },
  },
];

/** What the end of a log says in words a person can act on. Undefined where nothing known is in it. */
export function explain(text: string): Explanation | undefined {
  return KNOWN.find(({ pattern }) => pattern.test(text))?.explanation;
}

/** As `explain`, for the end of a log file. */
export function explainLog(logFile: string): Explanation | undefined {
  return explain(lastLines(logFile, 40).join('\n'));
}

/** The last lines of a log; none where it cannot be read. */
export function lastLines(logFile: string, count: number): readonly string[] {
  try {
    const file = openSync(logFile, 'r');
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    closeSync(file);
    return bytes.toString('utf8').trimEnd().split('\n').slice(-count);
  } catch {
    return [];
  }
}
