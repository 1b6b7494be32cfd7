import { t } from '../i18n/index.ts';

/** A visitor of the chat who gave no name is called so by the server. */
const VISITOR = /^Visitor ([0-9A-Z]{4})$/;

/** The first of these that is a name, as people read it. */
export function personName(...names: (string | null | undefined)[]): string {
  const name = names.find(Boolean);
  if (!name) return t('person.unnamed');
  const code = VISITOR.exec(name)?.[1];
  return code ? t('person.visitor', { code }) : name;
}
