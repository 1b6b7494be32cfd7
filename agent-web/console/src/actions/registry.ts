import type { Action } from './action.ts';
import { consoleActions } from './console.ts';
import { conversationActions } from './conversation.ts';
import { navigateActions } from './navigate.ts';
import { personActions } from './person.ts';
import { writeActions } from './write.ts';

export const actions: readonly Action[] = [...conversationActions, ...writeActions, ...personActions, ...navigateActions, ...consoleActions];

export function action(id: string): Action {
  const found = actions.find((one) => one.id === id);
  if (!found) throw new Error(`There is no action ${id}.`);
  return found;
}
