#include "cli.h"

#include "api/describe.h"
#include "api/security.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/net.h"
#include "channel/phone.h"
#include "cli_add.h"
#include "db/host.h"
#include "db/migrate.h"
#include "desk/act/replay.h"
#include "desk/ground/blob.h"
#include "parser/known.h"
#include "parser/parser.h"
#include "parser/read_key.h"
#include "picture/picture.h"
#include "search/search.h"
#include "store/agent.h"
#include "store/all_records.h"
#include "store/change_log.h"
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

enum needs { NEEDS_NOTHING, NEEDS_CONFIG, NEEDS_DATABASE };

struct command {
    const char *name; /* one or two words */
    enum needs needs;
    int (*run)(struct cli *cli);
    const char *usage; /* its arguments */
    const char *help;
};

/* ---- commands ---- */

/* What a call has used is not given back to the kernel after each one: bringing it in again costs more than the call. */
#define PARSER_LIMIT 4000             /* inputs may wait */
#define PICTURE_LIMIT 200             /* pictures may wait */
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
    cli->desk.parser = parser_start((unsigned)cli->config.parsers, PARSER_LIMIT,
                                    arena_printf(cli->arena, "%s/tmp", cli->config.blob_dir));
    cli->desk.pictures = pictures_start(PICTURE_LIMIT);
    bool fine = web_run(&cli->config, &cli->desk, &cli->db_config, &cli->err);
    team_free(cli->desk.parser);
    team_free(cli->desk.pictures);
    return fine ? 0 : cli_fail(cli);
}

static int cmd_migrate(struct cli *cli)
{
    int done = 0;
    if (!migrate_database(&cli->db_config, &done, &cli->err))
        return cli_fail(cli);
    printf(done ? "%d migration(s) applied.\n" : "Nothing to do.\n", done);
    return 0;
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
        return error_english(&cli->err, ERR_INVALID, NULL, "Use --openapi, --typescript or --markdown."), cli_fail(cli);
    fputs(out.data, stdout);
    return 0;
}

static int cmd_journal_retry(struct cli *cli)
{
    struct list ids = journal_failed(cli->db, cli->arena, 10000);
    struct accounts *accounts = accounts_load(&cli->desk, cli->db);
    int64_t entries = 0, still = 0;
    cli->desk.parser = parser_start(1, 1, NULL);
    if (accounts)
        known_signers_set(accounts->signers);
    for (size_t i = 0; accounts && i < ids.n && db_ready(cli->db); i++) { /* one that fails holds up no other */
        struct changes changes = {0};
        AUTO_ARENA struct arena *a = arena_new();
        struct act act = {.desk = &cli->desk,
                          .accounts = accounts,
                          .db = cli->db,
                          .a = a,
                          .cause = cause_by(CAUSE_SYSTEM, 0),
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
    team_free(cli->desk.parser);
    bool fine = accounts && db_failure(cli->db) != DB_AWAY;
    accounts_unref(accounts);
    if (!fine)
        return db_error(cli->db, &cli->err), cli_fail(cli);
    printf("%zu tried, %lld new or changed entries, %lld gave none.\n", ids.n, (long long)entries, (long long)still);
    return 0;
}

/* A backup knows sessions, tokens and people that have ended since. */
static bool write_restored(struct db *db, void *arg)
{
    struct cli *cli = arg;
    int64_t sessions = session_delete_all(db), tokens = 0;
    struct buf facts = {0};
    if (!cli_option(cli, "--keep-tokens"))
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
        return cli_fail(cli);
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
           error_english(&cli->err, ERR_CONFLICT, "index", "[search] index is empty: there is no search.");
}

static int cmd_search_rebuild(struct cli *cli)
{
    if (!has_search(cli))
        return cli_fail(cli);
    change_log_rebuild(cli->db, clock_now());
    if (!db_fine(cli->db, &cli->err))
        return cli_fail(cli);
    puts("Every server makes its index anew, now or when it starts, and answers from the old one meanwhile.");
    return 0;
}

static int cmd_search_status(struct cli *cli)
{
    struct search_status s;
    if (!has_search(cli))
        return cli_fail(cli);
    if (!search_status(cli->desk.search, &s))
        return error_english(&cli->err, ERR_NOT_FOUND, NULL,
                             "There is no index at %s; a server makes it when it starts.", cli->desk.search->path),
               cli_fail(cli);
    int64_t end = change_log_end(cli->db, cli->arena);
    if (!db_fine(cli->db, &cli->err))
        return cli_fail(cli);
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

static int cmd_key_reader(struct cli *cli)
{
    (void)cli;
    return key_reader_process();
}

static int cmd_picture(struct cli *cli)
{
    (void)cli;
    return picture_process();
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
    {PARSER_COMMAND, NEEDS_NOTHING, cmd_parser, "", NULL}, /* this and the next two for the server itself */
    {KEY_READER_COMMAND, NEEDS_NOTHING, cmd_key_reader, "", NULL},
    {PICTURE_COMMAND, NEEDS_NOTHING, cmd_picture, "", NULL},
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
               error_english(&cli->err, ERR_INTERNAL, NULL, "The key file %.200s can be neither read nor made.", path);
    }
    ssize_t n = read(fd, key, SECRET_KEY_SIZE);
    close(fd);
    return n == SECRET_KEY_SIZE || error_english(&cli->err, ERR_INTERNAL, NULL,
                                                 "The key file %.200s must hold %d bytes.", path, SECRET_KEY_SIZE);
}

static bool set_zone(struct cli *cli, const char *name)
{
    cli->desk.zone = name[0] ? zone_find(name) : zone_of_machine();
    return cli->desk.zone ||
           error_english(&cli->err, ERR_INVALID, NULL,
                         "[desk] time_zone is \"%.60s\", which this machine knows no zone by; it must be an IANA name "
                         "like Asia/Tokyo or UTC (package tzdata).",
                         name);
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
        return error_english(&cli->err, ERR_INVALID, NULL, "[server] log_level must be error, warning, info or debug.");
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
    cli->desk.undo_ms = c->undo_seconds * SECOND_MS;
    cli->desk.assign_on_answer = c->assign_on_answer != 0;
    cli->desk.journal_keep_ms = c->journal_days * DAY_MS;
    cli->desk.failed_keep_ms = c->failed_days * DAY_MS;
    cli->desk.session_ms = c->session_days * DAY_MS;
    cli->desk.mailbox_ms = c->mailbox_seconds * SECOND_MS;
    cli->desk.session_idle_ms = c->session_idle_hours * HOUR_MS;
    cli->desk.limits = c->limits;
    if (c->scanner[0] && !clamd_place(c->scanner, &cli->clamd, &cli->err))
        return false;
    cli->desk.scanner = c->scanner[0] ? &cli->clamd : NULL;
    return set_zone(cli, c->time_zone) && hosts_check(&cli->db_config, &cli->err) &&
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
        return error_english(&cli->err, ERR_INTERNAL, NULL, "The system gives no random numbers."), cli_fail(cli);
    cli->arena = arena_new();
    bool fine = (command->needs < NEEDS_CONFIG || prepare_config(cli)) &&
                (command->needs < NEEDS_DATABASE || prepare_database(cli));
    int status = fine ? command->run(cli) : cli_fail(cli);
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
