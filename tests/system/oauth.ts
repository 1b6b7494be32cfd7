// A provider's sign-in, as Google's and Microsoft's are: it lets whoever is at the keyboard consent, sends the browser back with a code, and
// gives access tokens for codes (RFC 6749 §4.1, with PKCE), refresh tokens (another one each time, none twice) and to the app itself. It
// refuses in their words when it is told to. It also tells a mail server whose token one is.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Refusal {
  error: string;
  description: string;
}

interface Code {
  user: string;
  challenge: string;
  redirect: string;
}

type Answer = { status: number; body: unknown } | { location: string };

const ID = 'app';
const SECRET = 'a&b=c d';
/** The user that a grant to the app itself is for. */
export const APP_USER = 'shared';

export class TokenServer {
  private readonly http: HttpServer;
  private readonly refresh = new Map<string, string>();
  private readonly access = new Map<string, string>();
  private readonly codes = new Map<string, Code>();
  /** The user whom it refuses, and how. */
  readonly refuses = new Map<string, Refusal>();
  /** Of each request for a token: the user, and whether the refresh token was one that had been used. */
  readonly asked: { user: string; again: boolean }[] = [];
  /** Who has been sent here to sign in, and with what. */
  readonly visits: URLSearchParams[] = [];
  expiresIn = 3600;
  /** Who signs in when somebody is sent here; null: whoever was there has pressed Cancel. */
  atTheKeyboard: string | null = 'box';
  /** The address by which it calls them. */
  addressOf = (user: string): string => user;
  /** Without consent for it there is no refresh token. */
  lasting = true;

  private constructor(http: HttpServer) {
    this.http = http;
  }

  static async start(ends: (() => unknown)[]): Promise<TokenServer> {
    const http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answer = tokens.answer(new URL(request.url ?? '', tokens.url), new URLSearchParams(Buffer.concat(chunks).toString()));
        if ('location' in answer) response.writeHead(302, { location: answer.location }).end();
        else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
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

  /** The settings of a channel that gets its tokens here; nobody has signed in yet. */
  get settings(): Record<string, string> {
    return {
      sign_in: 'oauth',
      oauth_client_id: ID,
      oauth_client_secret: SECRET,
      oauth_authorize_url: `${this.url}/authorize`,
      oauth_token_url: `${this.url}/token`,
    };
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

  private answer(url: URL, form: URLSearchParams): Answer {
    if (url.pathname === '/authorize') return { location: this.authorize(url.searchParams) };
    if (url.pathname === '/info') {
      const user = this.access.get(url.searchParams.get('access_token') ?? '');
      return user ? { status: 200, body: { email: user, active: 'yes' } } : { status: 401, body: { error: 'invalid_token' } };
    }
    const grants: Record<string, (form: URLSearchParams) => Answer> = {
      refresh_token: (given) => this.byRefreshToken(given),
      authorization_code: (given) => this.byCode(given),
      client_credentials: () => ({ status: 200, body: this.accessFor(APP_USER) }),
    };
    const grant = grants[form.get('grant_type') ?? ''];
    const known = (form.get('refresh_token') ?? '').split('.')[1] ?? '';
    const refusal = this.refuses.get(known);
    if (refusal) {
      this.asked.push({ user: known, again: false });
      return { status: refusal.error === 'invalid_client' ? 401 : 400, body: { error: refusal.error, error_description: refusal.description } };
    }
    if (form.get('client_id') !== ID || form.get('client_secret') !== SECRET || !grant) return { status: 401, body: { error: 'invalid_client' } };
    return grant(form);
  }

  /** Where the browser goes then. */
  private authorize(asked: URLSearchParams): string {
    this.visits.push(asked);
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('state', asked.get('state') ?? '');
    if (this.atTheKeyboard === null) {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The user has denied access.');
      return back.href;
    }
    const code = randomBytes(20).toString('hex');
    this.codes.set(code, { user: this.atTheKeyboard, challenge: asked.get('code_challenge') ?? '', redirect: asked.get('redirect_uri') ?? '' });
    back.searchParams.set('code', code);
    return back.href;
  }

  private byCode(form: URLSearchParams): Answer {
    const given = form.get('code') ?? '',
      code = this.codes.get(given),
      challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
    this.codes.delete(given);
    if (!code || code.challenge !== challenge || code.redirect !== form.get('redirect_uri'))
      return { status: 400, body: { error: 'invalid_grant', error_description: 'The code is bad.' } };
    const claims = Buffer.from(JSON.stringify({ email: this.addressOf(code.user) })).toString('base64url');
    return {
      status: 200,
      body: { ...this.accessFor(code.user), id_token: `e30.${claims}.unsigned`, ...(this.lasting ? { refresh_token: this.grant(code.user) } : {}) },
    };
  }

  private byRefreshToken(form: URLSearchParams): Answer {
    const given = form.get('refresh_token') ?? '',
      user = this.refresh.get(given);
    this.asked.push({ user: given.split('.')[1] ?? '', again: user === undefined });
    if (!user) return { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } };
    this.refresh.delete(given);
    return { status: 200, body: { ...this.accessFor(user), refresh_token: this.grant(user) } };
  }

  private accessFor(user: string): { access_token: string; token_type: string; expires_in: number } {
    const token = randomBytes(200).toString('hex');
    this.access.set(token, user);
    return { access_token: token, token_type: 'Bearer', expires_in: this.expiresIn };
  }
}
