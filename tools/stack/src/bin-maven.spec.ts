import { evaluateInBin } from './bin-module.fixture';

const explain = (output: string): unknown =>
  evaluateInBin('maven-output.mjs', `m.explainMaven(${JSON.stringify(output)})`);

const GOAL =
  '[ERROR] Failed to execute goal on project millrace-spark: Could not resolve dependencies for project';

describe('the explanation of a failed Maven run', () => {
  it.each([
    [
      'a version the repository does not have',
      `${GOAL} x: Could not find artifact org.apache.spark:spark-mllib_2.13:jar:4.2.0 in central (https://repository.example/maven2) -> [Help 1]`,
      'the Maven repository does not have org.apache.spark:spark-mllib_2.13:jar:4.2.0',
    ],
    [
      'a version that is nowhere, while a further repository cannot be reached',
      `${GOAL} x: The following artifacts could not be resolved: io.delta:delta-spark:jar:9.9.9 (absent): Could not find artifact io.delta:delta-spark:jar:9.9.9 in central (https://a.example/maven2)\n[ERROR] Could not transfer artifact x:y:jar:1 from/to other (https://b.example): b.example: Name or service not known`,
      'the Maven repository does not have io.delta:delta-spark:jar:9.9.9',
    ],
    [
      'a repository whose name is not known',
      '[ERROR] Plugin p or one of its dependencies could not be resolved: Could not transfer artifact org.apache.maven.plugins:maven-clean-plugin:pom:3.4.1 from/to central (https://repository.example/maven2): repository.example: Unknown host repository.example',
      'the Maven repository central (https://repository.example/maven2) cannot be reached (unknown host)',
    ],
    [
      'a repository that refuses the connection',
      '[ERROR] Could not transfer artifact a:b:pom:1 from/to central (http://127.0.0.1:1/m2): Connect to 127.0.0.1:1 failed: Connection refused',
      'the Maven repository central (http://127.0.0.1:1/m2) cannot be reached (refused)',
    ],
    [
      'a Java without compiler',
      '[ERROR] No compiler is provided in this environment. Perhaps you are running on a JRE rather than a JDK?',
      'Maven runs on the wrong Java: a JDK 17 or newer is needed',
    ],
    [
      'a Java that is too old',
      '[ERROR] Failed to execute goal ... Fatal error compiling: error: release version 17 not supported -> [Help 1]',
      'Maven runs on the wrong Java: a JDK 17 or newer is needed',
    ],
    [
      'our own mistake',
      '[ERROR] COMPILATION ERROR : \n[INFO] ----\n[ERROR] /x/PoolNames.java:[12,8] cannot find symbol\n',
      'our Java code does not compile: /x/PoolNames.java:12 cannot find symbol',
    ],
    ['a full disk', '[ERROR] write error: No space left on device', 'the disk is full'],
    ['anything else', '[INFO] x\n[ERROR] The goal is odd\n', 'Maven failed: The goal is odd'],
  ])('names %s', (_what, output, cause) => {
    expect(explain(output)).toMatchObject({ cause });
  });

  it('counts what is downloaded', () => {
    const lines = [
      '[INFO] Downloading from central: https://r.example/a.jar',
      'Downloaded from central: https://r.example/a.jar (1.5 MB at 3.0 MB/s)',
      '[INFO] Downloaded from central: https://r.example/b.pom (900 kB at 1 MB/s)',
    ];
    const counted = evaluateInBin('maven-output.mjs', `${JSON.stringify(lines)}.map(m.downloadCounter())`);
    expect(counted).toEqual([null, '1 files, 2 MB', '2 files, 2 MB']);
  });
});

describe('the counts of the Java tests', () => {
  const totals = (output: string): unknown =>
    evaluateInBin('maven-output.mjs', `m.surefireTotals(${JSON.stringify(output)})`);

  it('are those of the summary, not of the last class', () => {
    const output = [
      '[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 8.6 s -- in io.millrace.spark.ATest',
      '[ERROR] Tests run: 12, Failures: 1, Errors: 2, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! -- in io.millrace.spark.BTest',
      '[ERROR] Tests run: 19, Failures: 1, Errors: 2, Skipped: 1',
    ];
    expect(totals(output.join('\n'))).toEqual({ passed: 15, failed: 3, skipped: 1 });
  });

  it('are not there where nothing was run', () => {
    expect(totals('[INFO] BUILD SUCCESS')).toBeNull();
  });
});
