/* Small copies of pictures, made where a stranger's bytes harm nobody: a thread with a process of our own binary that has neither files
 * nor network, and memory and time for one picture. JPEG, PNG, GIF and WebP (of what moves the first picture), HEIC and AVIF; the
 * copy is WebP, stands upright, and holds nothing but pixels. */
#pragma once

#include "apart/team.h"

#define PICTURE_COMMAND "picture"      /* hidden from --help */
#define PICTURE_BYTES_MAX (64LL << 20) /* of one that is looked at */
#define PICTURE_ANSWER_MAX (8UL << 20) /* of a small copy */
#define PICTURE_TRIES 2

enum picture_outcome {
    PICTURE_DONE,
    PICTURE_NONE,  /* it is no picture that can be read here, is damaged, or larger than what is read */
    PICTURE_LATER, /* it cannot be looked at now: try again */
};

/* One picture on its way. The owner embeds it; all that it points to must live until `done`. */
struct picture_job {
    struct team_job job;                   /* picture_submit's own */
    const char *path;                      /* of its file */
    int side;                              /* pixels of the longer side, at most; one that is smaller keeps its size */
    struct arena *arena;                   /* takes the copy; nobody else touches it meanwhile */
    void (*done)(struct picture_job *job); /* on the team's thread */
    /* What became of it. */
    enum picture_outcome outcome;
    const char *data; /* PICTURE_DONE: WebP */
    size_t len;
};

struct team *pictures_start(
    size_t limit); /* `limit` may wait; one thread: a picture may take some hundred MB. End: team_free */
bool picture_submit(struct team *pictures,
                    struct picture_job *job); /* false: too many wait; the job is still the caller's */

struct picture_metrics {
    _Atomic uint64_t made, none, killed, waiting;
};
extern struct picture_metrics picture_metrics;

/* The process: what the hidden command runs, until its line is closed. */
int picture_process(void);
