#include "cli.h"

#include "api/describe.h"
#include "api/security.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/net.h"
#include "base/password.h"
#include "channel/channel.h"
#include "channel/phone.h"
#include "db/host.h"
#include "db/migrate.h"
#include "desk/act/replay.h"
#include "desk/ground/blob.h"
#include "parser/parser.h"
#include "parser/process.h"
#include "search/find.h"
#include "search/search.h"
#include "store/agent.h"
#include "store/all_records.h"
#include "store/change_log.h"
#include "store/channel.h"
#include "store/journal.h"
#include "store/session.h"
#include "task/erase_again.h"
#include "web/web.h"

#include <fcntl.h>
#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_CONFIG "/etc/throughline/throughline.conf"
#define LINE_SIZE 1100

/* What a command is run with. */
struct cli {
    const char *config_path; /* NULL: the default one when it is there */
    struct config config;
    struct db_config db_config;
    struct desk desk;
    struct search_config search;
    struct arena *arena;
    struct db *db;
    int argc;
    char **argv; /* the command's own arguments */
    struct error err;
};

enum needs { NEEDS_NOTHING, NEEDS_CONFIG, NEEDS_DATABASE };

struct command {
    const char *name; /* one or two words */
    enum needs needs;
    int (*run)(struct cli *cli);
    const char *usage; /* its arguments */
    const char *help;
};

static int fail(const struct cli *cli)
{
    fprintf(stderr, "throughline: %s\n", cli->err.text);
    return 1;
}

/* "--name VALUE" or "--name=VALUE" of the command's own arguments; NULL: not given. */
static const char *option(const struct cli *cli, const char *name)
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

static bool missing(struct cli *cli, const char *name, const char *value)
{
    if (value && value[0])
        return false;
    error_set(&cli->err, ERR_INVALID, name, "%s is missing; see --help.", name);
    return true;
}

