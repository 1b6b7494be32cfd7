// Agents with sessions, and persons, made by SQL for measurements that need many.
import type { Instance } from './instance.ts';

/** The header by which connection n of load/sockets is agent n. */
export const sessionHeader = 'Cookie: throughline=bench-session-{n}';

const YEAR_MS = 365 * 86_400_000;

export function makeAgents(instance: Instance, n: number): void {
  const now = Date.now();
  instance.sql(`INSERT INTO agent (uuid, email, name, role, password_hash, created_at)
    SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('agent', seq, '@example.com'), CONCAT('Agent ', seq), 2, '', ${now} FROM seq_1_to_${n};
    INSERT INTO session (token_hash, agent_id, created_at, expires_at, used_at)
    SELECT UNHEX(SHA2(CONCAT('bench-session-', seq), 256)), a.id, ${now}, ${now + YEAR_MS}, ${now} FROM seq_1_to_${n} s JOIN agent a ON a.email = CONCAT('agent', s.seq, '@example.com')`);
}

const SCATTER = 0x9e3779b97fn;

/** The last 12 hexadecimal digits of the id of number n, as load/sockets writes them: scattered, as ids are. */
export const scattered = (n: number): string => ((BigInt(n) * SCATTER) & 0xffffffffffffn).toString(16).padStart(12, '0');

const scatteredSql = (n: string): string => `LPAD(LOWER(HEX(${n} * ${SCATTER} & ${0xffffffffffffn})), 12, '0')`;

export const customerId = (n: number): string => `00000000-0000-0000-0000-${scattered(n)}`;

/** Persons with one address each; their ids. */
export function makeCustomers(instance: Instance, n: number): string[] {
  const now = Date.now();
  instance.sql(`INSERT INTO customer (id, uuid, name, created_at, changed_at)
    SELECT seq, UNHEX(LPAD(${scatteredSql('seq')}, 32, '0')), CONCAT('Person ', seq), ${now}, ${now} FROM seq_1_to_${n};
    INSERT INTO identity (id, uuid, kind, value, proof, version, first_at, last_at)
    SELECT seq, UNHEX(LPAD(HEX(seq), 32, '0')), 1, CONCAT('person', seq, '@example.com'), 2, 0, ${now}, ${now} FROM seq_1_to_${n};
    INSERT INTO identity_link (identity_id, customer_id, from_at, rule) SELECT seq, seq, ${now}, 'first_contact' FROM seq_1_to_${n}`);
  return Array.from({ length: n }, (_, i) => customerId(i + 1));
}

const TOKEN_LENGTH = 43;

/** What visitor n says in chat.hello; n `scattered`. */
export const visitorToken = (n: string): string => `${'v'.repeat(TOKEN_LENGTH - 12)}${n}`;

/** Visitors of the only channel, who are the persons of makeCustomers. */
export function makeVisitors(instance: Instance, n: number): void {
  const now = Date.now();
  const token = `CONCAT('${visitorToken('')}', ${scatteredSql('seq')})`;
  instance.sql(`INSERT INTO identity (uuid, kind, scope, value, proof, version, first_at, last_at)
    SELECT UNHEX(MD5(CONCAT('visitor', seq))), 3, (SELECT id FROM channel), LEFT(LOWER(SHA2(${token}, 256)), 32), 0, 0, ${now}, ${now} FROM seq_1_to_${n};
    INSERT INTO identity_link (identity_id, customer_id, from_at, rule)
    SELECT i.id, s.seq, ${now}, 'first_contact' FROM seq_1_to_${n} s JOIN identity i ON i.uuid = UNHEX(MD5(CONCAT('visitor', seq)))`);
}
