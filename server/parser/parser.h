/* Inputs of strangers, taken apart where their death harms nobody: a few threads, each with a process of our own binary that
 * has neither files nor network and little memory and time. The thread holds the input, checks who sent it, hands it to the
 * process and waits; what ends the process twice, or does not end in time, is "not understood", which is journalled and
 * acknowledged like all that cannot be understood. So nothing is lost, whatever the process does.
 *
 * Of mail that is signed, and may be by somebody who is known (parser/known.h), the process is asked a second time, with the keys; it says
 * what the payloads are then. When it dies of it, all is as it was found first: signed by nobody who is known. */
#pragma once

#include "apart/team.h"
#include "channel/channel.h"

#define PARSER_COMMAND "parser" /* hidden from --help */
#define PARSE_TRIES 2

/* How much one input may use. */
#define PARSE_MEMORY_FACTOR 4
#define PARSE_MEMORY_BASE (40UL << 20) /* of it 24 MB for the tree of HTML (channel/html_text.c) */
#define PARSE_CPU_MS_PER_100KB 50

enum parse_outcome {
    PARSE_DONE,    /* `list` is what it says; also when it was not understood (list.problem) */
    PARSE_REFUSED, /* it is not from the provider: `err` */
    PARSE_LATER,   /* no process could be started now: try again */
};

/* One input on its way. The owner embeds it; all that it points to must live until `done`. */
struct parse_job {
    struct team_job job; /* the parser's own */
    const struct channel_account *account;
    const struct web_request *request;
    struct arena *arena;                 /* takes the answer; nobody else touches it meanwhile */
    bool verify;                         /* check first who sent it */
    void (*done)(struct parse_job *job); /* on the parser's thread */
    /* What became of it. */
    enum parse_outcome outcome;
    struct inbound_list list;
    struct error err;
};

/* `limit` jobs may wait. `folder` (borrowed) takes the answers that hold large files, or NULL. End: team_stop, team_free */
struct team *parser_start(unsigned threads, size_t limit, const char *folder);
bool parser_submit(struct team *parser,
                   struct parse_job *job); /* false: too many wait; the job is still the caller's */
void parser_run(struct team *parser,
                struct parse_job *job); /* the same, and waits; full is PARSE_LATER. `done` is not called */

struct parser_metrics {
    _Atomic uint64_t parsed, killed, given_up, waiting, verified;
};
extern struct parser_metrics parser_metrics;

/* The process: what the hidden command PARSER_COMMAND runs, until its line is closed. */
int parser_process(void);
