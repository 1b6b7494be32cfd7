/* One call of the API: who calls, with what, and what they may not read. */
#pragma once

#include "base/error.h"
#include "base/field.h"
#include "base/terms.h"
#include "desk/act/act.h"
#include "desk/ground/account.h"

#define VISITOR_VALUE_SIZE 33
#define COOKIE_NAME "throughline"
#define HOST_COOKIE_NAME "__Host-throughline" /* by https: RFC 6265bis §4.1.3.2 */
#define DEVICE_COOKIE_NAME "throughline_device"
#define VISITOR_URL_MAX 511

/* Who calls. The texts are borrowed: a call's are in its arena, a connection has its own copies. */
struct caller {
    enum role role;
    int64_t agent_key; /* 0: a token or a visitor */
    struct uuid agent_id;
    const char *agent_name;
    struct uuid visitor_channel;            /* ROLE_VISITOR: the chat channel, none until chat.hello … */
    char visitor_value[VISITOR_VALUE_SIZE]; /* … the visitor's identity value … */
    int64_t identity_key;                   /* … and identity, 0 until something was sent */
    struct uuid identity_id;
    struct uuid customer_id;
    const char *page_url;    /* ROLE_VISITOR: or NULL */
    const char *language;    /* ROLE_VISITOR: of the browser, or NULL */
    const char *visit;       /* ROLE_VISITOR: where they are and whence they came: JSON of struct visit, or NULL */
    enum role visit_readers; /* ROLE_VISITOR: the lowest role that may see it: the channel's */
    bool previews;           /* ROLE_VISITOR: the channel shows agents what is being typed */
    const char *identify;    /* ROLE_VISITOR: what chat.identify said before the first message: JSON, or NULL */
    int greetings, people;   /* ROLE_VISITOR: how many this connection has made */
    int64_t seen_identity;   /* ROLE_VISITOR: whose address was noted on this connection */
    const char *origin;      /* of the page that opened the socket, or "" */
    uint8_t login_hash[SHA256_SIZE]; /* of the secret that let the caller in: a browser session's or a token's */
    bool has_session;                /* it is a session's */
    int64_t token_key;               /* it is a token's, … */
    struct uuid token_id;
    unsigned token_scopes;                          /* … which may do this (enum token_scope) … */
    struct uuid token_channels[TOKEN_CHANNELS_MAX]; /* … and put something here */
    size_t n_token_channels;
    bool plain_cookie;         /* the session's cookie has the name that every site under the domain can set */
    const char *session_token; /* of the cookie, or NULL */
    const char *browser;       /* what it calls itself, or NULL */
    const char *address;       /* of the peer: for throttling, and for the audit */
    const char *device;        /* of a browser that has logged in before: the token of its cookie, or NULL */
};

/* One call, run on a database worker as straight-line code. Everything it makes is in the arena. */
struct call {
    const struct desk *desk;
    const struct accounts *accounts;
    struct db *db;
    struct arena *arena;
    struct caller caller; /* chat.hello and session.login fill it for the connection */
    int64_t now;
    size_t agents_online;
    uint64_t audits;        /* of the method's row: struct act has the same */
    const void *params;     /* decoded by the row's shape */
    void *result;           /* of the row's result shape, zeroed */
    struct changes changes; /* what the hub pushes after the commit */
    /* A method may leave it to a lane to take something in, together with what others have brought: then `taken` goes on, with the
     * intake done, and fills the result. */
    struct intake *intake;
    bool (*taken)(struct call *call);
    struct error err;
    const char *set_cookie;        /* session.login, session.logout: the Set-Cookie value */
    const char *set_device_cookie; /* session.me: a second one */
};

struct act act_of(struct call *call);                   /* the call as an act of its caller */
struct cause caller_cause(const struct caller *caller); /* what it changes, for the log: no visitor's */
struct uuid caller_session(
    const struct caller *caller); /* what the audit calls the browser session; none: there is none */

/* False and call->err when the database has failed in this call. */
bool call_db_fine(struct call *call);
#define call_refuse(call, ...) error_set(&(call)->err, __VA_ARGS__) /* false */
/* The person that the parameter `field` names; NULL fills call->err. */
struct customer *call_customer(struct call *call, const struct uuid *id, const char *field);
struct customer *call_customer_besides(struct call *call, const struct uuid *id, const char *field);

/* Records that the caller has opened a person's data. Costs nothing. */
void call_accessed(struct call *call, const struct uuid *customer, enum access_what what);

/* Closes those of the entries that the caller may not read; the words of conversations' rows, the points of identities and
 * the numbers of orders in evidence that came by a channel which the caller may not read now. */
void call_close_entries(struct call *call, struct entry *entries, size_t n);
void call_close_conversations(struct call *call, struct conversation *rows, size_t n);
void call_close_identity(struct call *call, struct identity *d);
const char *call_close_evidence(struct call *call, const char *evidence);

/* Pages: `given` or, when nothing was given, `standard`. One more than that is read, to know whether there is more. */
int64_t page_limit(int64_t given, int64_t standard);
bool page_cut(struct list *rows, int64_t limit); /* to the limit; true: there is more */
