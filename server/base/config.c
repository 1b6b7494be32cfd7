#include "base/config.h"

#include "base/net.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdio.h>

struct key {
    const char *section, *name;
    size_t offset;
    enum { KEY_TEXT, KEY_NUMBER, KEY_CHOICE } kind;
    const char *standard;
    int64_t min, max; /* KEY_NUMBER */
    const char *help;
    const char *const *words; /* KEY_CHOICE: the member is an int64_t, the word's place */
};

#define TEXT(section_, name_, member, standard_, help_)                                          \
    {                                                                                            \
        section_, name_, offsetof(struct config, member), KEY_TEXT, standard_, 0, 0, help_, NULL \
    }
#define NUMBER(section_, name_, member, standard_, min_, max_, help_)                                    \
    {                                                                                                    \
        section_, name_, offsetof(struct config, member), KEY_NUMBER, standard_, min_, max_, help_, NULL \
    }
#define CHOICE(section_, name_, member, standard_, words_, help_)                                    \
    {                                                                                                \
        section_, name_, offsetof(struct config, member), KEY_CHOICE, standard_, 0, 0, help_, words_ \
    }

static const char *const FLAG_NAMES[] = {"false", "true", NULL};

static const struct key KEYS[] = {
    TEXT("server", "listen", listen, "127.0.0.1:8080",
         "Address and port of the HTTP and WebSocket listener. Put a proxy with TLS in front."),
    TEXT("server", "public_url", public_url, "http://127.0.0.1:8080",
         "What browsers and providers call this server; some providers sign it."),
    TEXT("server", "web_root", web_root, "/usr/share/throughline/web",
         "Folder of the console, the widget and the demo page."),
    TEXT(
        "server", "metrics_listen", metrics_listen, "",
        "Address and port of a second listener, such as 127.0.0.1:9090, that serves /metrics, /healthz and /readyz and "
        "nothing else. Keep it from the public. Empty: no metrics."),
    TEXT("server", "lmtp_listen", lmtp_listen, "",
         "Path of a unix socket where mail servers of this machine hand mail over by LMTP, such as "
         "/run/throughline/lmtp. Its group, which may connect, is that of a folder with the setgid bit. Empty: "
         "none."),
    CHOICE("server", "demo", demo, "false", FLAG_NAMES,
           "true: the demo shop's page with the chat widget is at /demo/."),
    TEXT("server", "trusted_proxies", trusted_proxies, "127.0.0.1 ::1", "Addresses whose X-Forwarded-For is believed."),
    TEXT("server", "country", country, "JP", "ISO 3166 code: the country of phone numbers without a country code."),
    TEXT("server", "log_level", log_level, "info", "error, warning, info or debug."),
    NUMBER("server", "workers", workers, "4", 1, 64, "Database workers for API calls, a connection each."),
    NUMBER("server", "lanes", lanes, "2", 1, 64,
           "Database workers for what comes in, a connection each. Few make large batches."),
    NUMBER("server", "couriers", couriers, "2", 1, 32, "Threads that send answers, a connection each."),
    NUMBER("server", "mailbox_seconds", mailbox_seconds, "60", 1, 3600,
           "How often a mailbox is looked at, beside what its server tells by itself (IDLE)."),
    NUMBER("server", "parsers", parsers, "2", 1, 32,
           "Threads that take mail and large inputs apart, each with a process of its own."),
    TEXT("database", "socket", db_socket, "/run/mysqld/mysqld.sock",
         "Unix socket of MariaDB; used when host is empty."),
    TEXT("database", "host", db_host, "",
         "Host of MariaDB, to connect by TCP; several like \"db1, db2:3307\" are tried in turn when one is lost."),
    NUMBER("database", "port", db_port, "3306", 1, 65535, "Port of the hosts that name none."),
    TEXT("database", "user", db_user, "throughline", "Database user."),
    TEXT("database", "password", db_password, "", "Its password; empty with unix_socket authentication."),
    TEXT("database", "name", db_name, "throughline", "Database; made when it is not there and the user may."),
    CHOICE(
        "database", "tls", db_tls, "auto", NET_TLS_NAMES,
        "Encryption of connections by TCP, with the server's certificate checked. auto: required but on this machine; "
        "required; off: everything, the password too, can be read on the way."),
    TEXT("database", "tls_ca", db_tls_ca, "", "File with the certificates to trust for it; empty: the system's."),
    NUMBER("database", "timeout_s", db_timeout_s, "10", 1, 300,
           "Seconds after which a database that does not answer counts as away."),
    TEXT("outgoing", "networks", outgoing_networks, "",
         "Private networks and addresses of this machine where channels may reach a provider by HTTP or a mail server, "
         "like "
         "\"10.1.0.0/16 127.0.0.1\". Public addresses, and a mail server on this machine, need no entry; link-local "
         "ones are "
         "never reached."),
    TEXT("outgoing", "ca_file", outgoing_ca_file, "",
         "File with the certificates to trust where channels connect to; empty: the system's."),
    TEXT("storage", "blob_dir", blob_dir, "/var/lib/throughline/blobs", "Folder of attachments and large inputs."),
    TEXT("storage", "secret_key_file", secret_key_file, "/var/lib/throughline/secret.key",
         "Key that seals the channels' secrets; made when it is not there. Back it up: without it they must be entered "
         "again."),
    TEXT("storage", "erasure_log", erasure_log, "/var/lib/throughline/erased.log",
         "Ids of what was erased, a line each: a restored backup is told by it. Keep a copy elsewhere than the "
         "database. "
         "Empty: none."),
    TEXT("storage", "scanner", scanner, "",
         "Where clamd listens, the virus scanner that looks at every file before anybody gets it: the path of its "
         "socket, "
         "such as /run/clamav/clamd.ctl, or host:port. The same on all servers. Empty: none."),
    NUMBER("storage", "journal_days", journal_days, "90", 1, 3650, "Days that raw inputs are kept."),
    NUMBER("storage", "failed_days", failed_days, "365", 1, 3650,
           "Days that raw inputs are kept that could not be understood: so long they can be tried again."),
    TEXT("search", "index", search_index, "/var/lib/throughline/search.index",
         "File of the search index, one a server process; made when it is not there, and no backup needs it. Empty: no "
         "search."),
    TEXT("bus", "nats_url", nats_url, "",
         "With more than one server process on the database: where NATS is, like nats://user:password@host:4222 or "
         "tls://…; several with commas between. Empty: this is the only process."),
    TEXT("bus", "nats_subject", nats_subject, "throughline",
         "The subject that the processes of one installation share, and nothing else uses."),
    TEXT("bus", "nats_credentials", nats_credentials, "",
         "File with the credentials of a NATS user (JWT), if it has some."),
    CHOICE("bus", "nats_tls", nats_tls, "auto", NET_TLS_NAMES,
           "Encryption. auto: required but on this machine; required; off: everything can be read on the way."),
    TEXT("bus", "nats_ca", nats_ca, "", "File with the certificates to trust for it; empty: the system's."),
    TEXT("desk", "time_zone", time_zone, "",
         "Where the desk is, an IANA name like Asia/Tokyo: there its days begin and end, in counts, the console and "
         "searches, and "
         "imported times without a zone are of there. Empty: where this machine is. The same on all servers."),
    NUMBER("desk", "reopen_hours", reopen_hours, "72", 0, 8760,
           "A message so soon after a conversation was resolved reopens it; a later one begins a new conversation."),
    NUMBER("desk", "undo_seconds", undo_seconds, "10", 0, 120,
           "So long an answer is held back before it leaves, by whatever channel, so that its agent can take it back; "
           "0: it leaves at once. "
           "What is written in the site's chat is there at once."),
    CHOICE("desk", "assign_on_answer", assign_on_answer, "true", FLAG_NAMES,
           "true: who answers a conversation that nobody has, has it."),
    NUMBER("desk", "session_days", session_days, "14", 1, 365, "Days after which an agent must log in again."),
    NUMBER("desk", "session_idle_hours", session_idle_hours, "72", 1, 8760,
           "Hours after which a browser that has asked for nothing must log in again, whatever session_days says."),
    NUMBER("limits", "chat_greetings_per_address", limits.chat_greetings_per_address, "600", 1, 1000000000,
           "How often chats may be opened from one address (IPv4, or the first 64 bits of IPv6) in ten minutes. Each "
           "server "
           "process counts."),
    NUMBER("limits", "chat_people_per_address", limits.chat_people_per_address, "30", 1, 1000000000,
           "How many new visitors may write from one address in ten minutes."),
    NUMBER("limits", "chat_people_per_channel", limits.chat_people_per_channel, "1000", 1, 1000000000,
           "How many new visitors may write in one chat channel in ten minutes."),
    NUMBER("limits", "chat_messages_per_address", limits.chat_messages_per_address, "1000", 1, 1000000000,
           "How many chat messages may come from one address in ten minutes."),
    NUMBER("limits", "chat_messages_per_channel", limits.chat_messages_per_channel, "20000", 1, 1000000000,
           "How many messages may come by one chat channel in ten minutes."),
    NUMBER("limits", "searches_per_minute", limits.searches_per_minute, "240", 1, 1000000000,
           "How often one agent, or one API token, may search in a minute."),
};

