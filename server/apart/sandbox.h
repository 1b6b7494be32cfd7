/* What a process that reads strangers' bytes gives up before it reads the first one: files, network, other programs, core
 * dumps, and its life when its parent ends. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* For good. `fd` is the one descriptor that stays, beside standard error. `threads`: a library starts some, which are as the one that
 * starts them; else it has one and stays with it. */
bool sandbox_enter(int fd, bool threads);
bool sandbox_filter(
    bool threads); /* the part of it that the kernel keeps: which system calls there are. False: it has no seccomp */

/* What one input may use, counted from what is used now. */
struct sandbox_room {
    size_t memory; /* bytes */
    size_t cpu_ms; /* and a second at least: the kernel counts in seconds */
};

/* Whoever goes beyond it ends: malloc fails, or SIGXCPU comes. Under a sanitizer, which needs far more, memory is not limited. */
void sandbox_allow(const struct sandbox_room *room);
