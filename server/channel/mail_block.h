/* How mail programs set off another mail in the text of one, in the languages of block_words.h: lines, the rules with words above it, and
 * the block of its headers. For quote.c and forward.c. Pure; everything points into the text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define MAIL_LINE_LOOK_MAX 500 /* bytes of a line that is compared; none of theirs is longer */

struct mail_span {
    const char *at; /* NULL: not there */
    size_t n;
};

struct mail_line {
    const char *at;
    size_t n;         /* without the line break and white space around */
    const char *next; /* NULL after the last one */
};

struct mail_line mail_line_at(const char *p);
bool mail_line_is_quoted(const struct mail_line *line);
struct mail_line mail_line_bare(struct mail_line line); /* without the marks of a quotation before it */

bool mail_line_ends_in_colon(const struct mail_line *line);        /* of whichever width */
bool mail_line_is_drawn(const struct mail_line *line, size_t min); /* a rule of so many dashes, stars … at least */

/* In lower case, for comparing; "" of one that is too long. The caller frees it (g_free). */
char *mail_line_lower(const struct mail_line *line);

/* One of the words is in the text, or begins it. */
bool mail_text_has(const char *text, const char *const *words, size_t n, bool at_front);

enum mail_marker {
    MAIL_MARKER_NONE,
    MAIL_MARKER_ORIGINAL,  /* "-----Original Message-----" */
    MAIL_MARKER_FORWARDED, /* "---------- Forwarded message ---------", "Begin forwarded message:" */
    MAIL_MARKER_ABOVE,     /* "## Please type your reply above this line ##" */
};

/* `ret_rest`: what stands behind it on its line (Yahoo puts the headers there), else empty. NULL: a line with such is none. */
enum mail_marker mail_marker_of(struct mail_line line, struct mail_span *ret_rest);

/* Who wrote it, when, about what: as the text has them. */
struct mail_block {
    struct mail_span from, sent, subject;
    const char *below; /* the text of that mail; NULL: there is none */
};

/* The block whose first line is this one, in whatever order its language has the lines. False: it does not begin with one of them.
 * Any of the three may be missing. `quoted`: the lines may have marks of a quotation before them. */
bool mail_block_at(struct mail_line line, bool quoted, struct mail_block *ret);

/* All headers on one line, as Yahoo writes them in plain text. `below` is left alone. */
bool mail_block_in(struct mail_span line, struct mail_block *ret);