static bool set_choice(int64_t *at, const struct key *k, const char *value, struct error *err)
{
    AUTO_BUF struct buf all = {0};
    for (size_t i = 0; k->words[i]; i++) {
        if (strcmp(k->words[i], value) == 0) {
            *at = (int64_t)i;
            return true;
        }
        buf_printf(&all, "%s%s", i ? ", " : "", k->words[i]);
    }
    return error_english(err, ERR_INVALID, k->name, "[%s] %s is \"%.60s\"; it must be one of: %s.", k->section, k->name,
                         value, all.data);
}

static bool set(struct arena *a, struct config *c, const struct key *k, const char *value, struct error *err)
{
    char *at = (char *)c + k->offset, *end;
    if (k->kind == KEY_TEXT) {
        *(const char **)at = arena_strdup(a, value);
        return true;
    }
    if (k->kind == KEY_CHOICE)
        return set_choice((int64_t *)(void *)at, k, value, err);
    errno = 0;
    int64_t n = strtoll(value, &end, 10);
    if (errno || end == value || *end || n < k->min || n > k->max)
        return error_english(err, ERR_INVALID, k->name,
                             "[%s] %s is \"%.60s\"; it must be a number from %" PRId64 " to %" PRId64 ".", k->section,
                             k->name, value, k->min, k->max);
    *(int64_t *)at = n;
    return true;
}

