/* What the commands share. */
#pragma once

#include "base/config.h"
#include "db/db.h"
#include "desk/ground/desk.h"
#include "scan/clamd.h"
#include "search/search.h"

#define LINE_SIZE 1100

/* What a command is run with. */
struct cli {
    const char *config_path; /* NULL: the default one when it is there */
    struct config config;
    struct db_config db_config;
    struct desk desk;
    struct search_config search;
    struct clamd clamd;
    struct arena *arena;
    struct db *db;
    int argc;
    char **argv; /* the command's own arguments */
    struct error err;
};

int cli_fail(const struct cli *cli); /* says why; 1 */
/* "--name VALUE" or "--name=VALUE" of the command's own arguments; NULL: not given. */
const char *cli_option(const struct cli *cli, const char *name);
bool cli_missing(struct cli *cli, const char *name, const char *value); /* fills cli->err */
bool cli_read_line(const char *prompt, char out[LINE_SIZE]);
