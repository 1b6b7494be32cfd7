import { t } from '../i18n/index.ts';

/** A visitor of the chat who gave no name is called so by the server. */
const VISITOR = /^Visitor ([0-9A-Z]{4})$/;

/** Whom LINE has not told the name of yet is known by an id alone, or the group that somebody wrote in. */
const LINE = /^[UCR][0-9a-f]{28}([0-9a-f]{4})$/;

/** Whoever rang with their number withheld is known by the call alone (channel/twilio_voice.c). */
const WITHHELD = /^call:/;

/** The first of these that is a name, as people read it. */
export function personName(...names: (string | null | undefined)[]): string {
  const name = names.find(Boolean);
  if (!name) return t('person.unnamed');
  const code = VISITOR.exec(name)?.[1];
  if (code) return t('person.visitor', { code });
  if (WITHHELD.test(name)) return t('person.withheld');
  const line = LINE.exec(name)?.[1];
  return line ? t('person.line_user', { code: line }) : name;
}

interface Named {
  name: string | null;
  identities: readonly { name: string | null; value: string }[];
}

/** A person's name, as the queue has it too: of somebody whom nobody has named, what there is of one by an identity. */
export const nameOf = (customer: Named | null | undefined): string =>
  personName(customer?.name, customer?.identities.find(({ name }) => name)?.name, customer?.identities[0]?.value);
