// Whose a page of the settings is.
import type { Agent } from '@throughline/protocol';
import { SECTIONS, type Section } from '../app/route.ts';

type Role = Agent['role'];

/** The rest is an administrator's. */
const SEEN_BY: Partial<Record<Section, readonly Role[]>> = {
  you: ['agent', 'supervisor', 'admin'],
  privacy: ['supervisor', 'admin'],
  blocked: ['agent', 'supervisor', 'admin'],
};

export const seesSection = (role: Role, section: Section): boolean => (SEEN_BY[section] ?? ['admin']).includes(role);
export const sectionsOf = (role: Role): readonly Section[] => SECTIONS.filter((section) => seesSection(role, section));
/** Where the settings begin. */
export const firstSection = (role: Role): Section => (role === 'admin' ? 'channels' : 'you');
