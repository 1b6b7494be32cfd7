/* Asks clamd, the daemon of ClamAV, what a content holds: one connection a file, command zINSTREAM (clamd(8)). Blocks, for one
 * thread at a time; the content leaves this process and nothing of what is answered is executed. */
#pragma once

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

#define CLAMD_FOUND_SIZE 201 /* a name of what was found, and its NUL */

/* Where it listens. */
struct clamd {
    char path[108]; /* of its socket; "": by TCP */
    char host[256], port[6];
};

/* "/run/clamav/clamd.ctl", "host:3310", "[::1]:3310". False fills *err. */
bool clamd_place(const char *setting, struct clamd *ret, struct error *err);

enum clamd_answer {
    CLAMD_CLEAN,
    CLAMD_FOUND,
    CLAMD_TOO_LARGE, /* than its StreamMaxLength */
    CLAMD_FAILED,    /* it says something else: `words` */
    CLAMD_AWAY,      /* no connection, or it ended without an answer */
};

struct clamd_verdict {
    enum clamd_answer answer;
    char words[CLAMD_FOUND_SIZE]; /* CLAMD_FOUND: what; CLAMD_FAILED, CLAMD_AWAY: why */
};

/* An answer, without the NUL at its end; pure. */
void clamd_read(const char *answer, struct clamd_verdict *ret);

struct clamd_ask {
    const struct clamd *clamd;
    int fd;            /* of the content, from its beginning */
    int64_t within_ms; /* all of it */
    bool (*stops)(void *arg);
    void *arg; /* asked several times a second: true ends it, as CLAMD_AWAY */
};
void clamd_scan(const struct clamd_ask *ask, struct clamd_verdict *ret);
