/** What is wrong with the arguments and what would be right, as ./dev says it; ends the program. */
export function refuse(what: string, right: string): never {
  console.error(`\n✘ ${what}\n  ${right}`);
  process.exit(1);
}
