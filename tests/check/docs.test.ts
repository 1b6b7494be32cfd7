// Pages that list what a table in the code holds: each of the two has what the other has.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name ?? '');
const between = (text: string, from: string, to: string): string => text.slice(text.indexOf(from), text.indexOf(to, text.indexOf(from) + 1));
/** What stands as `name` in the first column of a page's table; `a_2` … `a_9` are `a`, `item_1_a` is `a`. */
const columnsOf = (part: string): Set<string> =>
  new Set(
    part
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => found(line.split(' | ')[0] ?? '', /`([a-z0-9_.<>]+)`/g))
      .map((name) => name.replace(/^item_\d+_|_\d$|\.<key>$/g, '')),
  );

const page = read('docs/IMPORT.md');
const code = read('server/task/columns.c');
const kinds = found(read('server/base/kinds.h'), /IMPORTED\("(\w+)"/g);
const inTable = (name: string): string[] => found(between(code, `${name}[] = {`, '{0},'), /\{"(\w+)", COLUMN_/g);

describe('docs/IMPORT.md', () => {
  it('has the columns of people', () => {
    const profile = found(between(read('server/store/records.h'), '#define CUSTOMER_PROFILE', '#define PROFILE_MEMBER'), /X\((\w+), [A-Z]/g);
    assert.deepEqual([...columnsOf(between(page, '## People', '## Orders'))].sort(), [...new Set([...profile, ...kinds, ...inTable('PEOPLE_COLUMNS')])].sort());
  });

  it('has the columns of orders', () => {
    const named = columnsOf(between(page, '## Orders', '### Amounts'));
    const missing = inTable('ORDER_COLUMNS').filter((name) => !named.has(name));
    const unknown = [...named].filter((name) => name !== '' && ![...inTable('ORDER_COLUMNS'), ...kinds].includes(name));
    assert.deepEqual([missing, unknown], [[], []]);
  });

  it('has the states of orders', () => {
    const line = page.split('\n').find((one) => one.startsWith('| `state`')) ?? '';
    const states = found(between(read('server/base/terms.c'), 'ORDER_STATE_NAMES[] = {', '};'), /"(\w+)"/g);
    assert.deepEqual(found(line, /`(\w+)`/g).slice(1), states);
  });
});

describe('docs/WIDGET.md', () => {
  const own = between(read('docs/WIDGET.md'), '## A client of your own', '## To change it');
  const types = read('agent-web/protocol/src/generated.ts');
  const members = (name: string): string[] => found(between(types, `export interface ${name} {`, '\n}'), /^ {2}(\w+)\??:/gm);

  for (const name of [
    'ChatHelloParams',
    'ChatHello',
    'ChatMessage',
    'ChatSendParams',
    'ChatIdentifyParams',
    'ChatIdentified',
    'ChatSeenParams',
    'ChatTypingParams',
    'ChatPresencePush',
  ])
    it(`names each member of ${name}`, () => {
      assert.ok(members(name).length > 0);
      assert.deepEqual(
        members(name).filter((member) => !new RegExp(`[\`{ ,]${member}[\`}: ,]`).test(own)),
        [],
      );
    });
});

describe('docs/channels', () => {
  const types = found(read('server/channel/types.h'), /\bX\((\w+)\)/g).map((name) => name.toLowerCase());

  it('has a line for each type, and a page', () => {
    assert.ok(types.length > 5);
    const lines = found(read('docs/channels/README.md'), /^\| \[`(\w+)`\]\(\1\.md\)/gm);
    assert.deepEqual(lines.sort(), types.sort());
    for (const type of types) assert.match(read(`docs/channels/${type}.md`), /^# /);
  });
});

it('./dev help check names the checks', () => {
  const help = execFileSync(new URL('../../dev', import.meta.url).pathname, ['help', 'check'], { encoding: 'utf8' });
  const checks = found(read('tests/lib/check.sh'), /^check_(\w+)\(\)/gm);
  assert.ok(checks.length > 5);
  assert.deepEqual(
    checks.filter((name) => !help.includes(name)),
    [],
  );
});
