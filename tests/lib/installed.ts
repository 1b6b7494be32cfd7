// installed.ts FOLDER: exit 0 when FOLDER/node_modules holds what FOLDER/package-lock.json says, 1 when npm ci is due.
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

interface Package {
  version?: string;
  integrity?: string;
  optional?: boolean;
  peer?: boolean;
  link?: boolean;
  resolved?: string;
}

function packages(file: string): Record<string, Package> {
  const all = JSON.parse(readFileSync(file, 'utf8')).packages as Record<string, Package>;
  return Object.fromEntries(Object.entries(all).filter(([path]) => path.startsWith('node_modules/')));
}

function isCurrent(folder: string): boolean {
  const installedLock = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(installedLock)) return false;
  const wanted = packages(join(folder, 'package-lock.json'));
  const have = packages(installedLock);
  // A workspace that is not there (a partial copy) cannot be linked, and is no reason to install.
  const needed = (one: Package): boolean => !one.optional && (!one.link || existsSync(join(folder, one.resolved ?? '')));
  const missing = Object.entries(wanted).some(([path, one]) => !have[path] && needed(one));
  const other = Object.entries(have).some(([path, found]) => {
    const want = wanted[path];
    return !want || want.version !== found.version || want.integrity !== found.integrity || want.link !== found.link;
  });
  return !missing && !other;
}

process.exitCode = isCurrent(process.argv[2] ?? '.') ? 0 : 1;
