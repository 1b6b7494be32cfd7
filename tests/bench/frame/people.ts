// Agents with sessions, and persons, made by SQL for measurements that need many.
import type { Instance } from './instance.ts';

/** The header by which connection n of load/sockets is agent n. */
export const sessionHeader = 'Cookie: throughline=bench-session-{n}';

const YEAR_MS = 365 * 86_400_000;

export function makeAgents(instance: Instance, n: number): void {
  const now = Date.now();
  instance.sql(`INSERT INTO agent (uuid, email, name, role, password_hash, created_at)
    SELECT UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('agent', seq, '@example.com'), CONCAT('Agent ', seq), 2, '', ${now} FROM seq_1_to_${n};
    INSERT INTO session (token_hash, agent_id, created_at, expires_at)
    SELECT UNHEX(SHA2(CONCAT('bench-session-', seq), 256)), a.id, ${now}, ${now + YEAR_MS} FROM seq_1_to_${n} s JOIN agent a ON a.email = CONCAT('agent', s.seq, '@example.com')`);
}

/** Persons with one address each; their ids, which end with their number as 12 hexadecimal digits. */
export function makeCustomers(instance: Instance, n: number): string[] {
  const now = Date.now();
  instance.sql(`INSERT INTO customer (id, uuid, name, created_at, changed_at)
    SELECT seq, UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('Person ', seq), ${now}, ${now} FROM seq_1_to_${n};
    INSERT INTO identity (id, uuid, kind, value, proof, version, first_at, last_at)
    SELECT seq, UNHEX(LPAD(HEX(seq), 32, '0')), 1, CONCAT('person', seq, '@example.com'), 2, 0, ${now}, ${now} FROM seq_1_to_${n};
    INSERT INTO identity_link (identity_id, customer_id, from_at, rule) SELECT seq, seq, ${now}, 'first_contact' FROM seq_1_to_${n}`);
  return Array.from({ length: n }, (_, i) => `00000000-0000-0000-0000-${(i + 1).toString(16).padStart(12, '0')}`);
}

const TOKEN_LENGTH = 43;

/** What visitor n says in chat.hello; n as 12 hexadecimal digits. */
export const visitorToken = (n: string): string => `${'v'.repeat(TOKEN_LENGTH - 12)}${n}`;

/** Visitors of the only channel, who are the persons of makeCustomers. */
export function makeVisitors(instance: Instance, n: number): void {
  const now = Date.now();
  const token = `CONCAT('${visitorToken('')}', LPAD(LOWER(HEX(seq)), 12, '0'))`;
  instance.sql(`INSERT INTO identity (uuid, kind, scope, value, proof, version, first_at, last_at)
    SELECT UNHEX(LPAD(HEX(seq + 16777216), 32, '0')), 3, (SELECT id FROM channel), LEFT(LOWER(SHA2(${token}, 256)), 32), 0, 0, ${now}, ${now} FROM seq_1_to_${n};
    INSERT INTO identity_link (identity_id, customer_id, from_at, rule)
    SELECT i.id, s.seq, ${now}, 'first_contact' FROM seq_1_to_${n} s JOIN identity i ON i.uuid = UNHEX(LPAD(HEX(seq + 16777216), 32, '0'))`);
}
