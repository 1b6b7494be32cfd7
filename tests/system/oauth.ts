// A provider's token server, as Google's and Microsoft's are: it gives access tokens for refresh tokens, another refresh token each
// time, takes none twice, and refuses in their words when it is told to. It also tells a mail server whose token one is.
import { randomBytes } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Refusal {
  error: string;
  description: string;
}

export class TokenServer {
  private readonly http: HttpServer;
  private readonly refresh = new Map<string, string>();
  private readonly access = new Map<string, string>();
  /** The user whom it refuses, and how. */
  readonly refuses = new Map<string, Refusal>();
  /** Of each request for a token: the user, and whether the refresh token was one that had been used. */
  readonly asked: { user: string; again: boolean }[] = [];
  expiresIn = 3600;

  private constructor(http: HttpServer) {
    this.http = http;
  }

  static async start(ends: (() => unknown)[]): Promise<TokenServer> {
    const http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { status, body } = tokens.answer(request.url ?? '', new URLSearchParams(Buffer.concat(chunks).toString()));
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    const tokens = new TokenServer(http);
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    ends.push(
      () =>
        new Promise<void>((done) => {
          http.closeAllConnections();
          http.close(() => done());
        }),
    );
    return tokens;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** Somebody has signed in: the refresh token that they have then. */
  grant(user: string): string {
    const token = `r.${user}.${randomBytes(300).toString('hex')}`;
    this.refresh.set(token, user);
    return token;
  }

  userOf(accessToken: string): string | undefined {
    return this.access.get(accessToken);
  }

  /** All access tokens are good no more, before their time. */
  revokeAccess(): void {
    this.access.clear();
  }

  timesAsked(user: string): number {
    return this.asked.filter((one) => one.user === user).length;
  }

  private answer(path: string, form: URLSearchParams): { status: number; body: unknown } {
    if (path.startsWith('/info?access_token=')) {
      const user = this.access.get(decodeURIComponent(path.slice('/info?access_token='.length)));
      return user ? { status: 200, body: { email: user, active: 'yes' } } : { status: 401, body: { error: 'invalid_token' } };
    }
    const given = form.get('refresh_token') ?? '',
      known = given.split('.')[1] ?? '',
      user = this.refresh.get(given);
    this.asked.push({ user: known, again: user === undefined });
    const refusal = this.refuses.get(known);
    if (refusal) return { status: refusal.error === 'invalid_client' ? 401 : 400, body: { error: refusal.error, error_description: refusal.description } };
    if (form.get('client_id') !== 'app' || form.get('client_secret') !== 'a&b=c d' || form.get('grant_type') !== 'refresh_token')
      return { status: 401, body: { error: 'invalid_client' } };
    if (!user) return { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } };
    this.refresh.delete(given);
    const token = randomBytes(200).toString('hex');
    this.access.set(token, user);
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: this.expiresIn, refresh_token: this.grant(user) } };
  }
}
