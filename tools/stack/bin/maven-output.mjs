/**
 * Counts what Maven downloads: its lines end in `(1.2 MB at 3.4 MB/s)`.
 * @returns a function that takes a line and returns the text for the progress line, or undefined
 */
export function downloadCounter() {
  let files = 0;
  let bytes = 0;
  return (line) => {
    const size = /Downloaded from \S+: \S+ \((\d+(?:\.\d+)?) ([kMG]?)B/.exec(line);
    if (!size) return undefined;
    files += 1;
    bytes += Number(size[1]) * { '': 1, k: 1e3, M: 1e6, G: 1e9 }[size[2]];
    return `${files} files, ${Math.round(bytes / 1e6)} MB`;
  };
}

const USE_A_JDK = 'install a JDK 17 or 21 and let JAVA_HOME point to it';
const NETWORK =
  'check the network and the proxy; a mirror is set in ~/.m2/settings.xml. Then run the command again';

/** Each known failure: how to recognise it, what it says, how to cure it. The first that matches is told. */
const KNOWN = [
  {
    pattern: /No space left on device/,
    cause: () => 'the disk is full',
    fix: 'free some space and run the command again',
  },
  {
    pattern:
      /No compiler is provided|release version \d+ not supported|invalid target release|UnsupportedClassVersionError|JAVA_HOME environment variable is not defined correctly/,
    cause: () => 'Maven runs on the wrong Java: a JDK 17 or newer is needed',
    fix: USE_A_JDK,
  },
  {
    pattern: /COMPILATION ERROR[\s\S]*?\[ERROR\] (\S+\.java):\[(\d+),\d+\] ([^\n]+)/,
    cause: (found) => `our Java code does not compile: ${found[1]}:${found[2]} ${found[3]}`,
    fix: 'correct that file',
  },
  {
    pattern: /status code: 40[137]|\b(?:401 Unauthorized|403 Forbidden|407 Proxy Authentication)/,
    cause: () => 'the Maven repository refused access',
    fix: 'check the credentials in ~/.m2/settings.xml',
  },
  {
    pattern: /PKIX path building failed|SSLHandshakeException/,
    cause: () => 'Java does not trust the certificate of the Maven repository',
    fix: "add the certificate of your proxy to the JDK's trust store (keytool -importcert)",
  },
  {
    // Before "unreachable": where a file is missing from one repository, another one that cannot be reached is no news.
    pattern:
      /(?:Could not find artifact|The following artifacts could not be resolved:) ([\w.-]+:[\w.:-]+)[^\n]*? (?:in|was not found in) /,
    cause: (found) => `the Maven repository does not have ${found[1]}`,
    fix: 'check its version in the pom.xml, or name a repository that has it in ~/.m2/settings.xml',
  },
  {
    pattern: /([\w.-]+:[\w.:-]+) was not found in (\S+) during a previous attempt/,
    cause: (found) => `the Maven repository ${found[2]} does not have ${found[1]}`,
    fix: 'check its version in the pom.xml, or name a repository that has it in ~/.m2/settings.xml',
  },
  {
    pattern: /Could not transfer (?:artifact|metadata) \S+ from\/to (\S+) \((\S+?)\)([^\n]*)/,
    cause: ([, name, url, rest]) => {
      const how = /unknown host|refused|timed out|unreachable|network is down|reset/i
        .exec(rest)?.[0]
        .toLowerCase();
      return `the Maven repository ${name} (${url}) cannot be reached${how ? ` (${how})` : ''}`;
    },
    fix: NETWORK,
  },
  {
    pattern: /Unknown host|Connection refused|connect timed out|Network is unreachable/i,
    cause: () => 'the Maven repository cannot be reached',
    fix: NETWORK,
  },
];

/** Cause and cure of a failed Maven run, from what it printed. */
export function explainMaven(output) {
  for (const { pattern, cause, fix } of KNOWN) {
    const found = pattern.exec(output);
    if (found) return { cause: cause(found), fix };
  }
  const error = /\[ERROR\] ([^\n]+)/.exec(output)?.[1];
  return {
    cause: error ? `Maven failed: ${error}` : 'Maven failed',
    fix: 'see the log; run the command again when the cause is gone',
  };
}

/**
 * The counts of a test run, from its last summary.
 * @returns {{ passed: number, failed: number, skipped: number } | undefined} undefined where no test was run
 */
export function surefireTotals(output) {
  const summaries = [
    ...output.matchAll(/Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)$/gm),
  ];
  const counts = summaries.at(-1)?.slice(1).map(Number);
  if (counts === undefined) return undefined;
  const [run, failures, errors, skipped] = counts;
  const failed = failures + errors;
  return { passed: run - failed - skipped, failed, skipped };
}
