// A visitor of the web shop's chat who says who they are without showing it, as anybody can.
const WITHIN_MS = 10_000;

interface Answer {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

/** Opens the chat, claims an address, writes, and goes. */
export async function claimInChat(url: string, channelId: string, claim: { name: string; email: string; text: string }): Promise<void> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/chat`, 'throughline-chat');
  let last = 0;
  const call = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      const timer = setTimeout(() => reject(new Error(`${method}: no answer`)), WITHIN_MS);
      const listen = (event: MessageEvent): void => {
        const answer = JSON.parse(String(event.data)) as Answer;
        if (answer.id !== id) return;
        clearTimeout(timer);
        socket.removeEventListener('message', listen);
        if (answer.error) reject(new Error(`${method}: ${answer.error.message}`));
        else resolve(answer.result);
      };
      socket.addEventListener('message', listen);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`${url}: the chat cannot be reached`)));
  });
  try {
    await call('chat.hello', { channel_id: channelId });
    await call('chat.send', { client_id: crypto.randomUUID(), text: claim.text });
    await call('chat.identify', { email: claim.email, name: claim.name });
  } finally {
    socket.close();
  }
}
