// Sentences for screens are sayings; the check finds those that are not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentences, sentencesIn } from './words.ts';

/** Files whose sentences are read by whoever runs the server, by programs, or are quoted from others; and why. */
const OTHERS: Record<string, string> = {
  'server/api/agent.c': 'names of the API, listed in a parameter',
  'server/api/event.c': 'names of the API, listed in a parameter',
  'server/api/describe': 'the documents of the API',
  'server/base/config.c': 'the configuration file',
  'server/base/field.c': 'what a value must be, for programs: no form of the console sends another type',
  'server/base/json.c': 'what is wrong with a JSON text, for programs',
  'server/base/mem.c': 'the last words of a process',
  'server/channel/line.c': 'words of LINE that are looked for',
  'server/channel/mime_report.c': 'words of mail servers that are looked for',
  'server/channel/twilio_voice.c': 'the text of calls, which screens word by their state',
  'server/channel/whatsapp.c': 'the answer to Meta’s check of the webhook',
  'server/cli': 'the command line',
  'server/db/connection.c': 'words of MariaDB that are looked for',
  'server/desk/profile/marks.c': 'what a value must be, for programs',
  'server/parser/child.c': 'the last words of a process',
  'server/picture/child.c': 'the same',
  'server/apart/sandbox.c': 'the log',
  'server/scan/clamd.c': 'the protocol’s own answer, and words for the log',
  'server/search/find.c': 'SQL',
  'server/search/index.c': 'SQL',
  'server/task/erase_again.c': 'the reason in the record of an erasure that is done again after a restore',
  'server/task/export_page.c': 'the page of an export, in both languages by itself',
  'server/web/': 'metrics, HTTP and why a WebSocket is closed: for programs',
};
const isOthers = (file: string): boolean => Object.keys(OTHERS).some((one) => file.startsWith(one));

test('No sentence is built in C for a screen', () => {
  const found = sentences(new URL('../..', import.meta.url).pathname);
  assert.deepEqual(
    found.filter(({ file }) => !isOthers(file)).map(({ file, line, text }) => `${file}:${line} ${text}`),
    [],
    'say it by a row of server/base/saying.h, or log it',
  );
  const files = new Set(found.map(({ file }) => file));
  assert.deepEqual(
    Object.keys(OTHERS).filter((file) => file.endsWith('.c') && !files.has(file)),
    [],
    'holds none any more: take it off the list',
  );
});

test('The check finds a sentence, and lets alone what no screen shows', () => {
  const code = `/* A comment with some words. */
static const struct setting SETTINGS[] = {{"a", "The help of a setting."}};
static void f(void)
{
    log_error("this is for the log");
    db_exec(db, "UPDATE some rows here");
    char quote = '"';
    problem = arena_printf(a, "The line is %s too long.", x);
}`;
  assert.deepEqual(
    sentencesIn('x.c', code).map(({ line, text }) => [line, text]),
    [[8, '"The line is %s too long."']],
  );
});
