/* One process of our own binary that looks at strangers' bytes: starting it, asking it, ending it. For one thread at a time, and that
 * thread must live as long as the process: the kernel ends it with the thread that has started it. */
#pragma once

#include "base/buf.h"
#include "base/mem.h"

#include <sys/types.h>
#include <sys/uio.h>

#define PROCESS_FD 3                          /* where the process finds its end of the line */
#define PROCESS_ANSWER_MEMORY_MAX (1UL << 20) /* a larger answer lies on the disk */

struct process {
    pid_t pid; /* 0: there is none */
    int fd;
    const char *folder; /* for large answers: files without a name; borrowed. NULL: they lie in memory, too */
};

/* Runs the hidden command of our binary, and waits until it has given up its rights. False: the machine has no room for one now, or
 * does not let it do so. */
bool process_start(struct process *p, const char *command);
void process_end(struct process *p); /* at once; takes one that has ended, too */
bool process_is_alive(struct process *p);

/* Sends a message, `body` behind `head`, and waits for the answer, at most `answer_max` bytes of it, which live as long as the arena: in
 * it, or mapped. NULL: it ended, said nothing until `within_ms` was over, or said too much: end it. */
const char *process_ask(struct process *p, const struct buf *head, const char *body, size_t body_len, int64_t within_ms,
                        size_t answer_max, struct arena *a, size_t *ret_n);

/* The other end: in the process. */
char *process_hear(int fd, void (*before)(size_t n),
                   size_t *ret_n); /* malloc'd; NULL: the line is closed. `before` memory is taken */
bool process_say(int fd, const struct iovec *parts, size_t n); /* one message; no part of it is copied */
