// Every member that the API's tables declare is one that the code knows: parameters are read, answers are filled.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { read, unread, unset } from './members.ts';

const SOURCE = process.env['THROUGHLINE_SOURCE'] ?? join(dirname(fileURLToPath(import.meta.url)), '../..');
const planted = mkdtempSync(join(tmpdir(), 'throughline-members-'));
after(() => rmSync(planted, { recursive: true }));

test('every method of the API is walked', () => {
  const paths = Object.keys((JSON.parse(readFileSync(join(SOURCE, 'docs/openapi.json'), 'utf8')) as { paths: object }).paths);
  const documented = paths.filter((path) => /^\/api\/v1\/[a-z]+\./.test(path)).map((path) => path.slice('/api/v1/'.length));
  const walked = new Set(read(SOURCE).methods.map((method) => method.name));
  assert.ok(documented.length > 50);
  assert.deepEqual(
    documented.filter((name) => !walked.has(name)),
    [],
  );
});

test('every declared parameter is read by the code of its method', () => {
  assert.deepEqual(unread(read(SOURCE)), []);
});

test('every declared member of an answer is filled somewhere', () => {
  assert.deepEqual(unset(read(SOURCE)), []);
});

test('a parameter that nobody reads and a member that nobody fills are found', () => {
  mkdirSync(join(planted, 'server/api'), { recursive: true });
  writeFileSync(
    join(planted, 'server/api/thing.c'),
    `
static SHAPE(PART, part, "Part", "A part.", TEXT(part, word, "word", 10, "Read."), TEXT(part, lost, "lost", 10, "Not read."));
static SHAPE(PARAMS, params, "Params", "In.", TEXT(params, used, "used", 10, "Read."), TEXT(params, idle, "idle", 10, "Not read."),
             LIST(params, parts, "parts", &PART, 5, "Read."));
static SHAPE(RESULT, result, "Result", "Out.", TEXT(result, said, "said", 10, "Filled."), TEXT(result, empty, "empty", 10, "Not filled."));

static bool run(struct call *call)
{
    const struct params *p = call->params;
    const struct part *part = p->parts.items;
    struct other o = {.idle = "another one's"};
    ((struct result *)call->result)->said = part[0].word;
    return p->used && o.idle;
}

METHODS(THING_METHODS,
    METHOD("thing.do", "Does it.", ROLE_AGENT, 0, EFFECT_NONE, &PARAMS, &RESULT, run, .audits = AUDITS(BLOCK)));
`,
  );
  const code = read(planted);
  assert.deepEqual(unread(code), ['thing.do: params.idle', 'thing.do: part.lost']);
  assert.deepEqual(unset(code), ['result.empty']);
});
