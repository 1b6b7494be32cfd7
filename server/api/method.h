/* What a method of the API is, served alike over WebSocket (JSON-RPC 2.0) and HTTP (POST /api/v1/<method>, a JSON object in,
 * one out). A row is dispatch, permission, validation and documentation at once.
 *
 * To add a method: a parameter struct with its field table, a function, a row in the noun's file, a test. */
#pragma once

#include "api/call.h"

/* What the connection itself does with a call, on the loop, besides running it. */
enum method_effect {
    EFFECT_NONE,
    EFFECT_WATCH, /* watch params.customer_id from now on (before the read, so that nothing falls between) */
    EFFECT_UNWATCH,
    EFFECT_PRESENCE, /* tell the others who watch that this agent looks or types */
    EFFECT_TYPING,   /* a visitor types */
    EFFECT_VISITOR,  /* the connection is this visitor from now on */
    EFFECT_HERE,     /* who of params.customer_ids has the chat open: fills the result, struct visitors_here */
    EFFECT_LOGOUT,
};

enum method_flags {
    METHOD_SOCKET_ONLY = 1, /* makes sense on a WebSocket only */
    METHOD_HTTP_ONLY = 2,   /* sets a cookie */
    METHOD_PASSWORD = 4,    /* hashes a password: 64 MiB and 0.1 s, so it runs on few workers of its own */
    METHOD_ONCE = 8,        /* asked again after a lost answer it would be done twice: clients do not */
    /* Which tokens may call it that do not administer; none, when nothing is said. */
    METHOD_READS = 16, /* changes nothing but the record of who looked: TOKEN_READ, as far as the role goes */
    METHOD_SENDS = 32, /* writes to people: TOKEN_SEND, as far as the role goes */
    METHOD_PUTS = 64,  /* adds what happened elsewhere, by put_channel: TOKEN_PUT, whatever the role */
};

#define AUDITS(action) AUDIT_BIT(AUDIT_##action)

struct method {
    const char *name;
    const char *help;
    enum role needs; /* ROLE_NONE: anybody. A visitor's methods are for visitors alone */
    unsigned flags;
    enum method_effect effect;
    const struct shape *params;
    const struct shape *result;
    bool (*run)(struct call *call); /* NULL: the effect is all. False: call->err says why */
    uint64_t audits;                /* AUDITS(…) | …: what it may write into the audit, and nothing else */
};

/* A row; after it, where it has any, `.audits = AUDITS(…)`. */
#define METHOD(name_, help_, needs_, flags_, effect_, params_, result_, run_, ...)                            \
    {                                                                                                         \
        .name = name_, .help = help_, .needs = needs_, .flags = flags_, .effect = effect_, .params = params_, \
        .result = result_, .run = run_, __VA_ARGS__                                                           \
    }

/* A table of such rows, one a line. */
#define METHODS(NAME, ...) const struct method NAME[] = {__VA_ARGS__, {0}}

/* Whether the caller's role, and a token's scopes, let it. */
bool method_allows(const struct method *method, const struct caller *caller);
/* Fills *err: the role, or a scope, is missing. False. */
bool method_refuse(const struct method *method, const struct caller *caller, struct error *err);
/* A token has one of these scopes (enum token_scope), or it is no token. */
bool caller_has_scope(const struct caller *caller, unsigned scopes);
unsigned method_scopes(const struct method *method); /* enum token_scope: which of them are enough */
