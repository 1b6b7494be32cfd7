/* The configuration: an INI file, a table of what it may hold, and environment variables that override it
 * (THROUGHLINE_<SECTION>_<KEY>). The sample file is printed from the same table. */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "base/mem.h"

#include <stdint.h>

/* What is more than this is refused for a while. In ten minutes, of each server process, where nothing else is said. */
struct limits {
    int64_t chat_greetings_per_address;
    int64_t chat_people_per_address;
    int64_t chat_people_per_channel;
    int64_t chat_messages_per_address;
    int64_t chat_messages_per_channel;
    int64_t searches_per_minute;
};

struct config {
    /* [server] */
    const char *listen; /* "127.0.0.1:8080" */
    const char *public_url;
    const char *web_root;
    const char *metrics_listen;  /* "": none */
    const char *lmtp_listen;     /* path of a socket; "": none */
    int64_t demo;                /* 0, 1 */
    const char *trusted_proxies; /* addresses, blanks between */
    const char *country;
    const char *log_level;
    int64_t workers, lanes, couriers, parsers, mailbox_seconds;
    /* [database] */
    const char *db_socket, *db_host, *db_user, *db_password, *db_name;
    const char *db_tls_ca;
    int64_t db_port, db_timeout_s, db_tls; /* db_tls: enum net_tls */
    /* [outgoing] */
    const char *outgoing_networks, *outgoing_ca_file;
    /* [storage] */
    const char *blob_dir, *secret_key_file, *erasure_log, *scanner;
    int64_t journal_days, failed_days;
    /* [search] */
    const char *search_index;
    /* [bus] */
    const char *nats_url, *nats_subject, *nats_credentials, *nats_ca;
    int64_t nats_tls; /* enum net_tls */
    /* [desk] */
    const char *time_zone; /* "": the machine's */
    int64_t reopen_hours, undo_seconds, session_days, session_idle_hours;
    int64_t assign_on_answer; /* 0 or 1 */
    /* [limits] */
    struct limits limits;
};

/* Fills *ret from the defaults, the file (NULL: none) and the environment. Unknown sections and keys are refused by
 * name and line. The texts are in the arena. */
bool config_load(struct arena *a, const char *path, struct config *ret, struct error *err);
void config_print_sample(struct buf *out);
