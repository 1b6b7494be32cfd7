import { t } from '../i18n/index.ts';

/** A visitor of the chat who gave no name is called so by the server. */
const VISITOR = /^Visitor ([0-9A-Z]{4})$/;

/** Whom LINE has not told the name of yet is known by an id alone, or the group that somebody wrote in. */
const LINE = /^[UCR][0-9a-f]{28}([0-9a-f]{4})$/;

/** The first of these that is a name, as people read it. */
export function personName(...names: (string | null | undefined)[]): string {
  const name = names.find(Boolean);
  if (!name) return t('person.unnamed');
  const code = VISITOR.exec(name)?.[1];
  if (code) return t('person.visitor', { code });
  const line = LINE.exec(name)?.[1];
  return line ? t('person.line_user', { code: line }) : name;
}
