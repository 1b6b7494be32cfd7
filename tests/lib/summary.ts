// summary.ts FOLDER: what ./dev test prints last, from the machine-readable results in FOLDER:
//   suites.tsv            suite, exit status, seconds, number of files
//   SUITE.jsonl           node --test, by reporter.ts
//   SUITE.ctest.xml       ctest: one case a program
//   xml/SUITE-PROGRAM-*.xml  cmocka: one case a test
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Line } from './reporter.ts';

export interface Case {
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
  detail: string;
  /** What it counted, for the reader of the summary. */
  notes?: string[];
}

export interface Suite {
  name: string;
  files: number;
  seconds: string;
  cases: Case[];
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code, name) => (code ? String.fromCodePoint(Number(code)) : (ENTITIES[name] ?? whole)));
}

function attribute(tag: string, name: string): string {
  return unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
}

/** The cases of a JUnit file as ctest and cmocka write it. */
export function junitCases(xml: string): Case[] {
  const cases: Case[] = [];
  for (const match of xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const [, tag = '', body = ''] = match;
    const name = attribute(tag, 'name');
    const status = attribute(tag, 'status');
    const failure = /<(failure|error)\b[^>]*?(?:\/>|>([\s\S]*?)<\/\1>)/.exec(body);
    if (failure || status === 'fail') cases.push({ name, outcome: 'failed', detail: failureText(body, failure?.[2]) });
    else if (/<skipped\b/.test(body) || status === 'notrun' || status === 'disabled')
      cases.push({ name, outcome: 'skipped', detail: attribute(/<skipped\b[^>]*/.exec(body)?.[0] ?? '', 'message') });
    else cases.push({ name, outcome: 'passed', detail: '' });
  }
  return cases;
}

function failureText(body: string, failure = ''): string {
  const cdata = /<!\[CDATA\[([\s\S]*?)\]\]>/.exec(failure)?.[1];
  return cdata ?? unescape(failure.trim() || (/<system-out>([\s\S]*?)<\/system-out>/.exec(body)?.[1] ?? ''));
}

/** C programs: the cmocka tests of each; a program that failed with no failed test (a crash, a leak) is a failure too. */
export function programCases(suite: string, folder: string): Case[] {
  const ctest = join(folder, `${suite}.ctest.xml`);
  if (!existsSync(ctest)) return [];
  const xmlFolder = join(folder, 'xml');
  const xmls = existsSync(xmlFolder) ? readdirSync(xmlFolder) : [];
  return junitCases(readFileSync(ctest, 'utf8')).flatMap((program) => {
    const prefix = program.name.replace('/', '-') + '-';
    const tests = xmls
      .filter((file) => file.startsWith(prefix))
      .flatMap((file) => junitCases(readFileSync(join(xmlFolder, file), 'utf8')))
      .map((test) => ({ ...test, name: `${program.name}: ${test.name}` }));
    const explained = tests.some((test) => test.outcome === 'failed');
    if (tests.length === 0 || (program.outcome === 'failed' && !explained)) tests.push(program);
    return tests;
  });
}

export function nodeCases(suite: string, folder: string): Case[] {
  const file = join(folder, `${suite}.jsonl`);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => {
      const line = JSON.parse(text) as Line;
      return { name: `${line.file}: ${line.name}`, outcome: line.outcome, detail: line.error ?? line.reason ?? '', notes: line.notes ?? [] };
    });
}

export function readSuites(folder: string): Suite[] {
  return readFileSync(join(folder, 'suites.tsv'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((row) => {
      const [name = '', status = '', seconds = '', files = '0'] = row.split('\t');
      const cases = [...programCases(name, folder), ...nodeCases(name, folder)];
      const explained = cases.some((test) => test.outcome === 'failed');
      if (status !== '0' && !explained)
        cases.push({
          name: `${name}: ended with status ${status}`,
          outcome: 'failed',
          detail: tail(join(folder, `${name}.log`)),
        });
      if (status === '0' && Number(files) > 0 && cases.length === 0)
        cases.push({ name: `${name}: ${files} files, and not one test ran`, outcome: 'failed', detail: '' });
      return { name, files: Number(files), seconds, cases };
    });
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-60).join('\n') : '';
}

function count(cases: Case[], outcome: Case['outcome']): number {
  return cases.filter((test) => test.outcome === outcome).length;
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '      ');
}

function print(suites: Suite[], folder: string): void {
  const all = suites.flatMap((suite) => suite.cases);
  for (const suite of suites) {
    for (const test of suite.cases.filter((one) => one.outcome === 'failed'))
      console.log(`\n✘ ${test.name}\n${indent(test.detail.slice(0, 6000))}\n      (all of it: ${folder}/${suite.name}.log)`);
  }
  const skipped = all.filter((test) => test.outcome === 'skipped');
  if (skipped.length > 0) console.log('\nSkipped:');
  for (const test of skipped) console.log(`  - ${test.name}${test.detail ? `: ${test.detail}` : ''}`);

  const noted = all.filter((test) => test.notes?.length);
  if (noted.length > 0) console.log('\nCounted:');
  for (const test of noted) console.log(`  - ${test.name}: ${test.notes?.join('; ')}`);

  console.log(`\n  ${'suite'.padEnd(10)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'skipped'.padStart(9)}${'seconds'.padStart(10)}`);
  for (const { name, files, seconds, cases } of suites) {
    const figures =
      files === 0
        ? 'none'.padStart(8)
        : `${String(count(cases, 'passed')).padStart(8)}${String(count(cases, 'failed')).padStart(8)}${String(count(cases, 'skipped')).padStart(9)}${seconds.padStart(10)}`;
    console.log(`  ${name.padEnd(10)}${figures}`);
  }
  const failed = count(all, 'failed');
  console.log(`\n${count(all, 'passed')} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed > 0 || all.length === 0 ? 1 : 0;
}

if (import.meta.main) {
  const folder = process.argv[2] ?? '.';
  print(readSuites(folder), relative(process.cwd(), folder));
}
