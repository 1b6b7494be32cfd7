#include "base/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdio.h>

struct key {
    const char *section, *name;
    size_t offset;
    bool number;
    const char *standard;
    int64_t min, max;
    const char *help;
};

#define TEXT(section_, name_, member, standard_, help_)                                 \
    {                                                                                   \
        section_, name_, offsetof(struct config, member), false, standard_, 0, 0, help_ \
    }
#define NUMBER(section_, name_, member, standard_, min_, max_, help_)                        \
    {                                                                                        \
        section_, name_, offsetof(struct config, member), true, standard_, min_, max_, help_ \
    }

static const struct key KEYS[] = {
    TEXT("server", "listen", listen, "127.0.0.1:8080",
         "Address and port of the HTTP and WebSocket listener. Put a proxy with TLS in front."),
    TEXT("server", "public_url", public_url, "http://127.0.0.1:8080",
         "What browsers and providers call this server; some providers sign it."),
    TEXT("server", "web_root", web_root, "/usr/share/throughline/web",
         "Folder of the console, the widget and the demo page."),
    TEXT("server", "trusted_proxies", trusted_proxies, "127.0.0.1 ::1", "Addresses whose X-Forwarded-For is believed."),
    TEXT("server", "country", country, "JP", "ISO 3166 code: the country of phone numbers without a country code."),
    TEXT("server", "log_level", log_level, "info", "error, warning, info or debug."),
    NUMBER("server", "workers", workers, "4", 1, 64, "Database workers for API calls, a connection each."),
    NUMBER("server", "lanes", lanes, "2", 1, 64,
           "Database workers for what comes in, a connection each. Few make large batches."),
    NUMBER("server", "couriers", couriers, "2", 1, 32, "Threads that send answers, a connection each."),
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
    NUMBER("database", "timeout_s", db_timeout_s, "10", 1, 300,
           "Seconds after which a database that does not answer counts as away."),
    TEXT("storage", "blob_dir", blob_dir, "/var/lib/throughline/blobs", "Folder of attachments and large inputs."),
    TEXT("storage", "secret_key_file", secret_key_file, "/var/lib/throughline/secret.key",
         "Key that seals the channels' secrets; made when it is not there. Back it up: without it they must be entered "
         "again."),
    NUMBER("storage", "journal_days", journal_days, "90", 1, 3650, "Days that raw inputs are kept."),
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
    TEXT("bus", "nats_ca", nats_ca, "", "File with the certificates to trust for tls://; empty: the system's."),
    NUMBER("desk", "reopen_hours", reopen_hours, "72", 0, 8760,
           "A message so soon after a conversation was resolved reopens it; a later one begins a new conversation."),
    NUMBER("desk", "session_days", session_days, "14", 1, 365, "Days after which an agent must log in again."),
};

static bool set(struct arena *a, struct config *c, const struct key *k, const char *value, struct error *err)
{
    char *at = (char *)c + k->offset, *end;
    if (!k->number) {
        *(const char **)at = arena_strdup(a, value);
        return true;
    }
    errno = 0;
    int64_t n = strtoll(value, &end, 10);
    if (errno || end == value || *end || n < k->min || n > k->max)
        return error_set(err, ERR_INVALID, k->name,
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

static int take(void *arg, const char *section, const char *name, const char *value)
{
    struct reading *r = arg;
    if (r->err->code != ERR_NONE) /* the first wrong line is the one to tell; inih reads on */
        return 1;
    for (size_t i = 0; i < COUNT_OF(KEYS); i++)
        if (strcmp(KEYS[i].section, section) == 0 && strcmp(KEYS[i].name, name) == 0)
            return set(r->arena, r->config, &KEYS[i], value, r->err);
    error_set(r->err, ERR_INVALID, name,
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
    int line = path ? ini_parse(path, take, &r) : 0;
    if (line < 0)
        return error_set(err, ERR_NOT_FOUND, NULL, "The configuration file %.200s cannot be read.", path);
    if (line > 0) {
        char why[320];
        snprintf(why, sizeof(why), "%s", err->text[0] ? err->text : "it is no `key = value` line.");
        return error_set(err, ERR_INVALID, NULL, "%.80s, line %d: %s", path, line, why);
    }
    for (size_t i = 0; i < COUNT_OF(KEYS); i++) {
        const char *value = from_environment(&KEYS[i]);
        if (value && !set(a, ret, &KEYS[i], value, err))
            return false;
    }
    return true;
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
        buf_printf(out, "# %s\n%s = %s\n", KEYS[i].help, KEYS[i].name, KEYS[i].standard);
    }
}