static bool read_line(const char *prompt, char out[LINE_SIZE])
{
    if (isatty(STDIN_FILENO))
        fprintf(stderr, "%s", prompt);
    if (!fgets(out, LINE_SIZE, stdin))
        return false;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

/* ---- commands ---- */

/* What a call has used is not given back to the kernel after each one: bringing it in again costs more than the call. */
#define PARSER_LIMIT 4000             /* inputs may wait */
#define KEEP_FREE_BYTES (1024 * 1024) /* by each thread, at most */

/* A core file would hold the key that seals the channels' secrets, and what people have said. The sanitizers look into
 * their own process, which one that is not dumpable refuses. */
static void keep_no_core(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int cmd_serve(struct cli *cli)
{
    keep_no_core();
    mallopt(M_TRIM_THRESHOLD, KEEP_FREE_BYTES);
    mallopt(M_MMAP_THRESHOLD, KEEP_FREE_BYTES);
    signal(SIGPIPE, SIG_IGN);
    cli->desk.parser = parser_start((unsigned)cli->config.parsers, PARSER_LIMIT);
    bool fine = web_run(&cli->config, &cli->desk, &cli->db_config, &cli->err);
    parser_free(cli->desk.parser);
    return fine ? 0 : fail(cli);
}

static int cmd_migrate(struct cli *cli)
{
    int done = 0;
    if (!migrate_database(&cli->db_config, &done, &cli->err))
        return fail(cli);
    printf(done ? "%d migration(s) applied.\n" : "Nothing to do.\n", done);
    return 0;
}

static int role_option(struct cli *cli, const char *standard)
{
    const char *name = option(cli, "--role");
    int role = names_find(ROLE_NAMES, name ? name : standard);
    if (role < ROLE_AGENT) {
        error_set(&cli->err, ERR_INVALID, "--role", "--role must be agent, supervisor or admin.");
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

static void write_agent(struct db *db, const struct made *m)
{
    agent_insert(db, m->what, m->secret);
}

static void write_token(struct db *db, const struct made *m)
{
    token_insert(db, m->what, m->secret);
}

static void write_channel(struct db *db, const struct made *m)
{
    channel_insert(db, m->what, clock_now());
}

static int cmd_agent_add(struct cli *cli)
{
    char password[LINE_SIZE], hash[PASSWORD_HASH_SIZE];
    const char *email = option(cli, "--email"), *name = option(cli, "--name"), *language = option(cli, "--language");
    int role = role_option(cli, "agent");
    if (role < 0 || missing(cli, "--email", email) || missing(cli, "--name", name))
        return fail(cli);
    email = identity_normalise(cli->arena, IDENTITY_EMAIL, email, NULL);
    if (!email)
        return error_set(&cli->err, ERR_INVALID, NULL, "--email must be an address such as mia@example.com."),
               fail(cli);
    if (!read_line("Password: ", password))
        return error_set(&cli->err, ERR_INVALID, NULL, "Give the password on standard input."), fail(cli);
    const struct password_fault_row *fault = &PASSWORD_FAULT_ROWS[password_check(password, email, name)];
    if (fault->text)
        return error_set(&cli->err, ERR_INVALID, NULL, "%s", fault->text), fail(cli);
    if (!crypto_password_hash(password, hash))
        return error_set(&cli->err, ERR_INTERNAL, NULL, "There is too little memory for the password's hash."),
               fail(cli);
    struct agent agent = {.id = uuid_v7(clock_now()),
                          .email = email,
                          .name = name,
                          .role = role,
                          .language = language ? language : "en",
                          .created_at = clock_now()};
    struct made m = {cli, write_agent, &agent, hash, {.action = AUDIT_AGENT_CREATE, .subject = email}, {0}};
    if (make(&m, ROLE_NAMES[role]))
        return printf("%s is %s now.\n", email, ROLE_NAMES[role]) < 0;
    if (db_failure(cli->db) == DB_DUPLICATE)
        error_set(&cli->err, ERR_CONFLICT, NULL, "There is an account with the address %s already.", email);
    return fail(cli);
}

/* "--scope put,read" and each "--channel ID": false fills cli->err. */
static bool take_scopes(struct cli *cli, struct token_row *token)
{
    const char *given = option(cli, "--scope"), *at = given ? given : "administer";
    while (*at) {
        size_t n = strcspn(at, ",");
        int place = names_find(TOKEN_SCOPE_NAMES, arena_strndup(cli->arena, at, n));
        if (place < 0)
            return error_set(&cli->err, ERR_INVALID, "--scope", "--scope must be of put, read, send and administer.");
        token->scopes |= 1u << place;
        at += n + (at[n] == ',');
    }
    for (int i = 0; i + 1 < cli->argc; i++) {
        struct uuid id;
        if (strcmp(cli->argv[i], "--channel") != 0)
            continue;
        if (!uuid_parse_text(cli->argv[i + 1], &id) || !channel_get(cli->db, cli->arena, &id))
            return error_set(&cli->err, ERR_INVALID, "--channel", "There is no channel %.60s; see channel list.",
                             cli->argv[i + 1]);
        *(struct uuid *)list_grow(cli->arena, &token->channels, sizeof(id)) = id;
    }
    if (!(token->scopes & TOKEN_PUT) != !token->channels.n || token->channels.n > TOKEN_CHANNELS_MAX)
        return error_set(&cli->err, ERR_INVALID, "--channel",
                         "--channel must be given with --scope put, at most %d times, and only then.",
                         TOKEN_CHANNELS_MAX);
    return token->scopes != 0;
}

static bool take_days(struct cli *cli, struct token_row *token)
{
    const char *days = option(cli, "--days");
    char *end = NULL;
    long n = days ? strtol(days, &end, 10) : 0;
    if (days && (!*days || *end || n < 1 || n > 36500))
        return error_set(&cli->err, ERR_INVALID, "--days", "--days must be a number of days, at least 1.");
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

static int cmd_token_add(struct cli *cli)
{
    char secret[TOKEN_TEXT_SIZE];
    uint8_t digest[SHA256_SIZE];
    struct token_row token = {.id = uuid_v7(clock_now()), .name = option(cli, "--name"), .created_at = clock_now()};
    if (missing(cli, "--name", token.name) || !take_scopes(cli, &token) || !take_days(cli, &token))
        return fail(cli);
    token.role = role_option(cli, token.scopes & TOKEN_ADMINISTER ? "admin" : "agent");
    if (token.role < 0)
        return fail(cli);
    crypto_token(secret);
    crypto_sha256(secret, strlen(secret), digest);
    struct made m = {cli, write_token, &token, digest, {.action = AUDIT_TOKEN_CREATE, .subject = token.name}, {0}};
    tell_token(cli, &token, &m.facts);
    if (!make(&m, ROLE_NAMES[token.role]))
        return fail(cli);
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

static int cmd_channel_add(struct cli *cli)
{
    const char *type_name = option(cli, "--type"), *name = option(cli, "--name"), *generated;
    if (missing(cli, "--type", type_name) || missing(cli, "--name", name))
        return fail(cli);
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
        return fail(cli);
    struct made m = {cli, write_channel, &row, NULL, {.action = AUDIT_CHANNEL_CREATE, .subject = name}, {0}};
    facts_text(&m.facts, "type", type_name);
    if (!make(&m, NULL))
        return fail(cli);
    account_describe(&cli->desk, cli->arena, &row);
    char id[UUID_TEXT_SIZE];
    uuid_format(&row.id, id);
    printf("id: %s\nwebhook: %s\ngenerated: %s\n", id, row.webhook_url ? row.webhook_url : "-", generated);
    return 0;
}

static int cmd_channel_list(struct cli *cli)
{
    struct list rows = channel_list(cli->db, cli->arena, true);
    for (size_t i = 0; i < rows.n; i++) {
        struct channel_row *row = (struct channel_row *)rows.items + i;
        char id[UUID_TEXT_SIZE];
        uuid_format(&row->id, id);
        account_describe(&cli->desk, cli->arena, row);
        printf("%s  %-14s %-24s %s\n", id, row->type, row->name, row->webhook_url ? row->webhook_url : "-");
    }
    return db_failure(cli->db) == DB_FINE ? 0 : (db_error(cli->db, &cli->err), fail(cli));
}

static int cmd_config(struct cli *cli)
{
    AUTO_BUF struct buf out = {0};
    (void)cli;
    config_print_sample(&out);
    fputs(out.data, stdout);
    return 0;
}

static int cmd_describe(struct cli *cli)
{
    AUTO_BUF struct buf out = {0};
    const char *form = cli->argc ? cli->argv[0] : "--markdown";
    if (strcmp(form, "--openapi") == 0)
        describe_openapi(&out);
    else if (strcmp(form, "--typescript") == 0)
        describe_typescript(&out);
    else if (strcmp(form, "--markdown") == 0)
        describe_markdown(&out);
    else
        return error_set(&cli->err, ERR_INVALID, NULL, "Use --openapi, --typescript or --markdown."), fail(cli);
    fputs(out.data, stdout);
    return 0;
}

static int cmd_journal_retry(struct cli *cli)
{
    struct list ids = journal_failed(cli->db, cli->arena, 10000);
    struct accounts *accounts = accounts_load(&cli->desk, cli->db);
    int64_t entries = 0, still = 0;
    cli->desk.parser = parser_start(1, 1);
    for (size_t i = 0; accounts && i < ids.n && db_ready(cli->db); i++) { /* one that fails holds up no other */
        struct changes changes = {0};
        AUTO_ARENA struct arena *a = arena_new();
        struct act act = {.desk = &cli->desk,
                          .accounts = accounts,
                          .db = cli->db,
                          .a = a,
                          .now = clock_now(),
                          .changes = &changes,
                          .err = &cli->err};
        int64_t n = 0;
        cli->err = (struct error){0};
        if (!replay(&act, (struct uuid *)ids.items + i, &n) || n == 0)
            still++;
        entries += n;
        changes_clear(&changes);
    }
    parser_free(cli->desk.parser);
    bool fine = accounts && db_failure(cli->db) != DB_AWAY;
    accounts_unref(accounts);
    if (!fine)
        return db_error(cli->db, &cli->err), fail(cli);
    printf("%zu tried, %lld new or changed entries, %lld gave none.\n", ids.n, (long long)entries, (long long)still);
    return 0;
}

/* A backup knows sessions, tokens and people that have ended since. */
static bool write_restored(struct db *db, void *arg)
{
    struct cli *cli = arg;
    int64_t sessions = session_delete_all(db), tokens = 0;
    struct buf facts = {0};
    if (!option(cli, "--keep-tokens"))
        tokens = token_revoke_all(db, clock_now());
    json_put_int(&facts, "ended", sessions);
    json_put_int(&facts, "tokens", tokens);
    facts_text(&facts, "by", "command line");
    struct audit audit = {
        .at = clock_now(), .action = AUDIT_SESSIONS_END, .subject = "restore", .after = facts_end(cli->arena, &facts)};
    audit_add(db, cli->arena, &audit);
    security_event(cli->arena, &audit);
    printf("%lld session(s) ended, %lld token(s) revoked.\n", (long long)sessions, (long long)tokens);
    return true;
}

static int cmd_restore_finish(struct cli *cli)
{
    struct erase_again again;
    if (!db_transact(cli->db, write_restored, cli, &cli->err) ||
        !erase_log_again(&cli->desk, cli->db, cli->arena, &again, &cli->err))
        return fail(cli);
    printf("%lld person(s) will be erased again when the server starts, %lld entries are.\n", (long long)again.people,
           (long long)again.entries);
    for (size_t i = 0; i < again.unsure.n; i++) {
        char id[UUID_TEXT_SIZE];
        uuid_format((struct uuid *)again.unsure.items + i, id);
        printf("Look at this person, who has an address of somebody erased, and others besides: %s\n", id);
    }
    return 0;
}

static bool has_search(struct cli *cli)
{
    return cli->desk.search ||
           error_set(&cli->err, ERR_CONFLICT, "index", "[search] index is empty: there is no search.");
}

static int cmd_search_rebuild(struct cli *cli)
{
    if (!has_search(cli))
        return fail(cli);
    change_log_rebuild(cli->db, clock_now());
    if (db_failure(cli->db) != DB_FINE)
        return db_error(cli->db, &cli->err), fail(cli);
    puts("Every server makes its index anew, now or when it starts, and answers from the old one meanwhile.");
    return 0;
}

static int cmd_search_status(struct cli *cli)
{
    struct search_status s;
    if (!has_search(cli))
        return fail(cli);
    if (!search_status(cli->desk.search, &s))
        return error_set(&cli->err, ERR_NOT_FOUND, NULL, "There is no index at %s; a server makes it when it starts.",
                         cli->desk.search->path),
               fail(cli);
    int64_t end = change_log_end(cli->db, cli->arena);
    if (db_failure(cli->db) != DB_FINE)
        return db_error(cli->db, &cli->err), fail(cli);
    printf("path: %s\nbytes: %lld\nentries: %lld\npeople: %lld\ncomplete: %lld %%\nbehind: %lld\nrebuild: %s\n",
           cli->desk.search->path, (long long)s.bytes, (long long)s.entries, (long long)s.people, (long long)s.progress,
           (long long)(end > s.seen ? end - s.seen : 0),
           s.rebuild < 0 ? "none" : arena_printf(cli->arena, "%lld %%", (long long)s.rebuild));
    return 0;
}

static int cmd_parser(struct cli *cli)
{
    (void)cli;
    return parser_process();
}

static int cmd_version(struct cli *cli)
{
    (void)cli;
    puts("throughline " THROUGHLINE_VERSION);
    return 0;
}

static const struct command COMMANDS[] = {
    {"serve", NEEDS_CONFIG, cmd_serve, "", "Runs the server until SIGTERM or SIGINT."},
    {"migrate", NEEDS_CONFIG, cmd_migrate, "",
     "Makes the database and brings its tables up to date. `serve` does it too."},
    {"agent add", NEEDS_DATABASE, cmd_agent_add,
     "--email ADDRESS --name NAME [--role agent|supervisor|admin] [--language en|ja]",
     "Makes an account; the password is the first line of standard input."},
    {"channel add", NEEDS_DATABASE, cmd_channel_add, "--type TYPE --name NAME [--set NAME=VALUE]…",
     "Connects an account; prints its webhook URL and the secrets that were made."},
    {"channel list", NEEDS_DATABASE, cmd_channel_list, "", "Prints the channels with their webhook URLs."},
    {"token add", NEEDS_DATABASE, cmd_token_add,
     "--name NAME [--scope put,read,send|administer] [--channel ID]… [--role admin|supervisor|agent] [--days N]",
     "Makes a bearer token for the API and prints it."},
    {"journal retry", NEEDS_DATABASE, cmd_journal_retry, "", "Tries all inputs again that could not be understood."},
    {"restore finish", NEEDS_DATABASE, cmd_restore_finish, "[--keep-tokens]",
     "After a backup was restored, before the server starts: ends all sessions, revokes all tokens, and erases again "
     "what the erasure log names."},
    {"search rebuild", NEEDS_DATABASE, cmd_search_rebuild, "", "Has every server make its search index anew."},
    {"search status", NEEDS_DATABASE, cmd_search_status, "",
     "Prints how large the search index is and how far it has read."},
    {"config", NEEDS_NOTHING, cmd_config, "", "Prints the documented sample configuration."},
    {"describe", NEEDS_NOTHING, cmd_describe, "[--markdown|--openapi|--typescript]", "Prints the API."},
    {PARSER_COMMAND, NEEDS_NOTHING, cmd_parser, "", NULL}, /* for the server itself */
    {"version", NEEDS_NOTHING, cmd_version, "", "Prints the version."},
};

/* ---- around them ---- */

static int print_help(FILE *to)
{
    fprintf(to, "Usage: throughline [--config FILE] COMMAND [ARGUMENTS]\n\n");
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++)
        if (COMMANDS[i].help)
            fprintf(to, "  %-14s %s\n", COMMANDS[i].name, COMMANDS[i].help);
    fprintf(to, "\nWithout --config, " DEFAULT_CONFIG " is read when it is there.\n"
                "throughline COMMAND --help says more of one command.\n");
    return to == stdout ? 0 : 2;
}

/* Made once, readable by its owner alone. */
static bool load_secret_key(struct cli *cli)
{
    const char *path = cli->config.secret_key_file;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t *key = crypto_secret_new(SECRET_KEY_SIZE);
    cli->desk.secret_key = key;
    if (fd < 0) {
        crypto_random(key, SECRET_KEY_SIZE);
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
        bool fine = fd >= 0 && write(fd, key, SECRET_KEY_SIZE) == SECRET_KEY_SIZE && fsync(fd) == 0;
        if (fd >= 0)
            close(fd);
        return fine ||
               error_set(&cli->err, ERR_INTERNAL, NULL, "The key file %.200s can be neither read nor made.", path);
    }
    ssize_t n = read(fd, key, SECRET_KEY_SIZE);
    close(fd);
    return n == SECRET_KEY_SIZE ||
           error_set(&cli->err, ERR_INTERNAL, NULL, "The key file %.200s must hold %d bytes.", path, SECRET_KEY_SIZE);
}

static bool prepare_config(struct cli *cli)
{
    const char *path = cli->config_path ? cli->config_path : access(DEFAULT_CONFIG, R_OK) == 0 ? DEFAULT_CONFIG : NULL;
    if (!config_load(cli->arena, path, &cli->config, &cli->err))
        return false;
    const struct config *c = &cli->config;
    static const char *const LEVELS[] = {"", "error", "warning", "info", "debug", NULL};
    int level = names_find(LEVELS, c->log_level);
    if (level < 0)
        return error_set(&cli->err, ERR_INVALID, NULL, "[server] log_level must be error, warning, info or debug.");
    log_set_level((enum log_level)level);
    cli->db_config = (struct db_config){.records = RECORDS,
                                        .socket = c->db_socket,
                                        .host = c->db_host,
                                        .port = c->db_port,
                                        .user = c->db_user,
                                        .password = c->db_password,
                                        .name = c->db_name,
                                        .timeout_ms = c->db_timeout_s * SECOND_MS,
                                        .tls = (enum net_tls)c->db_tls,
                                        .tls_ca = c->db_tls_ca};
    cli->desk.public_url = c->public_url;
    cli->desk.blob_dir = c->blob_dir;
    cli->desk.erasure_log = c->erasure_log;
    cli->desk.country = c->country;
    cli->desk.outgoing = (struct outgoing_rules){c->outgoing_networks, c->outgoing_ca_file};
    cli->search = (struct search_config){c->search_index, c->country, phone_normalise};
    cli->desk.search = c->search_index[0] ? &cli->search : NULL;
    cli->desk.reopen_ms = c->reopen_hours * HOUR_MS;
    cli->desk.assign_on_answer = c->assign_on_answer != 0;
    cli->desk.journal_keep_ms = c->journal_days * DAY_MS;
    cli->desk.session_ms = c->session_days * DAY_MS;
    cli->desk.session_idle_ms = c->session_idle_hours * HOUR_MS;
    cli->desk.limits = c->limits;
    return hosts_check(&cli->db_config, &cli->err) &&
           net_list_check(c->outgoing_networks, "[outgoing] networks", &cli->err) && load_secret_key(cli) &&
           blob_init(c->blob_dir, &cli->err);
}

static bool prepare_database(struct cli *cli)
{
    db_create_database(&cli->db_config, &cli->err); /* where it is there already, the user need not be allowed to */
    cli->db = db_new(&cli->db_config);
    return db_ready(cli->db) || (cli->err.code == ERR_NONE && db_error(cli->db, &cli->err));
}

static int run_command(struct cli *cli, const struct command *command)
{
    for (int i = 0; i < cli->argc; i++) {
        if (strcmp(cli->argv[i], "--help") != 0)
            continue;
        printf("Usage: throughline [--config FILE] %s %s\n\n%s\n", command->name, command->usage,
               command->help ? command->help : "For the server itself.");
        return 0;
    }
    if (!crypto_init())
        return error_set(&cli->err, ERR_INTERNAL, NULL, "The system gives no random numbers."), fail(cli);
    cli->arena = arena_new();
    bool fine = (command->needs < NEEDS_CONFIG || prepare_config(cli)) &&
                (command->needs < NEEDS_DATABASE || prepare_database(cli));
    int status = fine ? command->run(cli) : fail(cli);
    db_free(cli->db);
    arena_free(cli->arena);
    return status;
}

/* Whether the arguments begin with the command's words; how many these are. */
static int words_of(const struct command *command, int argc, char **argv)
{
    const char *second = strchr(command->name, ' ');
    size_t n = second ? (size_t)(second - command->name) : strlen(command->name);
    if (argc < 1 || strlen(argv[0]) != n || strncmp(argv[0], command->name, n) != 0)
        return 0;
    if (!second)
        return 1;
    return argc > 1 && strcmp(argv[1], second + 1) == 0 ? 2 : 0;
}

int cli_main(int argc, char **argv)
{
    struct cli cli = {0};
    int at = 1;
    if (argc > 1 && strncmp(argv[1], "--config=", 9) == 0) {
        cli.config_path = argv[1] + 9;
        at = 2;
    } else if (argc > 2 && strcmp(argv[1], "--config") == 0) {
        cli.config_path = argv[2];
        at = 3;
    }
    if (at < argc && (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "help") == 0))
        return print_help(stdout);
    for (size_t i = 0; i < COUNT_OF(COMMANDS); i++) {
        int words = words_of(&COMMANDS[i], argc - at, argv + at);
        if (!words)
            continue;
        cli.argc = argc - at - words;
        cli.argv = argv + at + words;
        return run_command(&cli, &COMMANDS[i]);
    }
    return print_help(stderr);
}
