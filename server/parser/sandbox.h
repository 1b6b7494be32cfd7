/* What a process that reads strangers' bytes gives up before it reads the first one: files, network, other programs, core
 * dumps, and its life when its parent ends. For a process with one thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How much one input may use. */
#define PARSE_MEMORY_FACTOR 4
#define PARSE_MEMORY_BASE (40UL << 20) /* of it 24 MB for the tree of HTML (channel/html_text.c) */
#define PARSE_CPU_MS_PER_100KB 50      /* and a second at least: the kernel counts in seconds */

/* For good. `fd` is the one descriptor that stays, beside standard error. */
bool sandbox_enter(int fd);
bool sandbox_filter(
    void); /* the part of it that the kernel keeps: which system calls there are. False: it has no seccomp */

/* Sets the limits for an input of `n` bytes, counted from what is used now. Whoever goes beyond them ends: malloc fails, or
 * SIGXCPU comes. Under a sanitizer, which needs far more, memory is not limited. */
void sandbox_allow(size_t n);
