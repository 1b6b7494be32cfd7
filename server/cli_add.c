#include "cli_add.h"

#include "api/security.h"
#include "base/clock.h"
#include "base/password.h"
#include "channel/channel.h"
#include "store/agent.h"
#include "store/channel.h"

#include <stdio.h>

static int role_option(struct cli *cli, const char *standard)
{
    const char *name = cli_option(cli, "--role");
    int role = names_find(ROLE_NAMES, name ? name : standard);
    if (role < ROLE_AGENT) {
        error_english(&cli->err, ERR_INVALID, "--role", "--role must be agent, supervisor or admin.");
        return -1;
    }
    return role;
}

/* What is made from the command line is audited like what is made by the API: by nobody, from within. */
struct made {
    struct cli *cli;
    void (*write)(struct db *db, const struct made *made);
    const void *what;
    const void *secret; /* what is kept of it: a hash */
    struct audit audit;
    struct buf facts; /* told besides role and by */
};

static bool write_made(struct db *db, void *arg)
{
    const struct made *m = arg;
    m->write(db, m);
    audit_add(db, m->cli->arena, &m->audit);
    return true;
}

static bool make(struct made *m, const char *role)
{
    m->audit.at = clock_now();
    facts_text(&m->facts, "role", role);
    facts_text(&m->facts, "by", "command line");
    m->audit.after = facts_end(m->cli->arena, &m->facts);
    if (!db_transact(m->cli->db, write_made, m, &m->cli->err))
        return false;
    security_event(m->cli->arena, &m->audit);
    return true;
}

static void write_agent_row(struct db *db, const struct made *m)
{
    agent_insert(db, m->what, m->secret);
}

static void write_token_row(struct db *db, const struct made *m)
{
    token_insert(db, m->what, m->secret);
}

static void write_channel_row(struct db *db, const struct made *m)
{
    channel_insert(db, m->what, clock_now());
}

int cmd_agent_add(struct cli *cli)
{
    char password[LINE_SIZE], hash[PASSWORD_HASH_SIZE];
    const char *email = cli_option(cli, "--email"), *name = cli_option(cli, "--name"),
               *language = cli_option(cli, "--language");
    int role = role_option(cli, "agent");
    if (role < 0 || cli_missing(cli, "--email", email) || cli_missing(cli, "--name", name))
        return cli_fail(cli);
    email = identity_normalise(cli->arena, IDENTITY_EMAIL, email, NULL);
    if (!email)
        return error_english(&cli->err, ERR_INVALID, NULL, "--email must be an address such as mia@example.com."),
               cli_fail(cli);
    if (!cli_read_line("Password: ", password))
        return error_english(&cli->err, ERR_INVALID, NULL, "Give the password on standard input."), cli_fail(cli);
    enum saying fault = password_check(password, email, name);
    if (fault)
        return error_because(&cli->err, NULL, fault), cli_fail(cli);
    if (!crypto_password_hash(password, hash))
        return error_english(&cli->err, ERR_INTERNAL, NULL, "There is too little memory for the password's hash."),
               cli_fail(cli);
    struct agent agent = {.id = uuid_v7(clock_now()),
                          .email = email,
                          .name = name,
                          .role = role,
                          .language = language ? language : "en",
                          .created_at = clock_now()};
    struct made m = {cli, write_agent_row, &agent, hash, {.action = AUDIT_AGENT_CREATE, .subject = email}, {0}};
    if (make(&m, ROLE_NAMES[role]))
        return printf("%s is %s now.\n", email, ROLE_NAMES[role]) < 0;
    if (db_failure(cli->db) == DB_DUPLICATE)
        error_english(&cli->err, ERR_CONFLICT, NULL, "There is an account with the address %s already.", email);
    return cli_fail(cli);
}

/* "--scope put,read" and each "--channel ID": false fills cli->err. */
static bool take_scopes(struct cli *cli, struct token_row *token)
{
    const char *given = cli_option(cli, "--scope"), *at = given ? given : "administer";
    while (*at) {
        size_t n = strcspn(at, ",");
        int place = names_find(TOKEN_SCOPE_NAMES, arena_strndup(cli->arena, at, n));
        if (place < 0)
            return error_english(&cli->err, ERR_INVALID, "--scope",
                                 "--scope must be of put, read, send and administer.");
        token->scopes |= 1u << place;
        at += n + (at[n] == ',');
    }
    for (int i = 0; i + 1 < cli->argc; i++) {
        struct uuid id;
        if (strcmp(cli->argv[i], "--channel") != 0)
            continue;
        if (!uuid_parse_text(cli->argv[i + 1], &id) || !channel_get(cli->db, cli->arena, &id))
            return error_english(&cli->err, ERR_INVALID, "--channel", "There is no channel %.60s; see channel list.",
                                 cli->argv[i + 1]);
        *(struct uuid *)list_grow(cli->arena, &token->channels, sizeof(id)) = id;
    }
    if (!token_channels_fit(token->scopes, token->channels.n) || token->channels.n > TOKEN_CHANNELS_MAX)
        return error_english(
            &cli->err, ERR_INVALID, "--channel",
            "--channel must be given with --scope put, may be with send, and with nothing else; at most %d times.",
            TOKEN_CHANNELS_MAX);
    return token->scopes != 0;
}

