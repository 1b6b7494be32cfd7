// The connection's greeting, with a socket that does what the test says.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Link } from '../src/link.ts';

class FakeSocket {
  static readonly OPEN = 1;
  static last: FakeSocket;
  readyState = FakeSocket.OPEN;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor() {
    FakeSocket.last = this;
  }
  send(): void {}
  close(): void {}
}

const nothing = (): void => {};
const page = { addEventListener: nothing, setInterval: nothing, setTimeout, clearTimeout };
Object.assign(globalThis, { window: page, document: page, WebSocket: FakeSocket });

it('greets again when told so, also in the midst of a greeting: that one may have read too early', async () => {
  let greetings = 0;
  let answer = nothing;
  const link = new Link('ws://nowhere', {
    greet: () =>
      new Promise<void>((resolve) => {
        greetings++;
        answer = resolve;
      }),
    push: nothing,
    phase: nothing,
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  link.connect();
  FakeSocket.last.onopen?.();
  link.again();
  answer();
  await turn();
  assert.deepEqual([greetings, link.phase], [2, 'greeting']);
  answer();
  await turn();
  assert.deepEqual([greetings, link.phase], [2, 'live']);
  link.again();
  assert.deepEqual([greetings, link.phase], [3, 'greeting']);
  answer();
  await turn();
  assert.equal(link.phase, 'live');
});
