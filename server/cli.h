/* The command line: subcommands that an operator expects, in one table. */
#pragma once

int cli_main(int argc, char **argv);
