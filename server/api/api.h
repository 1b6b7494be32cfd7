/* The API: one table of methods, served alike over WebSocket (JSON-RPC 2.0) and HTTP (POST /api/v1/<method>, a JSON
 * object in, one out). A row is dispatch, permission, validation and documentation at once.
 *
 * To add a method: a parameter struct with its field table, a function, a row in the noun's file, a test. */
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
    const char *page_url;            /* ROLE_VISITOR: or NULL */
    const char *language;            /* ROLE_VISITOR: of the browser, or NULL */
    const char *identify;            /* ROLE_VISITOR: what chat.identify said before the first message: JSON, or NULL */
    int greetings, people;           /* ROLE_VISITOR: how many this connection has made */
    int64_t seen_identity;           /* ROLE_VISITOR: whose address was noted on this connection */
    const char *origin;              /* of the page that opened the socket, or "" */
    uint8_t login_hash[SHA256_SIZE]; /* of the secret that let the caller in: a browser session's or a token's */
    bool has_session;                /* it is a session's */
    struct uuid token_id;            /* it is a token's, … */
    unsigned token_scopes;           /* … which may do this (enum token_scope) … */
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
    const void *params;     /* decoded by the row's shape */
    void *result;           /* of the row's result shape, zeroed */
    struct changes changes; /* what the hub pushes after the commit */
    struct error err;
    const char *set_cookie;        /* session.login, session.logout: the Set-Cookie value */
    const char *set_device_cookie; /* session.me: a second one */
};

struct act act_of(struct call *call); /* the call as an act of its caller */
struct uuid caller_session(
    const struct caller *caller); /* what the audit calls the browser session; none: there is none */

/* False and call->err when the database has failed in this call. */
bool call_db_fine(struct call *call);
bool call_refuse(struct call *call, enum error_code code, const char *field, const char *text); /* false */
/* The person that the parameter `field` names; NULL fills call->err. */
struct customer *call_customer(struct call *call, const struct uuid *id, const char *field);

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

/* What the connection itself does with a call, on the loop, besides running it. */
enum method_effect {
    EFFECT_NONE,
    EFFECT_WATCH, /* watch params.customer_id from now on (before the read, so that nothing falls between) */
    EFFECT_UNWATCH,
    EFFECT_PRESENCE, /* tell the others who watch that this agent looks or types */
    EFFECT_TYPING,   /* a visitor types */
    EFFECT_VISITOR,  /* the connection is this visitor from now on */
    EFFECT_LOGOUT,
};

enum method_flags {
    METHOD_SOCKET_ONLY = 1, /* makes sense on a WebSocket only */
    METHOD_PASSWORD = 2,    /* hashes a password: 64 MiB and 0.1 s, so it runs on few workers of its own */
    METHOD_ONCE = 32,       /* asked again after a lost answer it would be done twice: clients do not */
    /* Which tokens may call it that do not administer; none, when nothing is said. */
    METHOD_READS = 4, /* changes nothing but the record of who looked: TOKEN_READ, as far as the role goes */
    METHOD_SENDS = 8, /* writes to people: TOKEN_SEND, as far as the role goes */
    METHOD_PUTS = 16, /* adds what happened elsewhere, by put_channel: TOKEN_PUT, whatever the role */
};

struct method {
    const char *name;
    const char *help;
    enum role needs; /* ROLE_NONE: anybody. A visitor's methods are for visitors alone */
    unsigned flags;
    enum method_effect effect;
    const struct shape *params;
    const struct shape *result;
    bool (*run)(struct call *call); /* NULL: the effect is all. False: call->err says why */
};

extern const struct method *const API_TABLES[]; /* a table a noun, each up to a row without a name; NULL-terminated */
const struct method *method_find(const char *name);
/* Whether the caller's role, and a token's scopes, let it. */
bool method_allows(const struct method *method, const struct caller *caller);
/* Fills *err: the role, or a scope, is missing. False. */
bool method_refuse(const struct method *method, const struct caller *caller, struct error *err);
/* A token may do it, or it is no token. */
bool caller_has_scope(const struct caller *caller, enum token_scope scope);
unsigned method_scopes(const struct method *method); /* enum token_scope: which of them are enough */

/* What the server pushes on a WebSocket: JSON-RPC notifications. */
struct notification {
    const char *name;
    const char *help;
    const struct shape *params;
};
extern const struct notification NOTIFICATIONS[];

/* Documents printed from the tables. */
void describe_markdown(struct buf *out);
void describe_openapi(struct buf *out);
void describe_typescript(struct buf *out);