static bool take_days(struct cli *cli, struct token_row *token)
{
    const char *days = cli_option(cli, "--days");
    char *end = NULL;
    long n = days ? strtol(days, &end, 10) : 0;
    if (days && (!*days || *end || n < 1 || n > 36500))
        return error_english(&cli->err, ERR_INVALID, "--days", "--days must be a number of days, at least 1.");
    token->expires_at = n ? token->created_at + n * DAY_MS : 0;
    return true;
}

/* As the API tells them: what a till's token may reach must be in the audit, whoever made it. */
static void tell_token(struct cli *cli, const struct token_row *token, struct buf *facts)
{
    char expires[TIME_TEXT_SIZE];
    const char *scopes = "", *channels = "";
    for (size_t i = 0; TOKEN_SCOPE_NAMES[i]; i++)
        if (token->scopes & (1u << i))
            scopes = arena_printf(cli->arena, "%s%s%s", scopes, *scopes ? " " : "", TOKEN_SCOPE_NAMES[i]);
    for (size_t i = 0; i < token->channels.n; i++) {
        char id[UUID_TEXT_SIZE];
        uuid_format((struct uuid *)token->channels.items + i, id);
        channels = arena_printf(cli->arena, "%s%s%s", channels, *channels ? " " : "", id);
    }
    time_format(token->expires_at, expires);
    facts_text(facts, "scopes", scopes);
    facts_text(facts, "channels", *channels ? channels : NULL);
    facts_text(facts, "expires_at", token->expires_at ? expires : NULL);
}

int cmd_token_add(struct cli *cli)
{
    char secret[TOKEN_TEXT_SIZE];
    uint8_t digest[SHA256_SIZE];
    struct token_row token = {.id = uuid_v7(clock_now()), .name = cli_option(cli, "--name"), .created_at = clock_now()};
    if (cli_missing(cli, "--name", token.name) || !take_scopes(cli, &token) || !take_days(cli, &token))
        return cli_fail(cli);
    token.role = role_option(cli, token.scopes & TOKEN_ADMINISTER ? "admin" : "agent");
    if (token.role < 0)
        return cli_fail(cli);
    crypto_token(secret);
    crypto_sha256(secret, strlen(secret), digest);
    struct made m = {cli, write_token_row, &token, digest, {.action = AUDIT_TOKEN_CREATE, .subject = token.name}, {0}};
    tell_token(cli, &token, &m.facts);
    if (!make(&m, ROLE_NAMES[token.role]))
        return cli_fail(cli);
    printf("%s\n", secret);
    return 0;
}

/* Every "--set name=value" into one JSON object. */
static const char *settings_given(struct cli *cli)
{
    struct json_object *object = json_object_new_object();
    for (int i = 0; i + 1 < cli->argc; i++) {
        char *eq = strcmp(cli->argv[i], "--set") == 0 ? strchr(cli->argv[i + 1], '=') : NULL;
        if (!eq)
            continue;
        const char *name = arena_strndup(cli->arena, cli->argv[i + 1], (size_t)(eq - cli->argv[i + 1]));
        json_object_object_add(object, name, json_object_new_string(eq + 1));
    }
    const char *text = arena_strdup(cli->arena, json_object_to_json_string(object));
    json_object_put(object);
    return text;
}

int cmd_channel_add(struct cli *cli)
{
    const char *type_name = cli_option(cli, "--type"), *name = cli_option(cli, "--name"), *generated;
    if (cli_missing(cli, "--type", type_name) || cli_missing(cli, "--name", name))
        return cli_fail(cli);
    const struct channel_type *type = channel_type_find(type_name);
    if (!type) {
        fprintf(stderr, "throughline: There is no channel type %s. There are:\n", type_name);
        for (const struct channel_type *const *t = CHANNEL_TYPES; *t; t++)
            fprintf(stderr, "  %-14s %s\n", (*t)->name, (*t)->label);
        return 1;
    }
    struct channel_row row = {
        .id = uuid_v7(clock_now()), .type = type->name, .name = name, .active = true, .readers = ROLE_AGENT};
    if (!account_configure(&cli->desk, cli->arena, type, &row, settings_given(cli), &generated, &cli->err))
        return cli_fail(cli);
    struct made m = {cli, write_channel_row, &row, NULL, {.action = AUDIT_CHANNEL_CREATE, .subject = name}, {0}};
    facts_text(&m.facts, "type", type_name);
    if (!make(&m, NULL))
        return cli_fail(cli);
    account_describe(&cli->desk, cli->arena, &row);
    char id[UUID_TEXT_SIZE];
    uuid_format(&row.id, id);
    printf("id: %s\nwebhook: %s\ngenerated: %s\n", id, row.webhook_url ? row.webhook_url : "-", generated);
    return 0;
}

int cmd_channel_list(struct cli *cli)
{
    struct list rows = channel_list(cli->db, cli->arena, true);
    for (size_t i = 0; i < rows.n; i++) {
        struct channel_row *row = (struct channel_row *)rows.items + i;
        char id[UUID_TEXT_SIZE];
        uuid_format(&row->id, id);
        account_describe(&cli->desk, cli->arena, row);
        printf("%s  %-14s %-24s %s\n", id, row->type, row->name, row->webhook_url ? row->webhook_url : "-");
    }
    return db_fine(cli->db, &cli->err) ? 0 : cli_fail(cli);
}
