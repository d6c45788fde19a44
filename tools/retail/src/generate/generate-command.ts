import { ManifestFile, formatCount, manifestHead } from '@millrace/generator';
import type { Environment, ManifestHead, RunEnd } from '@millrace/generator';
import type { Terminal } from '../terminal';
import { SalesAccount } from './account';
import type { SalesFigures } from './account';
import { readGenerateSettings } from './config';
import type { GenerateSettings } from './config';
import { ensureFolder, generateFiles } from './generate-files';

/** What `--manifest` writes and `--json` prints: of the files that are there. */
export interface RetailManifest extends ManifestHead, SalesFigures {
  readonly settings: Readonly<Record<string, unknown>>;
}

/** `retail generate`. @throws InvalidSettings, or an error that says why not all files are there. */
export async function generateCommand(
  cliArguments: readonly string[],
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const settings = readGenerateSettings(environment, cliArguments, new Date());
  const { manifest, printsJson, dates } = settings;
  await ensureFolder(settings.output);
  const started = new Date();
  const account = new SalesAccount();
  const file = manifest === undefined ? undefined : new ManifestFile(manifest.calledAs, manifest.path);
  const manifestAt = (end: RunEnd | null) => manifestOf(settings, account.figures, started, end);
  // At once: a file that cannot be written must be found out before earlier files are removed.
  file?.write(manifestAt(null));
  const conclude = (end: RunEnd): void => {
    terminal.progress.end();
    const document = manifestAt(end);
    file?.write(document);
    terminal.out(printsJson ? JSON.stringify(document) : textOf(settings, document));
  };
  try {
    await generateFiles(settings, account, terminal.progress, terminal.stop);
  } catch (error) {
    conclude(terminal.stop.aborted ? 'stopped' : 'failed');
    const { length: made } = account.figures.files;
    if (terminal.stop.aborted) throw new Error(`stopped after ${made} of ${dates.length} files`);
    throw error;
  }
  conclude('done');
}

function manifestOf(
  { output, dates, transactions, seed, keepsExisting }: GenerateSettings,
  figures: SalesFigures,
  started: Date,
  end: RunEnd | null,
): RetailManifest {
  return {
    ...manifestHead('retail-generate', started, end),
    ...figures,
    settings: {
      output: output.folder,
      startDate: dates[0],
      days: dates.length,
      transactions,
      seed,
      keepsExisting,
    },
  };
}

function textOf({ output, manifest }: GenerateSettings, figures: SalesFigures): string {
  const { files, rows, totalAmount, distinctProducts } = figures;
  return [
    ...files,
    `${formatCount(files.length)} ${files.length === 1 ? 'file' : 'files'} in ${output.folder}`,
    `  rows               ${formatCount(rows)}`,
    `  total amount       ₹ ${grouped(totalAmount)}`,
    `  distinct products  ${formatCount(distinctProducts)}`,
    ...(manifest === undefined ? [] : [`  manifest           ${manifest.path}`]),
  ].join('\n');
}

/** `1,234,567.05` of `1234567.05`. */
const grouped = (amount: string): string => amount.replaceAll(/\B(?=(\d{3})+\.)/g, ',');
