// Which SQL a call runs, from MariaDB itself: so that a floor is always the statement that the server has today.
import { Instance } from './instance.ts';

/** The statement that `call` makes the server prepare whose text has all of `words`. The server must be freshly started. */
export async function statementOf(instance: Instance, words: string[], call: () => Promise<unknown>): Promise<string> {
  const database = instance.database;
  database.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = ON");
  await call();
  database.sql('SET GLOBAL general_log = OFF');
  const like = words.map((word) => ` AND argument LIKE '%${word.replaceAll("'", "''")}%'`).join('');
  const found = database.sql(`SELECT DISTINCT REPLACE(argument, CHAR(10), ' ') FROM mysql.general_log WHERE command_type = 'Prepare'${like}`).split('\n');
  database.sql('TRUNCATE mysql.general_log');
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} statements with ${words.join(', ')}`);
  return found[0];
}
