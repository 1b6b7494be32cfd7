/* A line of LMTP (RFC 2033; its commands are those of RFC 5321), read strictly: what it says, or what is wrong with it. Pure: no
 * memory of its own, no I/O. */
#pragma once

#include "web/http/span.h"

#define COMMAND_LINE_MAX 2048 /* bytes with its CRLF; RFC 5321 §4.5.3.1.4 asks for 512 and what extensions add */
#define COMMAND_PATH_MAX 1000 /* bytes of an address */

enum lmtp_verb {
    LMTP_NO_VERB,
    LMTP_LHLO,
    LMTP_HELO, /* and EHLO: it is not SMTP that is spoken here */
    LMTP_MAIL,
    LMTP_RCPT,
    LMTP_DATA,
    LMTP_RSET,
    LMTP_NOOP,
    LMTP_VRFY,
    LMTP_QUIT,
    LMTP_VERBS_
};

enum lmtp_fault {
    LMTP_FINE,
    LMTP_BAD_LINE,      /* no command, or characters that none has */
    LMTP_BAD_ARGUMENT,  /* there is one too many, or none */
    LMTP_BAD_SENDER,    /* no address */
    LMTP_BAD_RECIPIENT, /* the same */
    LMTP_BAD_PARAMETER, /* one that was not offered, or that is not written so */
};

struct lmtp_command {
    enum lmtp_verb verb;
    struct span
        path; /* of MAIL and RCPT, without brackets and source route, as it was written; of MAIL it may be empty */
    long long size; /* of MAIL: bytes as they are announced; 0: they are not */
    bool utf8;      /* of MAIL: SMTPUTF8 (RFC 6531) */
};

/* `line` without its CRLF. The path points into it. */
enum lmtp_fault lmtp_command_read(const char *line, size_t n, struct lmtp_command *ret);
bool lmtp_is_ascii(struct span s);
