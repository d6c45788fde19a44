import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { ROOT, logFile } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { Stamp, filesUnder, hashContents, hashListing, whenStale } from './stamps.mjs';

const WEB = join(ROOT, 'apps', 'web');

const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');

const isSource = (name) => !/\.spec\.tsx?$/.test(name);

const stamp = new Stamp(join(ROOT, 'node_modules', '.millrace', 'pages.json'), {
  inputs: () =>
    hashContents(ROOT, [
      ...['index.html', 'package.json', 'tsconfig.json', 'vite.config.mts'].map((name) => join(WEB, name)),
      join(ROOT, 'package-lock.json'),
      ...filesUnder(join(WEB, 'src'), isSource),
      ...filesUnder(join(ROOT, 'libs', 'domain', 'src'), isSource),
    ]),
  outputs: () => {
    const files = filesUnder(join(WEB, 'dist', 'public'));
    // Never equal to a stored stamp: nothing there is not a result.
    return files.length === 0 ? `nothing ${Math.random()}` : hashListing(ROOT, files);
  },
});

/** Builds the pages that the gateway serves, when what they are made of has changed. */
export async function buildPages(reporter) {
  await whenStale(stamp, async () => {
    const step = reporter.step('pages', 'vite build');
    const log = logFile('pages');
    const result = await runCommand(process.execPath, [VITE, 'build', WEB], { cwd: WEB, log });
    if (result.ok) {
      step.done();
      return;
    }
    step.fail();
    throw new Failure('the pages cannot be built', {
      fix: 'correct what is named above',
      log,
      tail: result.lines.slice(-20),
    });
  });
}
