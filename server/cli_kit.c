#include "cli_kit.h"

#include <stdio.h>
#include <unistd.h>

int cli_fail(const struct cli *cli)
{
    fprintf(stderr, "throughline: %s\n", cli->err.text);
    return 1;
}

const char *cli_option(const struct cli *cli, const char *name)
{
    size_t n = strlen(name);
    for (int i = 0; i < cli->argc; i++) {
        if (strncmp(cli->argv[i], name, n) != 0)
            continue;
        if (cli->argv[i][n] == '=')
            return cli->argv[i] + n + 1;
        if (cli->argv[i][n] == '\0')
            return i + 1 < cli->argc ? cli->argv[i + 1] : "";
    }
    return NULL;
}

bool cli_missing(struct cli *cli, const char *name, const char *value)
{
    if (value && value[0])
        return false;
    error_english(&cli->err, ERR_INVALID, name, "%s is missing; see --help.", name);
    return true;
}

bool cli_read_line(const char *prompt, char out[LINE_SIZE])
{
    if (isatty(STDIN_FILENO))
        fprintf(stderr, "%s", prompt);
    if (!fgets(out, LINE_SIZE, stdin))
        return false;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}
