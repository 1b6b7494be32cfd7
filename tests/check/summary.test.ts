// The summary of ./dev test counts what ran, and nothing that failed can pass for passed.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readSuites, type Case } from '../lib/summary.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-summary-'));
  mkdirSync(join(folder, 'xml'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function ctest(suite: string, ...programs: [name: string, status: 'run' | 'fail' | 'notrun', output?: string][]): void {
  const cases = programs.map(
    ([name, status, output = '']) =>
      `<testcase name="${suite}/${name}" classname="${suite}/${name}" time="0.1" status="${status}">` +
      (status === 'fail' ? '<failure message=""/>' : status === 'notrun' ? '<skipped message="SKIP_RETURN_CODE=77"/>' : '') +
      `<system-out>${output}</system-out></testcase>`,
  );
  writeFileSync(join(folder, `${suite}.ctest.xml`), `<testsuite>${cases.join('')}</testsuite>`);
}

function cmocka(suite: string, program: string, body: string): void {
  writeFileSync(join(folder, 'xml', `${suite}-${program}-group.xml`), `<testsuites><testsuite>${body}</testsuite></testsuites>`);
}

function suites(...rows: [name: string, status: number, files: number][]): Record<string, Case[]> {
  writeFileSync(join(folder, 'suites.tsv'), rows.map(([name, status, files]) => `${name}\t${status}\t1.0\t${files}\n`).join(''));
  return Object.fromEntries(readSuites(folder).map((suite) => [suite.name, suite.cases]));
}

function outcomes(cases: Case[] | undefined): string[] {
  return (cases ?? []).map((one) => `${one.name} ${one.outcome}`);
}

test('each cmocka test counts, not each program', () => {
  ctest('unit', ['test_a', 'fail']);
  cmocka(
    'unit',
    'test_a',
    '<testcase name="one" time="0" ></testcase><testcase name="two" ><failure><![CDATA[0x1 != 0x2]]></failure></testcase><testcase name="three" ><skipped/></testcase>',
  );
  const { unit } = suites(['unit', 8, 1]);
  assert.deepEqual(outcomes(unit), ['unit/test_a: one passed', 'unit/test_a: two failed', 'unit/test_a: three skipped']);
  assert.equal(unit?.[1]?.detail, '0x1 != 0x2');
});

test('a program that crashes, or leaks after its tests have passed, is a failure', () => {
  ctest('unit', ['test_a', 'fail', 'LeakSanitizer: 10 bytes &lt;here&gt;'], ['test_b', 'fail', 'Segmentation fault']);
  cmocka('unit', 'test_a', '<testcase name="one" ></testcase>');
  const { unit } = suites(['unit', 8, 2]);
  assert.deepEqual(outcomes(unit), ['unit/test_a: one passed', 'unit/test_a failed', 'unit/test_b failed']);
  assert.equal(unit?.[1]?.detail, 'LeakSanitizer: 10 bytes <here>');
});

test('results of a program whose name begins alike are not mixed up', () => {
  ctest('unit', ['test_mail', 'run'], ['test_mail_out', 'run']);
  cmocka('unit', 'test_mail', '<testcase name="in" ></testcase>');
  cmocka('unit', 'test_mail_out', '<testcase name="out" ></testcase>');
  assert.deepEqual(outcomes(suites(['unit', 0, 2])['unit']), ['unit/test_mail: in passed', 'unit/test_mail_out: out passed']);
});

test('node tests: passed, failed, skipped with the reason', () => {
  const lines = [
    { name: 'a', file: 'x.test.ts', outcome: 'passed', notes: ['5 counted'], ms: 1 },
    { name: 'b', file: 'x.test.ts', outcome: 'failed', error: 'AssertionError: no', ms: 1 },
    { name: 'c', file: 'x.test.ts', outcome: 'skipped', reason: 'no browser', ms: 0 },
  ];
  writeFileSync(join(folder, 'web.jsonl'), lines.map((line) => JSON.stringify(line) + '\n').join(''));
  const { web } = suites(['web', 1, 1]);
  assert.deepEqual(outcomes(web), ['x.test.ts: a passed', 'x.test.ts: b failed', 'x.test.ts: c skipped']);
  assert.equal(web?.[2]?.detail, 'no browser');
  assert.deepEqual(web?.[0]?.notes, ['5 counted']);
});

test('a suite that ended badly without a result, or ran nothing at all, is a failure', () => {
  const { system, store, web } = suites(['system', 1, 3], ['store', 0, 2], ['web', 0, 0]);
  assert.deepEqual(outcomes(system), ['system: ended with status 1 failed']);
  assert.deepEqual(outcomes(store), ['store: 2 files, and not one test ran failed']);
  assert.deepEqual(web, []);
});
