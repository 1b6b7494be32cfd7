/* What an IMAP server says (RFC 9051 and RFC 3501, §7 and §9): where a response ends, and what is in it. Pure, bounded, and fuzzed
 * (tests/fuzz/fuzz_imap.c): whatever it is given, it ends, and reads nothing behind the end. */
#pragma once

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- where it ends ---- */

#define IMAP_LINES_MAX (256 * 1024) /* bytes of a response without its literals */

/* How far the response at the beginning of what has come was looked at. Zeroed for each response. */
struct imap_frame {
    size_t at;    /* where the next line begins; may lie behind what has come */
    size_t seen;  /* up to here there is no end of that line */
    size_t lines; /* bytes of all lines so far */
};

enum imap_frame_state { IMAP_FRAME_MORE, IMAP_FRAME_WHOLE, IMAP_FRAME_TOO_LARGE };

/* `data`: all that has come since the response began. Whole: *ret_n bytes are the response, with the line end. `max`: the bytes that
 * it may have. Linear in what comes, however it comes. */
enum imap_frame_state imap_frame(struct imap_frame *f, const char *data, size_t n, size_t max, size_t *ret_n);

/* ---- what is in it ---- */

/* The data of a response, token by token; borrowed. */
struct imap_scan {
    const char *at, *end;
};

enum imap_token {
    IMAP_END,
    IMAP_ATOM, /* also NIL, numbers, flags, and "BODY[HEADER.FIELDS (SUBJECT)]" as one */
    IMAP_TEXT, /* a quoted string or a literal: what it holds */
    IMAP_OPEN, /* ( */
    IMAP_CLOSE /* ) */
};

struct imap_value {
    enum imap_token token;
    const char *data; /* of IMAP_ATOM and IMAP_TEXT; a quoted string still has its escapes */
    size_t n;
    bool quoted;
};

struct imap_value imap_next(struct imap_scan *s);
/* The text of an atom or string, without the escapes; NULL of anything else, and of NIL. */
char *imap_text(struct arena *a, const struct imap_value *v);
bool imap_is(const struct imap_value *v, const char *atom); /* in any case */
/* Reads over a value, and a list with all that it holds. */
void imap_skip(struct imap_scan *s);

enum imap_status { IMAP_DATA, IMAP_OK, IMAP_NO, IMAP_BAD, IMAP_BYE };

struct imap_response {
    char tag;                /* '*', '+', or 't': of a command of ours */
    unsigned command;        /* … which one */
    enum imap_status status; /* IMAP_DATA: none */
    const char *code;        /* "UIDVALIDITY 3857529045", in the arena; or NULL */
    const char *words;       /* of a status, in the arena: valid UTF-8, on one line; never NULL then */
    int64_t number;          /* of "* 12 EXISTS"; -1: none */
    const char *name;        /* "EXISTS", upper case, in the arena; "" of a status */
    struct imap_scan rest;   /* behind the name */
};

/* Our tags are "t" and a number. False: it is no response. */
bool imap_response(const char *data, size_t n, struct arena *a, struct imap_response *ret);

/* The number behind a word of a response code: of "UIDNEXT 7" and "UIDNEXT" 7; -1: it is another code. */
int64_t imap_code_number(const struct imap_response *r, const char *word);

/* What FETCH tells of one mail (RFC 9051 §7.5.2). What it does not tell is 0, -1 or NULL. */
struct imap_mail {
    int64_t uid;
    int64_t size;        /* RFC822.SIZE */
    int64_t at;          /* INTERNALDATE, milliseconds */
    const char *gmail;   /* X-GM-MSGID, digits, in the arena */
    const char *content; /* of BODY[…]; borrowed */
    size_t content_n;
};
void imap_fetched(struct imap_scan s, struct arena *a, struct imap_mail *ret);

/* "17-Jul-1996 02:44:25 -0700"; 0: it is no such date. */
int64_t imap_date(const char *text, size_t n);

/* A folder of LIST (RFC 9051 §7.3.1, SPECIAL-USE: RFC 6154). */
struct imap_folder {
    const char *name; /* UTF-8, in the arena */
    const char *use;  /* "\Sent" and the like; or NULL */
    bool closed;      /* \Noselect: it holds no mail */
};
bool imap_listed(struct imap_scan s, struct arena *a, struct imap_folder *ret);

/* Names of folders are in modified UTF-7 on the wire (RFC 3501 §5.1.3). NULL: it cannot be written so. */
char *imap_name_out(struct arena *a, const char *utf8);
char *imap_name_in(struct arena *a, const char *name); /* what is none stays as it is */

/* A quoted string; NULL: it holds what none can hold. */
char *imap_quoted(struct arena *a, const char *text);
