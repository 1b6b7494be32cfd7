/* What one client of LMTP (RFC 2033) says, and what it is told: bytes in, replies out. It moves no bytes itself. On the loop. */
#pragma once

#include "web/lmtp/dot.h"
#include "web/lmtp/mail.h"

/* In the order of their coming. */
enum session_stage {
    SESSION_NEW,    /* has not said LHLO */
    SESSION_IDLE,   /* no mail is on its way */
    SESSION_MAIL,   /* its envelope comes */
    SESSION_DATA,   /* its bytes come */
    SESSION_HANDED, /* the channels have it: nothing is read until each recipient is answered */
    SESSION_OVER,   /* the last reply is there, and nothing more is read */
};

enum reply {
    REPLY_NONE,
    REPLY_GREETING,
    REPLY_OK,
    REPLY_BYE,
    REPLY_RECIPIENT,
    REPLY_ASK_BY_RCPT,
    REPLY_SEND,
    REPLY_TAKEN,
    REPLY_LATER,
    REPLY_CROWDED,
    REPLY_STOPPING,
    REPLY_SILENT,
    REPLY_ERRORS,
    REPLY_UNKNOWN,
    REPLY_RECIPIENTS,
    REPLY_LARGE,
    REPLY_ORDER,
    REPLY_NO_RECIPIENT,
    REPLY_NOT_SMTP,
    REPLY_LONG,
    REPLY_LINE,
    REPLY_ARGUMENT,
    REPLY_SENDER,
    REPLY_ADDRESS,
    REPLY_PARAMETER,
    REPLY_UTF8,
};

struct session {
    struct server *server;
    struct mail_owner owner; /* who is told when a mail of it is answered, and calls session_answer */
    enum session_stage stage;
    struct envelope envelope;
    struct dot_reader dots;
    struct body body;
    size_t room;             /* bytes of the body before the mail */
    enum reply data_refused; /* of the mail that comes: it is read to its end, and thrown away */
    unsigned errors;
    struct buf out; /* to be sent; whoever sends takes it off */
};

void session_begin(struct session *s, struct server *server, const struct mail_owner *owner);
void session_greet(struct session *s);
void session_free(struct session *s); /* a mail that has not come whole leaves nothing */

/* The bytes that it has used: all, but a line that is not whole, or what comes ahead when it is HANDED or OVER. */
size_t session_take(struct session *s, const char *bytes, size_t n);
void session_answer(struct session *s, const struct envelope *e); /* of the mail that was handed on */
void session_quit(struct session *s, enum reply why);             /* says so, and is over */
