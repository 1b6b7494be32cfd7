// What the check of style sheets refuses and lets pass; and that what is there passes.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { check, sidesIn } from './sides.ts';

const says = (code: string, path = 'a.css') => sidesIn(path, code).map((one) => one.says);

describe('sides of style sheets', () => {
  it('refuses what names left or right, alone or by its place among four', () => {
    for (const one of [
      'margin-left: 4px',
      'padding-right: var(--s2)',
      'border-left: 1px solid',
      'border-top-right-radius: 3px',
      'left: 50%',
      'right: calc(1px + 2px)',
      'text-align: right',
      'float: left',
      'padding: 0 var(--s3) 0 calc(var(--s4) + 2px)',
      'inset: 0 auto auto 0',
      'border-radius: 3px 9px 9px 3px',
      'transform: translateX(-50%)',
      'translate: -50% 0',
    ]) {
      assert.deepEqual(says(`.a { ${one}; }`), [one]);
      assert.deepEqual(says(`.a {\n  color: red;\n  ${one};\n}`), [one], 'on a line of its own');
    }
  });

  it('lets pass what follows the direction, or is the same at both sides', () => {
    for (const one of [
      'margin-inline-start: 4px',
      'inset-inline-end: 0',
      'border-start-end-radius: 3px',
      'text-align: start',
      'padding: 0 4px',
      'margin: 1px 2px 3px',
      'padding: 1px 2px 3px 2px',
      'border-radius: 4px',
      'transform: translateY(4px)',
      'translate: 0 4px',
      'background: linear-gradient(to bottom, red, blue) 0 0',
      'width: calc(100% - 4px)',
    ])
      assert.deepEqual(says(`.a { ${one}; }`), []);
    assert.deepEqual(says('/* margin-left: 4px; */ .left { color: red; }'), []);
  });

  it('looks into styles that components write, and says on which line', () => {
    assert.deepEqual(sidesIn('a.tsx', 'const a = (\n  <i\n    style={{ top: 0, left: `${x}%` }}\n  />\n);'), [{ line: 3, says: 'left' }]);
    assert.deepEqual(says('<i style={{ marginLeft: 4 }} />; <b style={{ insetInlineStart: 4, color: left }} />', 'a.tsx'), ['marginLeft']);
    assert.deepEqual(says('const sheet = `blockquote { padding-left: 12px; }`;', 'a.ts'), ['padding-left: 12px']);
    assert.deepEqual(says('const place = { left: 4, right: 5 };', 'a.ts'), []);
  });

  it('finds none in the console and the widget but those that are listed', () => {
    assert.deepEqual(check(join(dirname(fileURLToPath(import.meta.url)), '../..')), []);
  });
});