struct reading {
    struct arena *arena;
    struct config *config;
    struct error *err;
};

static int take_setting(void *arg, const char *section, const char *name, const char *value)
{
    struct reading *r = arg;
    if (r->err->code != ERR_NONE) /* the first wrong line is the one to tell; inih reads on */
        return 1;
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        if (strcmp(KEYS[i].section, section) == 0 && strcmp(KEYS[i].name, name) == 0)
            return set(r->arena, r->config, &KEYS[i], value, r->err);
    error_english(r->err, ERR_INVALID, name,
                  "There is no setting %.60s in section [%.60s]; `throughline config` prints all.", name, section);
    return 0;
}

static const char *from_environment(const struct key *k)
{
    char name[128];
    int n = snprintf(name, sizeof(name), "THROUGHLINE_%s_%s", k->section, k->name);
    for (int i = 0; i < n; i++)
        name[i] = (char)toupper((unsigned char)name[i]);
    return getenv(name);
}

bool config_load(struct arena *a, const char *path, struct config *ret, struct error *err)
{
    *ret = (struct config){0};
    *err = (struct error){0};
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        set(a, ret, &KEYS[i], KEYS[i].standard, NULL);
    struct reading r = {a, ret, err};
    int line = path ? ini_parse(path, take_setting, &r) : 0;
    if (line < 0)
        return error_english(err, ERR_NOT_FOUND, NULL, "The configuration file %.200s cannot be read.", path);
    if (line > 0) {
        struct error why = *err;
        return error_english(err, ERR_INVALID, NULL, "%.80s, line %d: %.320s", path, line,
                             why.text[0] ? why.text : "it is no `key = value` line.");
    }
    for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
        const char *value = from_environment(&KEYS[i]);
        if (value && !set(a, ret, &KEYS[i], value, err))
            return false;
    }
    return true;
}

#define COMMENT_MAX 110 /* characters; inih takes lines of up to 200 */

/* As comment lines, broken between words. */
static void print_setting_help(struct buf *out, const char *help)
{
    while (*help) {
        size_t n = strlen(help);
        if (n > COMMENT_MAX)
            for (n = COMMENT_MAX; n > 1 && help[n] != ' ';)
                n--;
        buf_printf(out, "# %.*s\n", (int)n, help);
        help += n;
        help += strspn(help, " ");
    }
}

void config_print_sample(struct buf *out)
{
    buf_puts(
        out,
        "# Throughline. Every setting with its default; THROUGHLINE_<SECTION>_<KEY> in the environment overrides.\n");
    const char *section = "";
    for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
        if (strcmp(section, KEYS[i].section) != 0)
            buf_printf(out, "\n[%s]\n", KEYS[i].section);
        section = KEYS[i].section;
        print_setting_help(out, KEYS[i].help);
        buf_printf(out, "%s = %s\n", KEYS[i].name, KEYS[i].standard);
    }
}
