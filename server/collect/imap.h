/* A connection to an IMAP server (RFC 9051, RFC 3501). libcurl connects, encrypts and logs in (RFC 4959, XOAUTH2); from then on the few
 * commands that collecting needs go through it as they are.
 *
 * One thread's; it blocks. But nothing lasts: a server that says nothing for SILENT_MS is gone, a command that has not ended within
 * COMMAND_MS is given up, and what is one response has a size. After any of this, and when the owner does not go on, the connection is
 * closed. */
#pragma once

#include "collect/fault.h"
#include "collect/imap_read.h"
#include "desk/ground/desk.h"

#define SILENT_MS 20000LL
#define COMMAND_MS (10 * 60 * 1000LL)
#define IMAP_RESPONSE_MAX (1024 * 1024) /* of a response that holds no mail */

struct imap;

struct imap_login {
    const char *url;     /* imaps://host:port, or imap://host:port with STARTTLS; on this machine also without */
    const char *user;    /* who signs in */
    const char *mailbox; /* whose mail it is, where that is somebody else's; or NULL */
    const char *password;
    const char *token; /* OAuth 2.0: in place of the password; or NULL */
};

struct imap *imap_new(const struct outgoing_rules *rules, const struct box_owner *owner); /* rules are borrowed */
void imap_free(struct imap *m);                                                           /* takes NULL */

enum box_fault imap_open(struct imap *m, struct arena *a, const struct imap_login *login);
void imap_close(struct imap *m); /* one that is closed stays so */
bool imap_is_open(const struct imap *m);

/* What went wrong last: a saying where we know what helps, or NULL; and the server's, or libcurl's, words. In the arena. */
const char *imap_said(const struct imap *m, struct arena *a);
const char *imap_words(const struct imap *m, struct arena *a);

/* What the server can do. */
enum imap_skill { IMAP_IDLE = 1, IMAP_MOVE = 2, IMAP_UIDPLUS = 4, IMAP_GMAIL = 8 };
bool imap_can(const struct imap *m, enum imap_skill skill);

/* Called for each response but the last, of which a server may send as many as it likes; all that is given, the arena too, is good during
 * the call. */
typedef void imap_take(void *arg, struct arena *a, const struct imap_response *r);

/* A command to its end. `max`: the bytes of one response. `take` may be NULL. */
struct imap_command {
    const char *text; /* without tag and line end */
    size_t max;
    imap_take *take;
    void *arg;
    const char *data; /* a literal behind it (APPEND), or NULL */
    size_t n_data;
};
enum box_fault imap_run(struct imap *m, struct arena *a, const struct imap_command *c);

/* Until something happens in the folder that is selected, or for so long; by IDLE (RFC 2177) where the server can, else it only lets
 * time pass. BOX_FINE: look. */
enum box_fault imap_wait(struct imap *m, struct arena *a, int64_t ms);
