import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Beside what else is made once for a checkout. */
const FOLDER = join(__dirname, '..', '..', '..', '..', 'node_modules', '.millrace', 'browser');

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
];

/** Without a font the browser crashes; its own are looked for where it thinks that it is. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(FOLDER, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(FOLDER, 'font-cache')}</cachedir>
</fontconfig>
`;

interface Program {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The browser of `CHROMIUM`, else the one that comes with the packages, for Linux on x64. */
export async function startBrowser(): Promise<Browser> {
  const { CHROMIUM: own = '' } = process.env;
  const { executablePath, env } = own === '' ? packagedProgram() : { executablePath: own, env: {} };
  return chromium.launch({ executablePath, args: ARGUMENTS, env: { ...process.env, ...env } });
}

function packagedProgram(): Program {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('These specs need a Chromium on this machine: set CHROMIUM to the path of its program');
  }
  mkdirSync(FOLDER, { recursive: true });
  // It unpacks itself once, with the libraries it needs where it thinks that it is far from home.
  const unpack = "require('@sparticuz/chromium').executablePath().then((path) => process.stdout.write(path))";
  const executablePath = execFileSync(process.execPath, ['-e', unpack], {
    cwd: __dirname,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], TMPDIR: FOLDER, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
  });
  const fonts = join(FOLDER, 'fonts.conf');
  writeFileSync(fonts, FONTS);
  return {
    executablePath,
    env: { LD_LIBRARY_PATH: join(FOLDER, 'al2023', 'lib'), FONTCONFIG_FILE: fonts },
  };
}
