/* Which database, and how to reach it. */
#pragma once

#include "base/field.h"
#include "base/net.h"

/* A record that statements may name: db/record.h. */
struct db_record {
    const char *name;
    const struct shape *shape;
};

/* All texts are borrowed and must outlive the connections. */
struct db_config {
    const struct db_record *records; /* up to a row without a name; NULL: none are named */
    const char *socket;              /* used when host is "" */
    const char *host;                /* one, or several to be tried in turn: "db1, db2:3307" */
    int64_t port;                    /* of those that name none */
    const char *user;
    const char *password;
    const char *name;
    int64_t timeout_ms; /* of connecting, and of one statement's answer */
    enum net_tls tls;   /* by TCP; with the certificate checked */
    const char *tls_ca; /* file of the certificates to trust; NULL or "": the system's */
};
