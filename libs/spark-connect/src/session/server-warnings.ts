const told = new Set<string>();

/** Passes on what the server warns of, each sentence once in the life of the process: `process.on('warning')` hears it. */
export function warnOnce(warnings: readonly string[]): void {
  for (const warning of warnings) {
    if (told.has(warning)) continue;
    told.add(warning);
    process.emitWarning(warning, 'SparkConfWarning');
  }
}
