import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkDatabase } from './copiedFiles.ts';
import type { Findings } from './findings.ts';

/** Lets SQLite check files of the data directory for damage, page by page; says which is missing. */
export const checkFiles = (directory: string, files: readonly string[], findings: Findings): void => {
  for (const name of files) {
    const file = join(directory, name);
    if (!existsSync(file)) {
      findings.add(`缺少 ${file}。`, `${file} is missing.`);
      continue;
    }
    for (const line of faultsIn(file)) findings.add(`${file} 已损坏。`, `${file} is damaged: ${line}`);
  }
};

const faultsIn = (file: string): readonly string[] => {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
    return checkDatabase(database, 'integrity_check');
  } catch (fault) {
    return [(fault as Error).message];
  } finally {
    database?.close();
  }
};
