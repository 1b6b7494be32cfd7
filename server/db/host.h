/* Which of the configured hosts to connect to. All connections of the process stay with the one that served last; whoever
 * loses it makes all go on to the next. From any thread. */
#pragma once

#include "base/error.h"
#include "db/config.h"

struct host {
    char name[256]; /* without the brackets of an IPv6 address */
    unsigned port;
};

size_t host_count(const char *hosts);                                     /* "db1, db2:3307 [::1]:3306": 3 */
bool host_at(const struct db_config *config, size_t n, struct host *ret); /* false: there is none, or it is wrong */
bool hosts_check(const struct db_config *config, struct error *err);      /* false fills *err: one of them is wrong */

size_t host_first(void); /* where to begin */
void host_good(size_t n);
void host_bad(size_t n, size_t count); /* was lost, or serves nobody */
