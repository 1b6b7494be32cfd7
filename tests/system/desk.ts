// Channels of a desk, and who writes by them.
import assert from 'node:assert/strict';
import { deliver, lineRequest, lineTextEvent, type Rfc822Hook, rfc822Request } from '../../agent-web/play/providers.ts';
import type { Server } from './harness.ts';

export interface MailChannel extends Rfc822Hook {
  id: string;
}

export async function mailChannel(server: Server, name: string, settings: Record<string, string>): Promise<MailChannel> {
  const { id, url, secrets } = await server.channel('email', name, settings);
  return { id, url, token: secrets['token'] ?? '' };
}

/** A mail arrives, as it is. */
export async function mailArrives(by: Rfc822Hook, raw: string): Promise<void> {
  const { status, text } = await deliver(rfc822Request(by, Buffer.from(raw)));
  assert.equal(status, 200, text);
}

/** The person of a desk that has no other: they have written by LINE. */
export async function onePerson(server: Server): Promise<string> {
  const line = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la' });
  assert.equal((await deliver(lineRequest({ url: line.url, channelSecret: 'ls' }, [lineTextEvent('U1', 'hello')]))).status, 200);
  return (await server.api('conversation.list', { view: 'open' })).conversations[0]?.customer_id ?? '';
}
